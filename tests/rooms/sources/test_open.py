"""The company's databases, opened and read once."""

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from privacy_center.errors import Misconfigured
from privacy_center.sources.config import SourceConfig, load_sources
from privacy_center.sources.keys import rows_with
from privacy_center.sources.open import Sources
from privacy_center.sources.trouble import Unavailable, explain
from tests.rooms.sources.company import Company, collection, data_map, sqlite

MAP = data_map(
    collection("shop.customer", "id!"), collection("shop.line"), collection("shop.note"), collection("shop.v")
)
TABLES = (
    "CREATE TABLE customer (id integer PRIMARY KEY, email varchar(60) UNIQUE, born date, paid numeric(10,2))",
    "CREATE TABLE line (a integer NOT NULL, b integer NOT NULL, customer_id integer, PRIMARY KEY (a, b),"
    " FOREIGN KEY (customer_id) REFERENCES customer (id) ON DELETE CASCADE)",
    "CREATE TABLE note (said varchar(40), at date)",
    "CREATE TABLE code (code varchar(8) NOT NULL UNIQUE, maybe varchar(8) UNIQUE)",
    "CREATE TABLE unmapped (id integer PRIMARY KEY, customer_id integer, FOREIGN KEY (customer_id) REFERENCES customer (id))",
    "CREATE VIEW v AS SELECT id, email FROM customer",
)


def write(folder: Path, text: str) -> Path:
    path = folder / "sources.yml"
    path.write_text(text, "utf-8")
    return path


def test_sources_are_read_with_secrets_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_PASSWORD", "s3cret")
    path = write(
        tmp_path,
        "sources:\n  shop: {url: 'postgresql://me:${SHOP_PASSWORD}@db/shop', schema: crm, access: read}\n"
        "  till: {url: 'mysql://me@db/till'}\n  local: {url: 'sqlite:///shop.db'}\n",
    )
    found = load_sources(path)
    assert found["shop"] == SourceConfig("postgresql+psycopg://me:s3cret@db/shop", "crm", "read")
    assert found["till"] == SourceConfig("mysql+pymysql://me@db/till", None, "write")
    assert found["local"].url == f"sqlite:///{tmp_path}/shop.db"
    assert "s3cret" not in repr(found)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("databases: {}", "databases"),
        ("sources: {shop: {url: 'sqlite:///x', schemas: a}}", "sources.shop.schemas"),
        ("sources: {shop: {schema: a}}", "sources.shop.url"),
        ("sources: {shop: {url: nonsense}}", "sources.shop.url"),
        ("sources: {shop: {url: 'sqlite:///x', access: delete}}", "sources.shop.access"),
        ("sources: {shop: 5}", "sources.shop"),
        ("sources: [", "sources.yml"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_name(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(Misconfigured) as refused:
        load_sources(write(tmp_path, text))
    for said in (refused.value.words.zh, refused.value.words.en):
        assert named in said and "sources.yml" in said


def test_no_file_means_no_sources(tmp_path: Path) -> None:
    assert load_sources(tmp_path / "sources.yml") == {}


@pytest.fixture(params=["sqlite", "postgres", "mariadb"])
def company(request: pytest.FixtureRequest, tmp_path: Path) -> Company:
    configs = sqlite(tmp_path, "shop")
    if request.param != "sqlite":
        configs = {"shop": SourceConfig(request.getfixturevalue(f"{request.param}_url"))}
    made = Company(MAP, configs, seconds=2)
    made.run("shop", *TABLES)
    request.addfinalizer(made.sources.close)
    return made


def test_the_live_schema_tells_types_keys_and_references(company: Company) -> None:
    live = company.sources.schema_of("shop")
    customer, line = live.tables["customer"], live.tables["line"]
    assert [one.family for one in customer.columns.values()] == ["integer", "text", "date", "number"]
    assert customer.columns["email"].length == 60
    assert ("email",) in customer.unique_sets
    assert line.primary_key == ("a", "b")
    assert [(key.columns, key.referred_table, key.ondelete) for key in line.foreign_keys] == [
        (("customer_id",), "customer", "CASCADE")
    ]
    assert live.tables["v"].is_view
    assert {table for table, _ in live.referring["customer"]} == {"line", "unmapped"}


def test_a_collection_is_known_by_its_key_or_by_all_its_values(company: Company) -> None:
    sources = company.sources
    assert sources.key_fields("shop.customer") == ("id",)
    assert sources.key_fields("shop.line") == ("a", "b") and not sources.keyless("shop.line")
    assert sources.key_fields("shop.note") == ("said", "at") and sources.keyless("shop.note")
    assert sources.keyless("shop.v")


def test_a_unique_column_without_nulls_serves_as_key(company: Company) -> None:
    the_map = data_map(collection("shop.code"))
    sources = Sources(company.sources.configs, the_map)
    assert sources.key_fields("shop.code") == ("code",)
    sources.close()


def test_rows_are_picked_by_single_composite_and_missing_keys(company: Company) -> None:
    company.run(
        "shop",
        "INSERT INTO customer (id) VALUES (1), (2), (3)",
        "INSERT INTO line (a, b) VALUES (1, 1), (1, 2), (2, 1), (2, 2)",
        "INSERT INTO note (said) VALUES ('x'), (NULL), ('y')",
    )
    picked = _pick(company, "shop.customer", [(1,), (3,), (9,)])
    assert picked == [[(1,), (3,)]]
    assert _pick(company, "shop.line", [(1, 2), (2, 1), (3, 3)]) == [[(1, 2), (2, 1)]]
    assert _pick(company, "shop.note", [("x", None), (None, None)]) == [[("x", None), (None, None)]]
    assert [len(part) for part in _pick(company, "shop.customer", [(n,) for n in range(1, 1202)])] == [3, 0, 0]
    assert rows_with(company.sources.table("shop.customer"), ("id",), []) == []


def _pick(company: Company, key: str, keys: list[tuple[object, ...]]) -> list[list[tuple[object, ...]]]:
    table, names = company.sources.table(key), company.sources.key_fields(key)
    with company.sources.engine("shop").connect() as connection:
        return [
            sorted(
                (tuple(row) for row in connection.execute(sa.select(*(table.c[n] for n in names)).where(where))),
                key=repr,
            )
            for where in rows_with(table, names, keys)
        ]


def test_a_statement_that_takes_too_long_is_stopped(company: Company) -> None:
    slow = {
        "sqlite": "WITH RECURSIVE x(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM x) SELECT count(*) FROM x",
        "postgresql": "SELECT pg_sleep(60)",
        "mysql": "SELECT sleep(60)",
    }
    engine = company.sources.engine("shop")
    with engine.connect() as connection, pytest.raises(sa.exc.DBAPIError) as stopped:
        connection.exec_driver_sql(slow[engine.dialect.name]).all()
    assert "did not answer in time" in explain(stopped.value).en


def test_a_source_that_we_may_only_read_cannot_be_written(company: Company) -> None:
    config = company.sources.configs["shop"]
    sources = Sources({"shop": SourceConfig(config.url, access="read")}, MAP)
    assert sources.access("shop") == "read" and sources.reachable("shop") is None
    with pytest.raises(sa.exc.DBAPIError), sources.engine("shop").begin() as connection:
        connection.exec_driver_sql("INSERT INTO customer (id) VALUES (5)")
    sources.close()


def test_a_schema_is_read_once_until_refreshed(company: Company) -> None:
    company.sources.schema_of("shop")
    sent = company.statements("shop")
    company.sources.schema_of("shop")
    assert sent == []
    company.run("shop", "CREATE TABLE later (id integer PRIMARY KEY)")
    assert "later" not in company.sources.schema_of("shop").tables
    company.sources.refresh("shop")
    assert "later" in company.sources.schema_of("shop").tables


def test_another_schema_of_the_same_database(new_postgres: Callable[[], str]) -> None:
    url = new_postgres()
    made = Company(data_map(collection("crm.member", "id!")), {"crm": SourceConfig(url, schema="crm")})
    made.run("crm", "CREATE SCHEMA crm", "CREATE TABLE crm.member (id integer)", "CREATE TABLE member (other integer)")
    assert made.sources.table("crm.member").fullname == "crm.member"
    assert list(made.sources.table("crm.member").c.keys()) == ["id"]
    made.sources.close()


def test_a_domain_is_queried_as_its_base_type(postgres_url: str) -> None:
    made = Company(data_map(collection("shop.c", "id!")), {"shop": SourceConfig(postgres_url)})
    made.run("shop", "CREATE DOMAIN small AS integer CHECK (VALUE < 10)", "CREATE TABLE c (id small PRIMARY KEY)")
    assert isinstance(made.sources.table("shop.c").c.id.type, sa.Integer)
    made.sources.close()


def test_datasets_in_one_database_share_its_engine(tmp_path: Path) -> None:
    config = sqlite(tmp_path, "shop")["shop"]
    sources = Sources({"shop": config, "crm": config}, MAP)
    assert sources.engine("shop") is sources.engine("crm")
    sources.close()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("sqlite:////nowhere/shop.db", "is not there"),
        ("postgresql+psycopg://me@127.0.0.1:9/shop", "cannot be reached"),
        ("mysql+pymysql://me@127.0.0.1:9/shop", "cannot be reached"),
    ],
)
def test_a_source_that_is_down_says_so(url: str, said: str) -> None:
    sources = Sources({"shop": SourceConfig(url)}, MAP)
    words = sources.reachable("shop")
    assert words and said in words.en and words.zh
    with pytest.raises(Unavailable):
        sources.schema_of("shop")


def test_a_dataset_without_a_source_is_refused() -> None:
    words = Sources({}, MAP).reachable("shop")
    assert words and "sources.yml" in words.en
    with pytest.raises(Unavailable):
        Sources({}, MAP).table("shop.customer")


def test_a_table_that_is_not_there_is_refused_by_name(company: Company) -> None:
    company.run("shop", "DROP TABLE note")
    with pytest.raises(Unavailable) as refused:
        company.sources.table("shop.note")
    assert "note" in refused.value.words.en
