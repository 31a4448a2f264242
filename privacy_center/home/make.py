"""A home folder to start from: settings, sources, map, catalogue and rules with comments, and fresh keys."""

import shutil
from pathlib import Path

import sqlalchemy as sa

from privacy_center.config import Settings, load_settings
from privacy_center.db import open_engine
from privacy_center.errors import Refusal
from privacy_center.keys.keyring import Keyring

FILES = Path(__file__).parent / "files"
SHIPPED_RULES = Path(__file__).parents[1] / "retention" / "packs"


def make_home(folder: Path) -> list[str]:
    """Write what a home lacks, and its keys; returns the names of what was written. Nothing that is there is changed.

    Refuses a folder that has settings and keys, and one whose keys are gone while our own database is there.
    """
    if (folder / "settings.toml").exists() and has_keys(folder):
        raise Refusal(
            f"{folder} 已经是一个主目录，不会覆盖。请换一个目录。",
            f"{folder} is a home folder already and will not be overwritten. Choose another folder.",
        )
    before = _files_in(folder)
    _make_folder(folder)
    shutil.copytree(FILES, folder, dirs_exist_ok=True, copy_function=_copy_unless_there)
    for pack in sorted(SHIPPED_RULES.glob("*.yml")):
        _copy_unless_there(pack, folder / "policy" / pack.name)
    if not make_first_keys(load_settings(folder)) and not has_keys(folder):
        raise Refusal(
            f"{folder / 'keys'} 里没有密钥，但数据库已在使用。新密钥打不开旧数据；请从备份恢复密钥。",
            f"There are no keys in {folder / 'keys'}, yet our own database is in use. New keys could not open what is in "
            "it: restore the keys from a backup.",
        )
    return sorted(str(path.relative_to(folder)) for path in _files_in(folder) - before)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refusal(
            f"不能在 {folder} 建立主目录：{error.strerror}。请换一个能写入的目录。",
            f"No home folder can be made at {folder}: {error.strerror}. Choose a folder that can be written to.",
        ) from error


def make_first_keys(settings: Settings) -> bool:
    """Keys for a home that has none and has never been used; says whether they were made.

    Where our own database is there already its keys are lost, not new: none are made then.
    """
    if has_keys(settings.home) or is_set_up(settings.own_database_url):
        return False
    Keyring.create(settings.home / "keys", settings.keys)
    return True


def has_keys(folder: Path) -> bool:
    """Whether a home holds any key."""
    return any((folder / "keys").glob("*.key"))


def is_set_up(url: str) -> bool:
    """Whether our own database is there with its tables. A SQLite file is not made by looking."""
    database = sa.make_url(url).database
    if url.startswith("sqlite") and not (database and Path(database).exists()):
        return False
    engine = open_engine(url)
    try:
        return sa.inspect(engine).has_table("alembic_version")
    finally:
        engine.dispose()


def _files_in(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}


def _copy_unless_there(source: str | Path, target: str | Path) -> None:
    if not Path(target).exists():
        shutil.copy(source, target)
