"""The tables under the views of a MariaDB or MySQL database, read from the text of the views."""

import re

import sqlalchemy as sa

Place = tuple[str, str]
_VIEWS = """
SELECT table_schema, table_name, view_definition, is_updatable = 'YES' FROM information_schema.views
 WHERE table_schema NOT IN ('sys', 'mysql', 'information_schema', 'performance_schema')
"""
_REFERRED = """
SELECT DISTINCT referenced_table_schema, referenced_table_name FROM information_schema.key_column_usage
 WHERE referenced_table_schema IS NOT NULL
"""
_NAME = re.compile(r"`((?:[^`]|``)+)`\.`((?:[^`]|``)+)`(?!\.)")
UNREADABLE = "?"
"""Stands for the tables under a view whose text the account may not read."""


def tables_under_views(connection: sa.Connection, schema: str) -> dict[str, set[Place]]:
    """View of this schema whose rows can be changed → (schema, table) of everything under it, views among them; `?` where
    the account lacks SHOW VIEW.
    """
    read = connection.execute(sa.text(_VIEWS)).all()
    direct = {(place, name): _named(text) for place, name, text, _updatable in read}
    changeable = [name for place, name, _text, updatable in read if place == schema and updatable]
    return {name: _all_under(direct, (schema, name)) for name in changeable}


def referred_under(connection: sa.Connection, schema: str) -> dict[str, str]:
    """View → a table under it to which foreign keys refer; `?` where the text of the view cannot be read."""
    views = tables_under_views(connection, schema)
    if not views:
        return {}
    referred = {(place, name) for place, name in connection.execute(sa.text(_REFERRED))}
    found = {}
    for view, under in views.items():
        if names := sorted(name for place, name in under if (place, name) in referred or name == UNREADABLE):
            found[view] = names[0]
    return found


def _named(text: str | None) -> set[Place]:
    if not text:
        return {("", UNREADABLE)}
    return {(first.replace("``", "`"), second.replace("``", "`")) for first, second in _NAME.findall(text)}


def _all_under(direct: dict[Place, set[Place]], view: Place) -> set[Place]:
    seen: set[Place] = set()
    ahead = set(direct[view])
    while ahead:
        place = ahead.pop()
        if place not in seen:
            seen.add(place)
            ahead |= direct.get(place, set())
    return seen
