"""A stand-in center for pages that ask nothing of the rooms below."""

from dataclasses import dataclass, field
from pathlib import Path

from privacy_center.config import Settings
from privacy_center.db import Base, Database
from privacy_center.keys.keyring import Keyring


@dataclass
class StandInCenter:
    settings: Settings
    keyring: Keyring
    database: Database


def stand_in_center(home: Path, **settings: object) -> StandInCenter:
    (home / "keys").mkdir(parents=True, exist_ok=True)
    keyring = Keyring.create(home / "keys")
    made = Settings(home=home, secure_cookies=False, base_url="http://localhost", **settings)
    database = Database(made.own_database_url, keyring=keyring)
    Base.metadata.create_all(database.engine)
    return StandInCenter(made, keyring, database)
