"""Bringing the privacy center's own database to the newest shape."""

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from privacy_center.db import Database
from privacy_center.db_version import migrations_folder

UPGRADE_LOCK = 0x5043_5550_4752_4144


def upgrade_database(database: Database, revision: str = "head") -> None:
    """Run every missing revision in one transaction; nothing happens when there is none.

    Two processes that start at once do not collide: the second waits for the first.
    """
    with database.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(UPGRADE_LOCK)))
        command.upgrade(migration_config(connection), revision)


def downgrade_database(database: Database, revision: str) -> None:
    """Take revisions back down to `revision`; everything in the tables they made is lost."""
    with database.engine.begin() as connection:
        command.downgrade(migration_config(connection), revision)


def pending_revisions(database: Database) -> list[str]:
    """The revisions that this database still lacks, oldest first; empty when it is up to date."""
    with database.engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    script = ScriptDirectory.from_config(migration_config(None))
    missing = [one.revision for one in script.iterate_revisions("head", current or "base")]
    return missing[::-1]


def migration_config(connection: sa.Connection | None, **attributes: object) -> Config:
    """Alembic's settings without an ini file; `connection` is the open one that the revisions run on."""
    config = Config()
    config.set_main_option("script_location", str(migrations_folder()))
    config.attributes.update(connection=connection, **attributes)
    return config
