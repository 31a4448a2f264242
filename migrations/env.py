"""Runs inside `db_upgrade.upgrade_database`, which hands over an open connection."""

import sqlalchemy as sa
from alembic import context

target = context.config.attributes.get("metadata")


def ours(name, kind, _parents):
    """Leave alone what is not ours: the durable workflow engine keeps its tables in the same SQLite file."""
    return kind != "table" or target is None or name in target.tables


def render(kind, thing, _autogen):
    """Write plain SQLAlchemy types, so that a migration imports nothing from the package."""
    if kind != "type":
        return False
    if isinstance(thing, sa.Enum):
        return f"sa.String(length={thing.length})"
    if isinstance(thing, sa.JSON):
        return "sa.JSON()"
    if isinstance(thing, sa.types.TypeDecorator) and isinstance(thing.impl_instance, sa.DateTime):
        return "sa.DateTime(timezone=True)"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=target,
    render_as_batch=True,
    render_item=render,
    include_name=ours,
    compare_type=False,
)
context.run_migrations()
