"""The same small company on every kind of database."""

import hashlib
import hmac
from pathlib import Path

import pytest
import sqlalchemy as sa

from privacy_center.datamap.graph import Collection, DataMap, Field
from privacy_center.sources.config import SourceConfig
from privacy_center.sources.open import Sources


def keyed_hash(value: str, context: str) -> str:
    return hmac.new(b"secret", f"{context}|{value}".encode(), hashlib.sha256).hexdigest()


@pytest.fixture(params=["sqlite", "postgresql", "mariadb"])
def any_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind in turn."""
    if request.param == "sqlite":
        (tmp_path / "company.db").touch()
        return f"sqlite:///{tmp_path / 'company.db'}"
    return request.getfixturevalue("postgres_url" if request.param == "postgresql" else "mariadb_url")


def collection(name: str, /, **fields: Field | None) -> Collection:
    """A mapped collection of the dataset `shop`: a field a name; the first is the primary key."""
    first = next(iter(fields))
    made = {path: field or Field(path, primary_key=path == first) for path, field in fields.items()}
    return Collection("shop", name, made)


def open_shop(url: str, metadata: sa.MetaData, *collections: Collection) -> Sources:
    """The tables of the metadata, made in an empty database, opened with a map of these collections."""
    data_map = DataMap({one.key: one for one in collections}, ())
    sources = Sources({"shop": SourceConfig(url)}, data_map)
    metadata.create_all(sources.engine("shop").execution_options(writes=True))
    return sources
