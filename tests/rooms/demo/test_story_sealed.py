"""The story with all three ways of keeping a record restricted: a mark in a column, the side table, the vault."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from privacy_center import clock
from privacy_center.center import Center
from privacy_center.demo.build import build_home
from privacy_center.demo.stories import story
from privacy_center.execution.certify import certificates_of
from privacy_center.execution.due import release_due
from privacy_center.execution.models import HeldRows, VaultEntry
from privacy_center.execution.vault import open_vault
from privacy_center.holds.kinds import PlacedKind
from privacy_center.holds.place import NewHold, Placing, Records, place_hold
from privacy_center.people.staff.roster import find_staff
from privacy_center.plans.draft import draft_plan
from privacy_center.plans.preview import preview_sheet
from privacy_center.privacy_requests.queries import request_by_reference
from tests import corner

AT = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
ILL = story("ill-after-meal")
IDENTITIES = {"email": [ILL.email], "phone_number": [ILL.phone]}


class Company:
    """The sample company with its center, as a process of the product sees it."""

    before_run = once_approved = None

    def __init__(self, home: Path) -> None:
        build_home(home, AT)
        self.home, self.center = home, Center.open(home)

    def ask(self, dataset: str, statement: str) -> list[tuple[Any, ...]]:
        with self.center.sources.look(dataset) as connection:
            return [tuple(row) for row in connection.exec_driver_sql(statement)]

    def change(self, dataset: str, statement: str) -> None:
        with self.center.sources.engine(dataset).begin() as connection:
            connection.exec_driver_sql(statement)

    def note(self) -> list[tuple[Any, ...]]:
        """The allergy note as it stands in the company's database."""
        wanted = "SELECT allergies, diet FROM health_note JOIN member USING (member_no) WHERE shop_customer_ref = '22'"
        return self.ask("crm", wanted)

    def entered(self, dataset: str) -> set[str]:
        return {row[0] for row in self.ask(dataset, "SELECT table_name FROM privacy_restriction")}


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    with time_machine.travel(AT, tick=True):
        opened = Company(tmp_path / "demo")
        yield opened
        opened.center.close()


def test_the_order_is_marked_the_complaint_is_in_the_side_table_and_the_allergy_note_is_in_the_vault(company: Company):
    assert company.note() == [("芒果、坚果", "少油少盐")]
    reference = corner.sign_and_run(company, IDENTITIES)
    (marked,) = company.ask("shop", "SELECT restricted_at FROM orders WHERE customer_id = 22")
    assert marked[0] is not None
    assert company.entered("crm") == {"complaint", "health_note"}
    assert company.entered("shop") == {"order_line", "payment", "delivery"}
    ((allergies, diet),) = company.note()
    assert "芒果" not in allergies and diet is None
    with company.center.database.transaction() as session:
        request, people = request_by_reference(session, reference), [find_staff(session, n) for n in ("S0102", "S0103")]
        (opened,) = open_vault(session, request, by=people[0], second=people[1], reason="食品安全调查", at=clock.now())
    assert opened.collection == "crm.health_note"
    assert (opened.values["allergies"], opened.values["diet"]) == ("芒果、坚果", "少油少盐") and opened.values[
        "noted_at"
    ]


def test_preview_register_and_certificate_say_of_each_record_what_is_in_force_on_it(company: Company):
    drafted = draft_plan(company.center, IDENTITIES, None, company.center.today(AT))
    preview = preview_sheet(company.center.catalogue, company.center.data_map, drafted.sheet)
    promised = {line.collection: line.meanwhile.en for line in preview.lines if line.meanwhile}
    assert promised["crm.health_note"].startswith("Will be encrypted.")
    assert promised["crm.complaint"].startswith("Will be marked as restricted in our systems: used only for")
    reference = corner.sign_and_run(company, IDENTITIES)
    with company.center.database.reading() as session:
        (paper,) = certificates_of(session, request_by_reference(session, reference).id)
        register = {one.collection: one.meanwhile.en for one in session.scalars(sa.select(HeldRows)) if one.holds}
    paper_says = {one["collection"]: one["meanwhile"]["en"] for one in paper.body["held"] if one["rules"]}
    assert paper_says == register
    assert register["crm.health_note"] == "Encrypted. Opening it needs a reason and a second person's approval."
    assert register["shop.orders"].startswith("Marked as restricted in our systems: stored only")
    assert "芒果" not in json.dumps(paper.body, ensure_ascii=False)


def test_note_vault_and_complaint_go_once_the_complaint_is_closed_and_the_order_stays_marked(company: Company):
    corner.sign_and_run(company, IDENTITIES)
    company.change("crm", "UPDATE complaint SET closed_at = '2026-11-20 10:00:00' WHERE illness_reported")
    assert corner.release(company) == 1
    assert company.note() == [] and company.entered("crm") == set()
    assert company.ask("crm", "SELECT * FROM complaint WHERE illness_reported") == []
    assert company.ask("shop", "SELECT restricted_at FROM orders WHERE customer_id = 22") != [(None,)]
    with company.center.database.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(VaultEntry)) == 0


def hold_note(company: Company) -> None:
    """A member of staff holds the allergy note as evidence."""
    ((member,),) = company.ask("crm", "SELECT member_no FROM member WHERE shop_customer_ref = '22'")
    with company.center.database.transaction() as session:
        records = {"crm.health_note": Records(("member_no",), [(member,)])}
        today = company.center.today(clock.now())
        wanted = NewHold(PlacedKind.EVIDENCE, "客户已起诉", owner="S0102", review_on=today + timedelta(days=30))
        place_hold(session, wanted, records, Placing(find_staff(session, "S0102"), clock.now(), today))


@pytest.mark.parametrize("when", ["before the sweep", "after the sweep"])
def test_what_is_sealed_of_a_record_stays_in_the_vault_while_a_person_holds_the_record(company: Company, when: str):
    corner.sign_and_run(company, IDENTITIES)
    company.change("crm", "UPDATE complaint SET closed_at = '2026-11-20 10:00:00' WHERE illness_reported")
    if when == "before the sweep":
        hold_note(company)
    handed: list[tuple[Any, list[str]]] = []
    release_due(company.center, lambda _, run, datasets: handed.append((run.id, datasets)), clock.now())
    if when == "after the sweep":
        hold_note(company)
    corner.run_handed(company, handed)
    assert company.ask("crm", "SELECT * FROM complaint WHERE illness_reported") == []
    assert len(company.note()) == 1 and "health_note" in company.entered("crm")
    with company.center.database.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(VaultEntry)) == 1
        entry = session.scalars(sa.select(HeldRows).where(HeldRows.collection == "crm.health_note")).all()[-1]
    assert entry.open, [(one.restriction, one.meanwhile.en) for one in [entry]]
