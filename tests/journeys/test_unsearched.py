"""What no search looks into is named everywhere, and stands in the way until it is connected or declared."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from tests import corner
from tests.journeys.conftest import LI, SUBMIT, open_shop

DIARY = """
  - name: diary
    {meta}
    fields:
    - {{name: id, data_categories: [system.operations], fides_meta: {{primary_key: true, data_type: integer}}}}
    - {{name: said, data_categories: [user.content], fides_meta: {{data_type: string}}}}
"""
DECLARED = "fides_meta: {out_of_scope: {by: Lin Yi, on: 2026-11-30, reason: {zh-CN: 纸本影像, en: scans of paper}}}"
LEFT_OUT = "fides_meta: {skip_processing: true}"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The corner shop with a diary that nothing leads to."""
    home = tmp_path / "home"
    open_shop(home)
    engine = sa.create_engine(f"sqlite:///{home / 'shop.db'}")
    with engine.begin() as connection:
        connection.execute(sa.text("create table diary (id integer primary key, said text)"))
        connection.execute(sa.text("insert into diary values (1, 'a pie for somebody')"))
    engine.dispose()
    say_of_diary(home, "")
    return home


def say_of_diary(home: Path, meta: str) -> None:
    (home / "datamap" / "shop.yml").write_text(corner.SHOP_MAP + DIARY.format(meta=meta))


def approve(run, home: Path) -> str:
    reference = run(home, *SUBMIT)["reference"]
    run(home, "request", "decide", reference, "approve", "--by", "R1")
    return reference


@pytest.mark.parametrize("meta", ["", LEFT_OUT], ids=["nothing leads to it", "left out without a word why"])
def test_a_collection_that_cannot_be_searched_is_named_and_blocks_the_approval(home: Path, run, meta: str) -> None:
    say_of_diary(home, meta)
    assert "out_of_scope" in run(home, "plan", *LI)["skipped"]["shop.diary"]
    reference = run(home, *SUBMIT)["reference"]
    assert list(run(home, "request", "show", reference)["plan"]["skipped"]) == ["shop.diary"]
    refused = run(home, "request", "decide", reference, "approve", "--by", "R1", exit=1)
    assert "declare it out_of_scope" in refused
    assert run(home, "request", "show", reference)["state"] == "in_review"


@pytest.mark.parametrize("kind", ["access", "correction", "withdrawal"])
def test_a_kind_of_request_that_cannot_be_answered_is_not_taken_in(home: Path, run, kind: str) -> None:
    say_of_diary(home, DECLARED)
    words = [one if one != "deletion" else kind for one in SUBMIT]
    assert "Only a deletion can be entered here" in run(home, *words, exit=1)
    assert run(home, "request", "list") == []


def test_check_calls_what_nothing_leads_to_an_error_until_it_is_declared(home: Path, run) -> None:
    assert run(home, "check", exit=1)["errors"] == 1
    say_of_diary(home, DECLARED)
    assert run(home, "check")["errors"] == 0


def test_what_is_declared_out_of_scope_stands_on_the_certificate_with_reason_and_day(home: Path, run) -> None:
    say_of_diary(home, DECLARED)
    reference = approve(run, home)
    done = run(home, "request", "execute", reference)
    assert done["state"] == "completed_with_holds"
    (named,) = done["certificates"][0]["unsearched"]
    assert (named["collection"], named["on"], named["reason"]["en"]) == ("shop.diary", "2026-11-30", "scans of paper")
    assert "Lin Yi" not in str(done["certificates"])


def test_a_map_that_loses_its_way_after_the_approval_withholds_the_end(home: Path, run) -> None:
    say_of_diary(home, DECLARED)
    reference = approve(run, home)
    say_of_diary(home, "")
    stopped = run(home, "request", "execute", reference, exit=1)
    assert stopped["state"] == "needs_attention" and stopped["certificates"] == []
    say_of_diary(home, DECLARED)
    assert run(home, "request", "execute", reference)["state"] == "completed_with_holds"


def test_what_a_later_scan_finds_reopens_the_request_until_it_is_settled(home: Path, run) -> None:
    say_of_diary(home, DECLARED)
    reference = approve(run, home)
    ended = run(home, "request", "execute", reference)["state"]
    write_in_diary(home, "call li@example.com")
    assert run(home, "scan", "--request", reference)["hits"] == 1
    shown = run(home, "request", "show", reference)
    assert (shown["state"], shown["unexplained"]) == ("needs_attention", 1)
    assert [one["collection"] for one in shown["finds"]] == ["shop.diary"]
    assert run(home, "request", "list")[0]["unexplained"] == 1
    assert "found the customer's contacts" in run(home, "request", "execute", reference, exit=1)
    run(home, "scan", "--request", reference)
    assert run(home, "request", "show", reference)["state"] == "needs_attention"

    write_in_diary(home, "call nobody")
    run(home, "scan", "--request", reference)
    settled = run(home, "request", "show", reference)
    assert (settled["state"], settled["unexplained"]) == (ended, 0)
    first, *_more, last = settled["certificates"]
    assert last["extends"] == first["number"] and last["purpose"] == "recheck-1"


def write_in_diary(home: Path, text: str) -> None:
    engine = sa.create_engine(f"sqlite:///{home / 'shop.db'}")
    with engine.begin() as connection:
        connection.execute(sa.text("update diary set said = :said"), {"said": text})
    engine.dispose()


REPORT = """
  - name: report
    fides_meta: {skip_processing: true}
    fields:
    - {name: id, data_categories: [system.operations], fides_meta: {primary_key: true, data_type: integer}}
    - {name: email, data_categories: [user.contact.email], fides_meta: {data_type: string}}
"""


def test_a_materialized_view_is_named_as_a_copy_and_found_by_the_scan_until_it_is_refreshed(
    tmp_path: Path, run, postgres_url: str
) -> None:
    home = tmp_path / "home"
    open_shop(home, shop_url=postgres_url)
    tell(postgres_url, "create materialized view report as select id, email from customer")
    (home / "datamap" / "shop.yml").write_text(corner.SHOP_MAP + REPORT)
    assert any("A copy of" in one["words"] for one in run(home, "check")["findings"])
    assert "A copy of" in run(home, "plan", *LI)["skipped"]["shop.report"]
    reference = approve(run, home)
    done = run(home, "request", "execute", reference)
    assert [one["collection"] for one in done["certificates"][0]["unsearched"]] == ["shop.report"]
    assert run(home, "scan", "--request", reference)["hits"] >= 1
    shown = run(home, "request", "show", reference)
    assert (shown["state"], [one["collection"] for one in shown["finds"]]) == ("needs_attention", ["shop.report"])
    tell(postgres_url, "refresh materialized view report")
    run(home, "scan", "--request", reference)
    assert run(home, "request", "show", reference)["state"] == done["state"]


def tell(url: str, statement: str) -> None:
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sa.text(statement))
    engine.dispose()
