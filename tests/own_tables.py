"""The product's own tables on SQLite, made once per test process as `privacy-center` makes them, and copied into each new home."""

import shutil
import tempfile
from functools import lru_cache
from pathlib import Path

from privacy_center.center import Center
from privacy_center.home.make import make_home
from privacy_center.terminal.opening import prepare

DATABASE = "privacy-center.db"
_FOLDER = tempfile.TemporaryDirectory(prefix="own-tables-")


def copy_own_tables(to: Path) -> None:
    """An own database at `to`, every revision run and nothing in it; one that is there already is left."""
    if not to.exists():
        shutil.copyfile(_made_once(), to)


@lru_cache(maxsize=1)
def _made_once() -> Path:
    home = Path(_FOLDER.name) / "home"
    make_home(home)
    center = Center.open(home, sound=False)
    prepare(center)
    center.close()
    return home / DATABASE
