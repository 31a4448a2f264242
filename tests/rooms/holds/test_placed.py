"""A hold that a person placed keeps the whole record from every plan, until somebody ends it."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from privacy_center import clock
from privacy_center.errors import Refusal
from privacy_center.execution.certify import certificates_of
from privacy_center.execution.forget_ended import forget_ended
from privacy_center.execution.held import open_entries
from privacy_center.execution.placed import hold_records
from privacy_center.execution.replay import erased_since, open_replay
from privacy_center.holds.end import confirm_end, end_hold
from privacy_center.holds.kinds import PlacedKind
from privacy_center.holds.models import PlacedHold, PlacedKey
from privacy_center.holds.place import NewHold, Placing, Records, place_hold
from privacy_center.holds.review_dates import escalate_reviews
from privacy_center.outbox.models import OutboxMessage
from privacy_center.people.staff.models import Role, StaffMember
from privacy_center.people.staff.roster import create_staff
from privacy_center.plans.draft import draft_plan
from privacy_center.privacy_requests.queries import request_by_reference
from tests import corner
from tests.rooms.execution.company import CUSTOMERS, Company, belonging

LI, WANG = {"email": ["li@example.com"]}, {"email": ["wang@example.com"]}
TODAY = date(2026, 11, 21)
EVIDENCE = NewHold(PlacedKind.EVIDENCE, "退货争议，需要聊天记录")
ORDER = NewHold(PlacedKind.AUTHORITY_ORDER, "调取令", authority="市公安局", matter="沪公调 2026-17")


@pytest.fixture(params=["sqlite", "postgres+mariadb"])
def shop(request, tmp_path):
    """On SQLite files, and once across PostgreSQL (shop) and MariaDB (crm)."""
    urls = {}
    if request.param != "sqlite":
        new_postgres, new_mariadb = request.getfixturevalue("new_postgres"), request.getfixturevalue("new_mariadb")
        urls = {"shop_url": new_postgres(), "crm_url": new_mariadb()}
    opened = corner.open_corner(tmp_path, **urls)
    yield opened
    opened.center.close()
    opened.shop.dispose()
    opened.crm.dispose()


def member(number):
    return StaffMember(number=number, roles=["senior_reviewer"], active=True, department="")


def place(shop, collection, *keys, wanted=EVIDENCE, by="S1"):
    """A hold on records of one collection; returns its id."""
    at = clock.now()
    records = {collection: Records(shop.center.sources.key_fields(collection), list(keys))}
    with shop.center.database.transaction() as session:
        return place_hold(session, wanted, records, Placing(member(by), at, shop.center.today(at))).id


def end(shop, hold_id, by="S1", second=None):
    with shop.center.database.transaction() as session:
        hold = session.get_one(PlacedHold, hold_id)
        end_hold(session, hold, by=member(by), reason="争议已了结", at=clock.now())
        if second:
            confirm_end(session, hold, by=member(second), agree=True, at=clock.now())


def rows(shop, table, **where):
    return [row for row in shop.rows(table) if all(row[name] == value for name, value in where.items())]


def entries(shop, reference):
    with shop.center.database.reading() as session:
        return open_entries(session, request_id=request_by_reference(session, reference).id)


def test_what_a_person_holds_stays_whole_through_execution_and_sweep(shop):
    before = rows(shop, corner.orders, id=13)
    place(shop, "shop.orders", (13,))
    reference = corner.sign_and_run(shop, LI)
    assert rows(shop, corner.orders, id=13) == before
    (entry,) = [one for one in entries(shop, reference) if any(h["rule"].startswith("placed:") for h in one.holds)]
    assert (entry.collection, entry.row_count, entry.masked_fields) == ("shop.orders", 1, [])
    assert entry.holds[0]["reason"]["zh-CN"] == "未结争议须留证，争议结束后删除。"
    assert corner.release(shop) == 0
    assert rows(shop, corner.orders, id=13) == before


def test_a_hold_that_was_placed_after_the_approval_protects_as_well(shop):
    before = rows(shop, corner.contact, member_no="M007"), rows(shop, corner.case, id=31)

    def meanwhile():
        place(shop, "crm.contact", ("M007",))
        place(shop, "shop.after_sales_case", (31,))

    shop.once_approved = meanwhile
    reference = corner.sign_and_run(shop, LI)
    assert (rows(shop, corner.contact, member_no="M007"), rows(shop, corner.case, id=31)) == before
    held = {one.collection for one in entries(shop, reference) if any("placed:" in h["rule"] for h in one.holds)}
    assert held == {"crm.contact", "shop.after_sales_case"}


def test_a_record_that_a_plan_restricts_is_not_masked_while_a_person_holds_it(shop):
    place(shop, "shop.after_sales_case", (31,))
    plan = draft_plan(shop.center, LI, None, TODAY)
    decision = plan.sheet.rows["shop.after_sales_case"][(31,)]
    assert (decision.action.value, decision.fields) == ("restrict", ())
    corner.sign_and_run(shop, LI)
    assert rows(shop, corner.case, id=31)[0]["message"] == "还没修好"


def test_a_record_held_in_the_request_of_one_person_is_safe_from_the_request_of_another(shop):
    place(shop, "shop.address", (1,))
    corner.sign_and_run(shop, LI)
    corner.sign_and_run(shop, WANG)
    assert rows(shop, corner.address, id=1)[0]["street"] == "长宁路 1 号"


def test_only_the_fields_that_were_named_stay_where_a_hold_names_fields(shop):
    at = clock.now()
    records = {"shop.orders": Records(("id",), [(13,)], fields=("placed_at",))}
    with shop.center.database.transaction() as session:
        place_hold(session, EVIDENCE, records, Placing(member("S1"), at, shop.center.today(at)))
    corner.sign_and_run(shop, LI)
    (order,) = rows(shop, corner.orders, id=13)
    assert order["note"] != "急" and order["placed_at"] == datetime(2026, 5, 1, 10)


def test_two_holds_on_a_record_end_one_by_one_and_it_goes_with_the_last(shop):
    first, second = place(shop, "shop.orders", (13,)), place(shop, "shop.orders", (13,), wanted=ORDER)
    reference = corner.sign_and_run(shop, LI)
    end(shop, first)
    corner.release(shop)
    (entry,) = [one for one in entries(shop, reference) if any("placed:" in h["rule"] for h in one.holds)]
    assert [hold["rule"] for hold in entry.holds] == [f"placed:{second}"]
    assert rows(shop, corner.orders, id=13)[0]["note"] == "急"
    end(shop, second, second="S2")
    assert corner.release(shop) == 1 and rows(shop, corner.orders, id=13) == []
    with shop.center.database.reading() as session:
        last = certificates_of(session, request_by_reference(session, reference).id)[-1]
    assert last.body["purpose"] == "release" and last.body["collections"]["shop.orders"]["erased"] == 1


def test_a_legal_hold_takes_two_people_to_end(shop):
    hold_id = place(shop, "shop.orders", (13,), wanted=ORDER)
    end(shop, hold_id)
    corner.sign_and_run(shop, LI)
    assert rows(shop, corner.orders, id=13)
    with shop.center.database.transaction() as session, pytest.raises(Refusal, match="cannot review"):
        confirm_end(session, session.get_one(PlacedHold, hold_id), by=member("S1"), agree=True, at=clock.now())
    with shop.center.database.transaction() as session:
        confirm_end(session, session.get_one(PlacedHold, hold_id), by=member("S2"), agree=True, at=clock.now())
    assert corner.release(shop) == 1 and not rows(shop, corner.orders, id=13)


def test_a_replay_after_a_restored_backup_leaves_what_a_person_holds_by_then(shop):
    copy = {name: shop.rows(getattr(corner, name)) for name in ("browsing", "invoice")}
    since = clock.now() - timedelta(minutes=1)
    corner.sign_and_run(shop, LI)
    back = next(row for row in copy["invoice"] if row["id"] == 42)
    shop.change(corner.invoice.insert().values(**back))
    place(shop, "shop.invoice", (42,))
    with shop.center.database.transaction() as session:
        runs = [open_replay(session, shop.center, run, clock.now()) for run in erased_since(session, since)]
        handed = [(run.id, ["shop"]) for run in runs if run]
    assert handed
    corner.run_handed(shop, handed)
    assert rows(shop, corner.invoice, id=42) == [back]


@time_machine.travel(datetime(2027, 1, 10, 2, tzinfo=UTC), tick=True)
def test_a_hold_with_a_last_day_protects_until_it_and_no_longer(shop):
    until = NewHold(PlacedKind.EVIDENCE, "留到结案", last_day=date(2027, 1, 20))
    place(shop, "shop.orders", (13,), wanted=until)
    corner.sign_and_run(shop, LI)
    assert corner.release(shop, at=datetime(2027, 1, 20, 2, tzinfo=UTC)) == 0
    with time_machine.travel(datetime(2027, 1, 21, 2, tzinfo=UTC), tick=True):
        assert corner.release(shop) == 1 and rows(shop, corner.orders, id=13) == []


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (NewHold(PlacedKind.EVIDENCE, " "), "hold_reason"),
        (NewHold(PlacedKind.LEGAL_CLAIM, "起诉"), "hold_matter"),
        (NewHold(PlacedKind.AUTHORITY_ORDER, "调取", matter="1"), "hold_authority"),
        (NewHold(PlacedKind.EVIDENCE, "x", review_on=date(2026, 1, 1)), "hold_review_on"),
        (NewHold(PlacedKind.EVIDENCE, "x", last_day=date(2026, 1, 1)), "hold_last_day"),
    ],
)
def test_an_incomplete_hold_is_refused_with_what_is_missing(wanted, field):
    assert list(wanted.wrong(TODAY)) == [field]


SECOND_WAIVABLE = (
    corner.POLICY
    + """
- key: card-disputed
  title: {zh-CN: 银行卡争议, en: Disputed card}
  authority: contract
  citation: {law: {zh-CN: 服务协议, en: Terms}, article: "4", checked: true}
  covers: {collection: crm.card}
  when: {field: number, eq: "0"}
  until: {event: {zh-CN: 争议了结, en: the dispute is settled}}
  treatment: ask
  waivable: true
  customer: {zh-CN: 争议还没有了结。, en: The dispute is open.}
"""
)


def test_a_record_that_was_waived_for_one_rule_stays_where_another_has_come_to_hold_it(shop):
    (shop.home / "policy" / "corner.yml").write_text(SECOND_WAIVABLE)
    shop.reopen()
    card = corner.card.update().where(corner.card.c.id == 51)
    shop.change(card.values(unbound_at=None))
    shop.once_approved = lambda: shop.change(card.values(number="0"))
    corner.sign_and_run(shop, LI, waived=("card-bound",))
    assert rows(shop, corner.card, id=51)


def test_a_record_that_a_running_change_deletes_meanwhile_is_refused_and_not_called_held(shop):
    placed, wanted = threading.Event(), {"shop.invoice": Records(("id",), [(42,)])}
    sa.event.listen(shop.center.database.engine, "commit", lambda _: placed.set())
    with ThreadPoolExecutor(1) as pool, shop.shop.begin() as running:
        running.execute(corner.invoice.delete().where(corner.invoice.c.id == 42))
        placing = pool.submit(hold_records, shop.center, EVIDENCE, wanted, by=member("S1"))
        assert placed.wait(60)
    with pytest.raises(Refusal, match="just been deleted or changed"):
        placing.result()
    with shop.center.database.reading() as session:
        assert [hold.ended_at is not None for hold in session.scalars(sa.select(PlacedHold))] == [True]


def test_an_overdue_review_goes_to_the_owner_and_a_week_later_to_the_privacy_officer(shop):
    with shop.center.database.transaction() as session:
        for number, role in (("S1", Role.REVIEWER), ("P1", Role.PRIVACY_OFFICER)):
            told = {"number": number, "name": number, "email": f"{number}@x.cn", "password": "long enough 12"}
            create_staff(session, **told, roles=[role], at=clock.now())
    day = shop.center.today(clock.now())
    place(shop, "shop.orders", (13,), wanted=NewHold(PlacedKind.EVIDENCE, "x", review_on=day + timedelta(days=3)))
    sent = []
    for later in (2, 3, 4, 10, 11):
        with shop.center.database.transaction() as session:
            escalate_reviews(session, day + timedelta(days=later), clock.now())
            sent.append(session.scalar(sa.select(sa.func.count()).select_from(OutboxMessage)))
    assert sent == [0, 1, 1, 2, 2]


def test_a_record_of_somebody_else_that_a_person_holds_keeps_its_link_when_the_other_end_is_erased(tmp_path):
    """Deleting the row at the other end would empty the link (ON DELETE SET NULL), and so change what is held."""
    note = "CREATE TABLE note (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customer (id), seen_with INTEGER"
    statements = [
        *CUSTOMERS,
        f"{note} REFERENCES customer (id) ON DELETE SET NULL)",
        "INSERT INTO note VALUES (7, 2, 1)",
    ]
    opened = Company(tmp_path, f"sqlite:///{tmp_path / 'shop.db'}", statements, belonging("note", "seen_with"))
    at = clock.now()
    with opened.center.database.transaction() as session:
        records = {"shop.note": Records(("id",), [(7,)])}
        place_hold(session, EVIDENCE, records, Placing(member("S1"), at, opened.center.today(at)))
    opened.erase("li@example.com")
    assert opened.tell("SELECT seen_with FROM note") == [(1,)]
    assert opened.tell("SELECT count(*) FROM customer WHERE email LIKE 'li@%'") == [(0,)]
    opened.close()


@pytest.mark.parametrize("shop", ["sqlite"], indirect=True)
def test_a_hold_outlives_a_new_version_of_the_rules_and_their_withdrawal(shop):
    before = rows(shop, corner.invoice, id=42)
    hold_id = place(shop, "shop.invoice", (42,))
    corner.sign_and_run(shop, LI)
    policy = shop.home / "policy" / "corner.yml"
    shorter = corner.POLICY.replace('"2026.1"', '"2026.2"').replace("P10Y", "P1D")
    withdrawn = shorter.replace('"2026.2"', '"2026.3"').partition("- key: invoice-10-years")
    kept = withdrawn[0] + "- key: card-bound" + withdrawn[2].partition("- key: card-bound")[2]
    for text in (shorter, kept):
        policy.write_text(text)
        shop.reopen()
        corner.release(shop)
        assert rows(shop, corner.invoice, id=42) == before
    end(shop, hold_id)
    corner.release(shop)
    assert rows(shop, corner.invoice, id=42) == []


@pytest.mark.parametrize("shop", ["sqlite"], indirect=True)
def test_an_ended_hold_is_forgotten_after_its_period_and_one_in_force_is_not(shop):
    end(shop, place(shop, "shop.orders", (13,)))
    kept = place(shop, "shop.orders", (11,))
    for days, left in ((3 * 365 - 2, 2), (3 * 365 + 2, 1)):
        forget_ended(shop.center.database, clock.now() + timedelta(days=days), "Asia/Shanghai")
        with shop.center.database.reading() as session:
            holds = list(session.scalars(sa.select(PlacedHold.id)))
            keys = session.scalar(sa.select(sa.func.count()).select_from(PlacedKey))
            assert (len(holds), keys, kept in holds) == (left, left, True)
