"""A large data map, made rather than written: for tests and for the benchmark."""

from pathlib import Path


def big_map(collections: int = 160, fields: int = 10, *, key: str = "big") -> str:
    """Fideslang YAML with one customer table and the given number of collections, every one of them reachable from it.

    A third of the collections refer to the customer, the others to the collection before them; each has its primary key.
    """
    lines = ["dataset:", f"  - fides_key: {key}", "    collections:"]
    for number in range(collections):
        lines += _collection(key, number, fields)
    return "\n".join(lines) + "\n"


def write_big_map(folder: Path, collections: int = 160, fields: int = 10) -> Path:
    """The large map as a file in a folder, which is made where it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "big.yml").write_text(big_map(collections, fields), "utf-8")
    return folder


def _collection(key: str, number: int, fields: int) -> list[str]:
    lines = [
        f"      - name: {_name(number)}",
        "        fields:",
        *_field("id", "system.operations", "primary_key: true"),
    ]
    if number == 0:
        lines += _field("email", "user.contact.email", "identity: email, data_type: string, length: 254")
    else:
        parent = 0 if number % 3 == 0 else number - 1
        reference = f"references: [{{dataset: {key}, field: {_name(parent)}.id, direction: from}}]"
        lines += _field("parent_id", "system.operations", reference)
    for extra in range(fields - 2):
        lines += _field(f"note_{extra}", "user.content", "data_type: string, length: 200")
    return lines


def _field(name: str, category: str, meta: str) -> list[str]:
    return [
        f"          - name: {name}",
        f"            data_categories: [{category}]",
        f"            fides_meta: {{{meta}}}",
    ]


def _name(number: int) -> str:
    return "customer" if number == 0 else f"part_{number:03d}"
