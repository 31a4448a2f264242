"""What SQLAlchemy tells of columns, keys and indexes, with the names of columns as the product has them."""

from collections.abc import Mapping
from typing import Any

from privacy_center.datamap.dots import inner_name

_NAMES = ("constrained_columns", "column_names")


def with_inner_columns(told: Mapping[Any, Any]) -> dict[Any, Any]:
    """(schema, table) → what is told of it; a name with a dot in it is the one that paths may hold."""
    return {
        place: [_inner(one) for one in said] if isinstance(said, list) else _inner(said) for place, said in told.items()
    }


def _inner(said: Any) -> Any:
    if not said:
        return said
    changed = {key: [name and inner_name(name) for name in said[key]] for key in _NAMES if said.get(key)}
    return said | changed | ({"name": inner_name(said["name"])} if "type" in said else {})
