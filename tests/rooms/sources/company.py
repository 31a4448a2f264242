"""Small companies to search in: tables made from SQL, a data map written in one line per collection."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from privacy_center.datamap.graph import Collection, DataMap, Field, Link, Reference
from privacy_center.sources.config import SourceConfig
from privacy_center.sources.locate import locate
from privacy_center.sources.open import Sources
from privacy_center.sources.rows import Located, Ownership


def collection(key: str, *fields: str, **more: Any) -> Collection:
    """A collection from `name`, `name!` (key), `name=kind` (identity), `name>set.coll.field` (reference),
    `name>from set.coll.field`, `name>to set.coll.field`; `name:category` sets a data category."""
    dataset, name = key.split(".", 1)
    made = dict(_field(one) for one in fields)
    return Collection(dataset, name, made, **more)


def _field(text: str) -> tuple[str, Field]:
    text, _, target = text.partition(">")
    direction, _, place = target.rpartition(" ")
    references = ()
    if place:
        dataset, name, path = place.split(".", 2)
        references = (Reference(f"{dataset}.{name}", path, direction or None),)
    text, _, category = text.partition(":")
    text, _, identity = text.partition("=")
    path = text.rstrip("!")
    return path, Field(
        path,
        data_categories=(category,) if category else (),
        primary_key=text.endswith("!"),
        identity=identity or None,
        references=references,
    )


def data_map(*collections: Collection) -> DataMap:
    """The map of these collections, with links as the map's own reader makes them."""
    by_key = {one.key: one for one in collections}
    leading = {one.key for one in collections if one.identities}
    ups = [(key, one, ref) for key, coll in by_key.items() for one in coll.fields.values() for ref in one.references]
    while (
        more := {c for c, _, r in ups if r.direction != "to" and r.collection in leading and r.collection != c}
        - leading
    ):
        leading |= more
    links = tuple(
        Link(
            child,
            field.path,
            ref.collection,
            ref.field,
            belongs=ref.direction == "from" if ref.direction else ref.collection in leading,
            assumed=ref.direction is None,
        )
        for child, field, ref in ups
    )
    return DataMap(by_key, links)


class Company:
    """One or more databases and the map of them."""

    def __init__(self, the_map: DataMap, configs: dict[str, SourceConfig], seconds: float = 10) -> None:
        self.map = the_map
        self.sources = Sources(configs, the_map, seconds)

    def run(self, dataset: str, *statements: str) -> None:
        with self.sources.engine(dataset).execution_options(writes=True).begin() as connection:
            for one in statements:
                connection.exec_driver_sql(one)

    def find(self, facts: Any = None, **identities: str | Iterable[str]) -> Located:
        asked = {kind: [value] if isinstance(value, str) else value for kind, value in identities.items()}
        return locate(self.sources, self.map, asked, facts)

    def statements(self, dataset: str) -> list[str]:
        """What is sent to a dataset's database from now on."""
        sent: list[str] = []
        sa.event.listen(self.sources.engine(dataset), "before_cursor_execute", lambda *args: sent.append(args[2]))
        return sent


def sqlite(folder: Path, *datasets: str) -> dict[str, SourceConfig]:
    configs = {}
    for dataset in datasets:
        (folder / f"{dataset}.db").touch()
        configs[dataset] = SourceConfig(f"sqlite:///{folder / dataset}.db")
    return configs


def keys(located: Located, collection: str, ownership: Ownership = Ownership.OWN) -> list[Any]:
    """The keys of a collection's rows of one ownership; single keys bare."""
    found = located.collections.get(collection)
    rows: Iterator[Any] = (row.key for row in found.owned(ownership)) if found else iter(())
    return [key[0] if len(key) == 1 else key for key in rows]


def everything(located: Located) -> dict[str, dict[Any, str]]:
    """Collection → key → ownership, single keys bare."""
    return {
        name: {row.key[0] if len(row.key) == 1 else row.key: str(row.ownership) for row in one.rows}
        for name, one in located.collections.items()
    }
