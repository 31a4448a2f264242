"""A home, opened for a command. One that was written by hand gets its keys and our own tables when first used."""

from pathlib import Path

from privacy_center.center import Center
from privacy_center.config import find_home, load_settings
from privacy_center.db_version import is_newest
from privacy_center.errors import Misconfigured
from privacy_center.home.make import is_set_up, make_first_keys


def open_to_look(home: str | None, *, sound: bool = True) -> Center:
    """The center for a command that needs no database of our own."""
    folder = find_home(home)
    refuse_no_home(folder)
    make_first_keys(load_settings(folder))
    return Center.open(folder, sound=sound)


def refuse_no_home(folder: Path) -> None:
    """Refuse a folder without settings, before anything is made in it."""
    if not (folder / "settings.toml").exists():
        raise Misconfigured(
            f"{folder} 里没有 settings.toml。先运行 privacy-center init --home {folder}",
            f"There is no settings.toml in {folder}. Run first: privacy-center init --home {folder}",
        )


def open_to_act(home: str | None, *, sound: bool = True) -> Center:
    """The center for a command that reads or writes our own database: its tables are made where there are none."""
    center = open_to_look(home, sound=sound)
    if not is_set_up(center.settings.own_database_url):
        prepare(center)
    return center


def prepare(center: Center) -> None:
    """Create or upgrade every table of our own."""
    from privacy_center.workflows import prepare_database

    if not is_newest(center.database):
        from privacy_center.db_upgrade import upgrade_database

        upgrade_database(center.database)
    prepare_database(center)


def prepare_to_serve(center: Center) -> None:
    """Create or upgrade every table where one of our own is missing or old. The web alone then stays without the packages
    that make tables and carry out runs: 35 MB less.
    """
    if not is_newest(center.database):
        prepare(center)
