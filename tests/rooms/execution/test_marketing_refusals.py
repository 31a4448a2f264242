"""What a run keeps of marketing refusals: never lost with the rows that said so, never more than they said."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from privacy_center import clock
from privacy_center.audit.append import Actor
from privacy_center.execution import step as steps
from privacy_center.execution.models import ExecutionRun, ExecutionStep
from privacy_center.execution.proceed import datasets_of
from privacy_center.execution.replay import erased_since, open_replay
from privacy_center.suppressions.contacts import hash_contact, read_typed_contact
from privacy_center.suppressions.models import Suppression
from privacy_center.suppressions.register import look_up, remove_suppression
from tests import corner
from tests.rooms.execution.company import CUSTOMERS, LI, WANG, Company, belonging, held_while_open

PHONE, OTHER_PHONE = "13800000001", "13800000002"
CONSENTS = "CREATE TABLE consent (id INTEGER PRIMARY KEY, customer_id INTEGER, granted BOOLEAN, channel VARCHAR(20), at DATETIME)"


def consents(refusal: str, *columns: str) -> str:
    """The map of `consent` with what it says of refusals."""
    told = belonging("consent", "granted", "channel", "at", *columns)
    return told.replace("  - name: consent\n", f"  - name: consent\n    fides_meta: {{marketing_refusal: {refusal}}}\n")


def company_of(
    tmp_path: Path, rows: str, refusal: str, rules: str = "", url: str = "", table: str = CONSENTS
) -> Company:
    statements = [*CUSTOMERS, table, f"INSERT INTO consent VALUES {rows}"]
    return Company(tmp_path / "home", url or f"sqlite:///{tmp_path / 'shop.db'}", statements, consents(refusal), rules)


def suppressed(company: Company, value: str = LI, channel: str = "") -> bool:
    kind = "email" if "@" in value else "phone_number"
    with company.center.database.reading() as session:
        return look_up(session, [read_typed_contact(company.center.keyring, kind, value)], channel)[0].suppressed


def kept(company: Company) -> list[tuple[str, bool]]:
    with company.center.database.reading() as session:
        return [(one.channel, one.removed_at is not None) for one in session.scalars(sa.select(Suppression))]


NO = "{when: {field: granted, eq: false}, channel: {field: channel}}"


@pytest.mark.parametrize("kind", ["sqlite", "postgresql", "mariadb"])
def test_a_refusal_is_read_in_every_database(request, tmp_path: Path, kind: str):
    urls = {"mariadb": "mariadb_url", "postgresql": "postgres_url"}
    url = request.getfixturevalue(urls[kind]) if kind in urls else ""
    table = CONSENTS.replace("DATETIME", "TIMESTAMP") if kind == "postgresql" else CONSENTS
    rows = f"(1, 1, {'false' if kind != 'sqlite' else 0}, ' E-Mail', NULL), (2, 2, {'true' if kind != 'sqlite' else 1}, 'email', NULL)"
    company = company_of(tmp_path, rows, NO, url=url, table=table)
    assert [company.erase(LI), company.erase(WANG)] == ["completed", "completed"], company.errors()
    assert suppressed(company) and suppressed(company, channel="e-mail") and not suppressed(company, channel="push")
    assert not suppressed(company, WANG)
    company.close()


def test_only_the_newest_choice_counts_where_the_map_says_so(tmp_path: Path):
    newest = "{when: {field: granted, eq: false}, channel: {field: channel}, newest_by: at}"
    rows = (
        "(1, 1, 0, 'email', '2024-01-01 00:00:00'), (2, 1, 1, 'email', '2025-01-01 00:00:00'), (3, 1, 0, 'edm', NULL),"
        "(4, 2, 1, 'email', '2024-01-01 00:00:00'), (5, 2, 0, 'email', '2025-01-01 00:00:00')"
    )
    company = company_of(tmp_path, rows, newest)
    company.erase(LI), company.erase(WANG)
    assert not suppressed(company, channel="email") and suppressed(company, channel="edm")
    assert suppressed(company, WANG, "email")
    company.close()


def test_contacts_of_the_row_are_those_that_are_suppressed_however_they_are_spelled(tmp_path: Path):
    table = "CREATE TABLE consent (id INTEGER PRIMARY KEY, customer_id INTEGER, granted BOOLEAN, channel VARCHAR(20), at TEXT)"
    refusal = "{when: {field: granted, eq: false}, contacts: [channel]}"
    company = Company(
        tmp_path / "home",
        f"sqlite:///{tmp_path / 'shop.db'}",
        [
            *CUSTOMERS,
            table,
            f"INSERT INTO consent VALUES (1, 1, 0, '(+86)138-0000-0001　', NULL), (2, 1, 1, '{OTHER_PHONE}', NULL), (3, 1, 0, 'none', NULL)",
        ],
        consents(refusal).replace(
            "name: channel, data_categories: [user.content]",
            "name: channel, data_categories: [user.contact.phone_number]",
        ),
    )
    assert company.erase(LI) == "completed", company.errors()
    assert suppressed(company, PHONE) and not suppressed(company, OTHER_PHONE) and not suppressed(company, LI)
    assert len(kept(company)) == 1
    company.close()


def test_a_kept_row_that_says_no_is_remembered_and_its_release_adds_nothing(tmp_path: Path):
    company = company_of(
        tmp_path, "(1, 1, 0, 'email', NULL)", NO, held_while_open("consent").replace("closed_at", "at")
    )
    assert company.erase(LI) == "completed_with_holds" and suppressed(company)
    with company.center.database.transaction() as session:
        contact = read_typed_contact(company.center.keyring, "email", LI)
        actor = Actor("staff", "S1", "privacy_officer")
        assert remove_suppression(session, contact, "", actor=actor, reason="agreed anew", at=clock.now()) == 1
    company.tell("UPDATE consent SET at = '2026-01-01 00:00:00'")
    assert corner.release(company.corner) == 1 and company.tell("SELECT id FROM consent") == []
    assert kept(company) == [("email", True)], "what was ended is not written again by the same request"
    company.close()


def test_a_run_cut_off_after_the_company_committed_still_keeps_what_the_rows_said(tmp_path: Path, monkeypatch):
    company = company_of(tmp_path, "(1, 1, 0, 'email', NULL), (2, 1, 1, 'sms', NULL)", NO)

    def cut_off(*_given):
        raise OSError("the process is gone")

    with monkeypatch.context() as patched:
        patched.setattr(steps, "check_database", cut_off)
        with pytest.raises(OSError):
            company.erase(LI)
    assert company.tell("SELECT id FROM consent WHERE customer_id = 1") == [] and kept(company) == []
    with company.center.database.reading() as session:
        run = session.scalars(sa.select(ExecutionRun)).one().id
    corner.run_handed(company.corner, [(run, ["shop"])])
    assert kept(company) == [("email", False)]
    corner.run_handed(company.corner, [(run, ["shop"])])
    assert kept(company) == [("email", False)]
    company.tell("INSERT INTO consent VALUES (1, 1, 0, 'email', NULL)")
    replay(company)
    assert company.tell("SELECT id FROM consent WHERE customer_id = 1") == [] and kept(company) == [("email", False)]
    company.close()


def replay(company: Company) -> None:
    center, handed = company.center, []
    with center.database.transaction() as session:
        (first,) = erased_since(session, session.scalars(sa.select(ExecutionRun.created_at)).first())
        again = open_replay(session, center, first, clock.now())
        handed.append((again.id, datasets_of(session, again)))
    corner.run_handed(company.corner, handed)


def test_a_cleared_choice_is_never_taken_for_a_refusal(tmp_path: Path, monkeypatch):
    """The flag stands in the account, is cleared to the value that means “no”, and the run is cut off and done again."""
    table = "CREATE TABLE consent (id INTEGER PRIMARY KEY, customer_id INTEGER, granted BOOLEAN NOT NULL, channel TEXT, at TEXT)"
    held = "CREATE TABLE kept (id INTEGER PRIMARY KEY, consent_id INTEGER NOT NULL REFERENCES consent (id))"
    company = Company(
        tmp_path / "home",
        f"sqlite:///{tmp_path / 'shop.db'}",
        [*CUSTOMERS, table, held, "INSERT INTO consent VALUES (1, 1, 1, 'email', NULL), (2, 2, 0, 'email', NULL)",
         "INSERT INTO kept VALUES (1, 1), (2, 2)"],
        consents(NO),
    )  # fmt: skip
    with monkeypatch.context() as patched:
        patched.setattr(steps, "check_database", lambda *_given: (_ for _ in ()).throw(OSError("gone")))
        for one in (LI, WANG):
            with pytest.raises(OSError):
                company.erase(one)
    assert company.tell("SELECT granted FROM consent") == [(0,), (0,)]
    with company.center.database.reading() as session:
        runs = list(session.scalars(sa.select(ExecutionRun.id).order_by(ExecutionRun.created_at)))
    corner.run_handed(company.corner, [(run, ["shop"]) for run in runs])
    assert not suppressed(company, LI) and suppressed(company, WANG)
    company.tell("DELETE FROM kept")
    assert corner.release(company.corner) == 2 and company.tell("SELECT id FROM consent") == []
    assert not suppressed(company, LI), "a release reads no choice where the first run has cleared it"
    company.close()


def test_a_choice_that_changes_between_the_look_and_the_act_stops_the_step_and_is_read_again(
    tmp_path: Path, monkeypatch
):
    company = company_of(tmp_path, "(1, 1, 0, 'email', NULL)", NO)
    real, turned = steps.change_database, []

    def agree_first(*given):
        if not turned:
            turned.append(company.tell("UPDATE consent SET granted = 1"))
        return real(*given)

    monkeypatch.setattr(steps, "change_database", agree_first)
    assert company.erase(LI) == "needs_attention"
    assert "marketing choice" in company.errors()[0] and company.tell("SELECT id FROM consent") == [(1,)]
    with company.center.database.reading() as session:
        run = session.scalars(sa.select(ExecutionRun)).one().id
    steps.carry_out(company.center, run, "shop")
    assert company.tell("SELECT id FROM consent") == [] and kept(company) == []
    company.close()


def test_a_request_for_other_data_keeps_nothing(tmp_path: Path):
    company = company_of(tmp_path, "(1, 1, 0, 'email', NULL)", NO)
    corner.sign_and_run(company.corner, {"email": [LI]}, categories=["user.contact"])
    assert kept(company) == [] and company.tell("SELECT granted FROM consent") == [(0,)]
    company.close()


def test_a_value_that_the_column_cannot_hold_is_an_error_that_stops_the_plan(tmp_path: Path):
    company = company_of(tmp_path, "(1, 1, 0, 'email', NULL)", "{when: {field: id, eq: 'nein'}}")
    assert any("refusals would be missed" in one.words.en for one in company.problems(LI) + draft_problems(company))
    company.close()


def draft_problems(company: Company):
    from privacy_center.plans.draft import draft_plan

    return draft_plan(company.center, {"email": [LI]}, None, company.center.today(clock.now())).problems


def test_no_contact_and_no_row_key_stands_in_plain(tmp_path: Path):
    company = company_of(tmp_path, "(1, 1, 0, 'email', NULL)", NO)
    company.erase(LI)
    with company.center.database.reading() as session:
        (one,) = session.scalars(sa.select(Suppression))
        assert bytes(one.value_index) == hash_contact(company.center.keyring, "email", LI).index
        noted = str(session.scalars(sa.select(ExecutionStep.refusals)).one())
    assert LI not in noted and "consent#0" in noted
    company.close()
