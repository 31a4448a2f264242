"""A home folder to start from: settings, sources, map, catalogue and rules with comments, and fresh keys."""

import shutil
from pathlib import Path

from privacy_center.errors import Refusal
from privacy_center.keys.keyring import Keyring

FILES = Path(__file__).parent / "files"
SHIPPED_RULES = Path(__file__).parents[1] / "retention" / "packs"


def make_home(folder: Path) -> list[str]:
    """Write the files of a new home and its keys; returns their names. Refuses a folder that already has settings."""
    if (folder / "settings.toml").exists():
        raise Refusal(
            f"{folder} 已经是一个主目录，不会覆盖。请换一个目录。",
            f"{folder} is a home folder already and will not be overwritten. Choose another folder.",
        )
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copytree(FILES, folder, dirs_exist_ok=True)
    for pack in sorted(SHIPPED_RULES.glob("*.yml")):
        shutil.copy(pack, folder / "policy" / pack.name)
    Keyring.create(folder / "keys")
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
