"""Fields inside a JSON document: masked in place, the rest of the document left as it is."""

import copy
import json
from collections.abc import Mapping
from typing import Any

from privacy_center.errors import Refusal


def mask_inside(document: Any, values: Mapping[str, Any]) -> Any:
    """A copy of the document in which every path (dotted, below the column) has its masked value.

    Lists on the way are entered, every element of them. A path that the document does not have adds nothing. A document kept
    as text comes back as text. Refuses text that is no JSON: what is in it cannot be told apart.
    """
    if document is None:
        return None
    if isinstance(document, str | bytes):
        return json.dumps(mask_inside(_parsed(document), values), ensure_ascii=False)
    changed = copy.deepcopy(document)
    for path, value in values.items():
        _put(changed, path.split("."), value)
    return changed


def inside(document: Any, path: list[str]) -> Any:
    """What stands at a path of a document (the document itself for no path), None where it has no such place."""
    if path and isinstance(document, str | bytes):
        document = _parsed(document)
    return _at(document, path)


def _at(node: Any, path: list[str]) -> Any:
    if not path:
        return node
    if isinstance(node, list):
        return [_at(one, path) for one in node]
    return _at(node.get(path[0]), path[1:]) if isinstance(node, dict) else None


def _put(node: Any, parts: list[str], value: Any) -> None:
    if isinstance(node, list):
        for one in node:
            _put(one, parts, value)
    elif isinstance(node, dict) and parts[0] in node:
        if len(parts) == 1:
            node[parts[0]] = value
        else:
            _put(node[parts[0]], parts[1:], value)


def _parsed(document: str | bytes) -> Any:
    try:
        parsed = json.loads(document)
    except ValueError as error:
        raise Refusal(
            "数据地图说这一列里有字段，但列里的文字不是 JSON。请修改数据地图，把整列作为一个字段。",
            "The data map names fields inside this column, but its text is not JSON. Map the whole column as one field.",
        ) from error
    return parsed if isinstance(parsed, dict | list) else {}
