"""Tables and columns with a dot in their names are mapped, found, emptied and deleted like any other."""

from pathlib import Path

import pytest
import sqlalchemy as sa
import yaml

from privacy_center.cli import main
from privacy_center.execution.models import Certificate
from tests.rooms.execution.company import CUSTOMERS, LI, WANG, Company
from tests.rooms.sources.databases import any_url  # noqa: F401

TABLES = [
    'CREATE TABLE "shop.survey" (id INTEGER PRIMARY KEY, "e.mail" VARCHAR(60), "free.text" VARCHAR(60))',
    'CREATE TABLE orders ("order.no" INTEGER PRIMARY KEY, "customer.id" INTEGER, "note.text" VARCHAR(60) UNIQUE,'
    ' FOREIGN KEY ("customer.id") REFERENCES customer (id))',
    'CREATE TABLE line (id INTEGER PRIMARY KEY, "order.no" INTEGER, what VARCHAR(60),'
    ' FOREIGN KEY ("order.no") REFERENCES orders ("order.no") ON DELETE CASCADE)',
    f"INSERT INTO \"shop.survey\" VALUES (1, '{LI}', 'x'), (2, '{WANG}', 'y')",
    "INSERT INTO orders VALUES (1, 1, 'li'), (2, 2, 'wang')",
    "INSERT INTO line VALUES (1, 1, 'a'), (2, 2, 'b')",
]
UNKNOWN = [
    'CREATE TABLE book (id INTEGER PRIMARY KEY, "order.no" INTEGER, FOREIGN KEY ("order.no") REFERENCES orders ("order.no"))',
    "INSERT INTO book VALUES (1, 1)",
]


def generated(url: str, capsys: pytest.CaptureFixture[str]) -> str:
    """What a person makes of the first map: the collections beside `customer`, with what the remarks ask for."""
    assert main(["datamap", "generate", url]) == 0
    collections = yaml.safe_load(capsys.readouterr().out)["dataset"][0]["collections"]
    for field in (field for one in collections for field in one["fields"]):
        meta = field.setdefault("fides_meta", {})
        for reference in meta.get("references", ()):
            reference |= {"dataset": "shop", "direction": "from"}
        if field["name"] == "e.mail":
            meta["identity"] = "email"
    kept = [one for one in collections if one["name"] not in ("customer", "book")]
    return "".join(f"  {line}\n" for line in yaml.safe_dump(kept).splitlines())


def test_what_generate_writes_of_names_with_dots_is_accepted_and_carried_out(
    tmp_path: Path,
    any_url: str,  # noqa: F811
    capsys: pytest.CaptureFixture[str],
):
    sign = "`" if "mysql" in any_url else '"'
    statements = [one.replace('"', sign) for one in TABLES + UNKNOWN]
    engine = sa.create_engine(any_url)
    with engine.begin() as connection:
        for one in CUSTOMERS + statements:
            connection.exec_driver_sql(one)
    mapped = generated(any_url, capsys)
    company = Company(tmp_path / "home", any_url, ["SELECT 1"], mapped)
    main(["--home", str(company.home), "check"])
    assert "error: shop" not in capsys.readouterr().out
    assert not [one for one in company.problems(LI) if one.blocking]
    assert company.erase(LI) == "completed_with_holds"
    assert company.tell(f"SELECT id FROM {sign}shop.survey{sign}") == [(2,)]
    assert company.tell("SELECT * FROM orders ORDER BY 1")[1] == (2, 2, "wang")
    ((number, _customer, note),) = company.tell(f"SELECT * FROM orders WHERE {sign}order.no{sign} = 1")
    assert number == 1 and note != "li"
    assert company.tell("SELECT id FROM line") == [(2,)] and company.tell("SELECT id FROM book") == [(1,)]
    with company.center.database.reading() as session:
        counts = session.scalars(sa.select(Certificate)).one().body["collections"]
    assert counts["shop.shop.survey"]["erased"] == 1 and counts["shop.orders"]["erased"] == 0
    company.close()
    engine.dispose()
