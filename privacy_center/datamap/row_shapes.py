"""What rows of a table show that its map does not say: conditions of references, properties in rows, several values in one.

Judges values that were read; opens no connection.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from privacy_center.datamap.finding import Place
from privacy_center.datamap.graph import Collection, Reference

_TYPE_ENDS = ("_type", "_kind", "_class", "type", "kind")
_SURE_PROPERTY = re.compile(
    r"^((meta|attr|attribute|property|prop|option|setting|param|field|custom|extra)_?(key|name|code|type|id)?|key)$"
)
_MAYBE_PROPERTY = re.compile(r"^(\w+_)?(key|name|type|kind|code|slug|label|channel)$")
_ID_END = re.compile(r"_?(id|no|key|ref)$", re.IGNORECASE)
LOOKED_ENOUGH = 5
"""Keys of which most must be found: fewer say nothing."""


def type_column_of(column: str, columns: Iterable[str]) -> str | None:
    """The column beside a key that may tell which table the key is of (`item_type` beside `item_id`)."""
    base = base_of(column)
    wanted = {f"{base}{end}" for end in _TYPE_ENDS} if base else {"type", "kind"}
    return next((one for one in columns if one != column and one.lower() in wanted), None)


def base_of(column: str) -> str:
    """What a key column is named for: `item` of `item_id`."""
    return _ID_END.sub("", column.lower())


def names_tables(kinds: Iterable[Any], base: str, target: str, tables: Iterable[str]) -> bool:
    """Whether the kinds beside a key tell of tables: by their names (`User`, `App\\Models\\User`), or as the key itself is named
    for something else than the table that it is said to be of. `customer_type: vip` beside `customer_id` is no such thing.
    """
    known = {_singular(one) for one in tables}
    if any(_singular(re.split(r"[^\w]+", str(kind))[-1]) in known for kind in kinds):
        return True
    return _singular(base) != _singular(target) and not _singular(target).endswith(_singular(base))


def _singular(name: str) -> str:
    plain = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower().replace("_", "")
    if plain.endswith("ies"):
        return f"{plain[:-3]}y"
    return plain[:-1] if plain.endswith("s") and not plain.endswith("ss") else plain


def tell_several_targets(reference: Reference, type_column: str, kinds: Sequence[Any], place: Place) -> None:
    """An error for a reference without a condition beside a column that tells of several kinds of targets."""
    target = reference.collection.split(".", 1)[1]
    some = ", ".join(str(kind) for kind in kinds[:4])
    place.error(
        f"旁边的 {type_column} 有几种值（{some}），这一列指向几种东西，不都是 {target}。请给引用写上条件："
        f"when: {{field: {type_column}, eq: …}}，其余的值各写一条，或不写。",
        f"{type_column} beside it has several values ({some}): this column names several kinds of things, not only {target}. "
        f"Give the reference a condition, when: {{field: {type_column}, eq: …}}; write one for each other kind, or none.",
    )


def tell_missing_targets(reference: Reference, asked: int, missing: int, place: Place) -> None:
    """An error for a reference most of whose keys are not in the collection that it names."""
    target = f"{reference.collection.split('.', 1)[1]}.{reference.field}"
    place.error(
        f"抽看的 {asked} 个键里有 {missing} 个在 {target} 里找不到。请改正引用；若它只对部分行成立，请写 when:；"
        "若那些记录确已删除，写 when: {field: 本列, is: not_null} 表示已核对。",
        f"{missing} of {asked} keys looked at are not in {target}. Correct the reference; if it holds for some rows only, write "
        "when:; if those records were really deleted, write when: {field: this column, is: not_null} to say that you looked.",
    )


def property_columns_of(collection: Collection, columns: Iterable[str]) -> list[str]:
    """The columns that may name the property of a row in a key-value table (`meta_key`), by their names."""
    return [
        one
        for one in columns
        if (_SURE_PROPERTY.match(one.lower()) or _MAYBE_PROPERTY.match(one.lower()))
        and one not in collection.identities
        and one not in collection.primary_key
    ]


def holds_properties(column: str, names: Sequence[Any], strange: int) -> bool:
    """Whether a column's few values repeat and those beside it differ in kind. `names`: its values row by row, as far as the
    other column is filled; `strange`: how many of the others are not of the kind that the map says.
    """
    different = len(set(names))
    if different < 2 or different >= len(names):
        return False
    if _SURE_PROPERTY.match(column.lower()):
        return strange * 10 >= len(names)
    return different * 3 <= len(names) and strange * 3 >= len(names)


def tell_properties(property_column: str, names: Sequence[Any], kind: str, place: Place) -> None:
    """An error for an identity on the value column of a key-value table."""
    some = ", ".join(str(name) for name in names[:4])
    place.error(
        f"这张表一行存一个属性（{property_column}：{some}），这一列不都是 {kind}；只凭它会拆散一条记录。请写 identity_when: "
        f"{{field: {property_column}, eq: …}}，并在集合的 fides_meta 里写 record: [同一条记录共用的字段]。",
        f"This table keeps one property in each row ({property_column}: {some}), so not every value here is of the kind {kind}, "
        f"and a record would be taken apart. Write identity_when: {{field: {property_column}, eq: …}}, and in the collection's "
        "fides_meta record: [the fields that rows of one record share].",
    )


def tell_lists(several: bool, place: Place) -> None:
    """An error for an identity column whose values are lists, or addresses with names around them."""
    word = "list" if several else "mailbox"
    what_zh = "一列里有几个值" if several else "地址前后带着姓名"
    what_en = (
        "Some values here hold several addresses or numbers"
        if several
        else "Some addresses here have a name around them"
    )
    place.error(
        f"{what_zh}。请写 identity_format: {word}；写了别人的行由人工判断。",
        f"{what_en}. Write identity_format: {word}; rows that name others as well wait for a person.",
    )
