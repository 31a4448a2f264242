"""A company small enough to read: rule packs written in the test, its map, and a real database."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import yaml

from privacy_center.config import Settings
from privacy_center.datamap.catalogue import Catalogue, load_catalogue
from privacy_center.datamap.finding import Finding
from privacy_center.datamap.graph import Collection, DataMap, Field
from privacy_center.retention.pack import RuleBook, load_packs
from privacy_center.retention.verdict import Verdict

TODAY = date(2026, 11, 21)
FIELDS = {
    "orders": "id status placed_at completed_at total customer_id",
    "cases": "id order_id status opened_at closed_at note",
    "invoices": "id order_id issued_on title amount",
    "logs": "id at ip",
}
CATEGORIES = {"title": ("user.financial",), "amount": ("user.financial",), "ip": ("user.device.ip_address",)}


def a_rule(key: str = "a-rule", **keys: Any) -> dict[str, Any]:
    """A rule that is complete and can be changed by keys; None takes a key out."""
    rule = {
        "key": key,
        "title": {"zh-CN": f"规则 {key}", "en": f"Rule {key}"},
        "authority": "law",
        "citation": {"law": "电子商务法", "article": "62", "checked": True},
        "covers": {"collection": "shop.orders"},
        "until": {"event": "closed"},
        "customer": {"zh-CN": "还在处理。", "en": "Still open."},
    } | keys
    if "category" not in rule["covers"]:
        rule = {"needs": "all", **rule}
    return {name: value for name, value in rule.items() if value is not None}


def a_pack(*rules: dict[str, Any], **keys: Any) -> dict[str, Any]:
    head = {
        "pack": "test",
        "version": "1",
        "jurisdiction": "CN",
        "status": "signed",
        "by": "Counsel",
        "on": "2026-01-01",
    }
    return head | keys | {"rules": list(rules)}


def a_map(**more: str) -> DataMap:
    """The collections of `FIELDS` in the dataset `shop`, and more as `dataset__name="field field"`."""
    wanted = {("shop", name): fields for name, fields in FIELDS.items()}
    wanted |= {tuple(key.split("__")): fields for key, fields in more.items()}
    collections = {}
    for (dataset, name), fields in wanted.items():
        paths = {path: Field(path, CATEGORIES.get(path, ()), primary_key=path == "id") for path in fields.split()}
        collections[f"{dataset}.{name}"] = Collection(dataset, name, paths)
    return DataMap(collections, ())


@dataclass
class Company:
    """Packs on disk and the rules read from them."""

    folder: Path
    data_map: DataMap
    catalogue: Catalogue

    def rules(self, *packs: dict[str, Any] | str, live: Any = None, **settings: Any) -> tuple[RuleBook, list[Finding]]:
        policy = self.folder / "policy"
        policy.mkdir(exist_ok=True)
        for number, pack in enumerate(packs):
            text = pack if isinstance(pack, str) else yaml.safe_dump(pack, allow_unicode=True)
            (policy / f"pack{number}.yml").write_text(text, "utf-8")
        chosen = Settings(home=self.folder, **settings)
        return load_packs(
            policy, catalogue=self.catalogue, data_map=self.data_map, settings=chosen, live=live, today=TODAY
        )

    def book(self, *rules: dict[str, Any], **settings: Any) -> RuleBook:
        """The book of one pack that must be sound."""
        book, findings = self.rules(a_pack(*rules), **settings)
        assert [one.words.en for one in findings if one.level == "error"] == []
        return book

    def said(self, *packs: dict[str, Any] | str, level: str = "error", **settings: Any) -> list[str]:
        """What is found wrong with packs, in English."""
        _, findings = self.rules(*packs, **settings)
        return [one.words.en for one in findings if one.level == level and one.file.startswith(("pack", "settings"))]


@pytest.fixture
def company(tmp_path: Path) -> Company:
    return Company(tmp_path, a_map(), load_catalogue(None))


@dataclass
class Shop:
    """One real database with some tables; judges its rows both ways."""

    engine: sa.Engine
    data_map: DataMap
    metadata: sa.MetaData

    def table_of(self, key: str) -> sa.Table | None:
        return self.metadata.tables.get(key.split(".")[1])

    def judge(self, book: RuleBook, key: str, today: date = TODAY) -> dict[Any, Verdict]:
        """Verdicts by `id`, from facts that the database worked out; each agrees with `clear_of_holds`."""
        collection, table = self.data_map.collections[key], self.table_of(key)
        assert table is not None
        facts = book.facts(collection, table, self.table_of, today)
        clear = book.clear_of_holds(collection, table, self.table_of, today)
        with self.engine.connect() as connection:
            rows = connection.execute(sa.select(table.c.id, *facts)).all()
            cleared = set(connection.scalars(sa.select(table.c.id).where(clear)))
        verdicts = {row[0]: book.judge(key, tuple(row[1:]), today) for row in rows}
        assert cleared == {one for one, verdict in verdicts.items() if verdict.outcome == "erase"}
        return verdicts

    def outcome(self, book: RuleBook, key: str, row: Any = 1, today: date = TODAY) -> str:
        return self.judge(book, key, today)[row].outcome.value


def open_shop(url: str, data_map: DataMap, script: Sequence[str]) -> Shop:
    """A database made by SQL as a company's would be, and reflected."""
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        for statement in script:
            connection.exec_driver_sql(statement)
    metadata = sa.MetaData()
    metadata.reflect(engine)
    return Shop(engine, data_map, metadata)


TABLES = (
    "CREATE TABLE orders (id INTEGER PRIMARY KEY, status VARCHAR(20), placed_at {moment}, completed_at {moment},"
    " total INTEGER, customer_id VARCHAR(20))",
    "CREATE TABLE cases (id INTEGER PRIMARY KEY, order_id VARCHAR(20), opened_at {moment}, closed_at {moment},"
    " note VARCHAR(40))",
    "CREATE TABLE invoices (id INTEGER PRIMARY KEY, order_id INTEGER, issued_on DATE, title VARCHAR(40), amount INTEGER)",
    "CREATE TABLE logs (id INTEGER PRIMARY KEY, at VARCHAR(40), ip VARCHAR(40))",
)


@pytest.fixture
def new_shop(tmp_path: Path, company: Company) -> Callable[..., Shop]:
    """A shop on SQLite (or at a URL) with rows given as INSERT statements' values: `orders="(1, …), (2, …)"`."""
    made: list[Shop] = []

    def make(url: str = "", moment: str = "TIMESTAMP", **rows: str) -> Shop:
        script = [statement.format(moment=moment) for statement in TABLES]
        script += [f"INSERT INTO {table} VALUES {values}" for table, values in rows.items()]
        made.append(open_shop(url or f"sqlite:///{tmp_path / f'shop{len(made)}.db'}", company.data_map, script))
        return made[-1]

    yield make
    for shop in made:
        shop.engine.dispose()
