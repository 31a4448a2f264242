"""Which shape our own database has, without the machinery that changes it."""

from pathlib import Path

import sqlalchemy as sa

from privacy_center.db import Database


def migrations_folder() -> Path:
    """Where the revisions are: beside the package in a checkout, inside it once installed."""
    package = Path(__file__).parent
    installed = package / "house" / "migrations"
    return installed if installed.is_dir() else package.parent / "migrations"


def is_newest(database: Database) -> bool:
    """Whether every revision has run; a revision's file begins with its number. False for a database without tables."""
    newest = max(path.name.split("_")[0] for path in (migrations_folder() / "versions").glob("[0-9]*_*.py"))
    with database.engine.connect() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return False
        return connection.scalar(sa.text("SELECT version_num FROM alembic_version")) == newest
