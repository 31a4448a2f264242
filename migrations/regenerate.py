"""Write revision 0001, and the data map of our own tables, anew from the models: `python migrations/regenerate.py`.

Only for the time before the first release; afterwards every change is a revision of its own:
`python migrations/regenerate.py 0003 "what changes"`.
"""

import importlib
import pkgutil
import subprocess
import sys
import tempfile
from pathlib import Path

from alembic import command

import privacy_center
from privacy_center.datamap.own_map import OWN_MAP, own_dataset
from privacy_center.db import Base, Database
from privacy_center.db_upgrade import migration_config, upgrade_database
from privacy_center.db_version import migrations_folder


def load_models() -> None:
    """Import every `models` module, so that the metadata knows all tables."""
    for found in pkgutil.walk_packages(privacy_center.__path__, "privacy_center."):
        if found.name.rsplit(".", 1)[-1] == "models":
            importlib.import_module(found.name)


def write_revision(number: str, message: str) -> None:
    """Compare the models with the database that the older revisions make, and write the difference as a revision."""
    load_models()
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/blank.db")
        if number != "0001":
            upgrade_database(database)
        with database.engine.begin() as connection:
            config = migration_config(connection, metadata=Base.metadata)
            command.revision(config, message, autogenerate=True, rev_id=number)
        database.close()
    tidy(next((migrations_folder() / "versions").glob(f"{number}_*.py")))


def tidy(revision: Path) -> None:
    """The generator's remarks out, the house style in."""
    lines = revision.read_text("utf-8").splitlines(keepends=True)
    revision.write_text("".join(line for line in lines if "# ###" not in line), "utf-8")
    subprocess.run([sys.executable, "-m", "ruff", "format", "--quiet", str(revision)], check=True)


def main(arguments: list[str]) -> None:
    """Without arguments 0001 is written anew; 0002 (triggers) is by hand and stands aside meanwhile."""
    if arguments:
        return write_revision(arguments[0], " ".join(arguments[1:]))
    versions = migrations_folder() / "versions"
    others = [path.rename(path.with_suffix(".aside")) for path in versions.glob("0*.py") if path.name[:4] != "0001"]
    for old in versions.glob("0001_*.py"):
        old.unlink()
    try:
        write_revision("0001", "every table")
        OWN_MAP.write_text(own_dataset(Base.metadata), "utf-8")
    finally:
        for path in others:
            path.rename(Path(path).with_suffix(".py"))
    return None


if __name__ == "__main__":
    main(sys.argv[1:])
