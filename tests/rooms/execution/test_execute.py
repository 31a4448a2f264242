"""A decided plan is made true, checked, certified; what stays is in the register and goes by itself."""

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
import time_machine

from privacy_center import clock
from privacy_center.errors import Refusal
from privacy_center.execution.certify import certificates_of, is_genuine
from privacy_center.execution.held import open_entries
from privacy_center.execution.models import ExecutionStep, LedgerLine, ResidualHit, RunState, VaultEntry
from privacy_center.execution.proceed import retry_run, runs_of
from privacy_center.execution.replay import erased_since, open_replay
from privacy_center.keys.sealing import open_json
from privacy_center.privacy_requests.queries import request_by_reference
from privacy_center.retention.verdict import Outcome
from tests import corner

LI = {"email": ["li@example.com"]}


@pytest.fixture(params=["sqlite", "postgres+mariadb"])
def shop(request, tmp_path):
    """On SQLite files, and once across PostgreSQL (shop) and MariaDB (crm) in one request."""
    urls = {}
    if request.param != "sqlite":
        new_postgres, new_mariadb = request.getfixturevalue("new_postgres"), request.getfixturevalue("new_mariadb")
        urls = {"shop_url": new_postgres(), "crm_url": new_mariadb()}
    opened = corner.open_corner(tmp_path, **urls)
    yield opened
    opened.center.close()
    opened.shop.dispose()
    opened.crm.dispose()


def look(shop, reference):
    with shop.center.database.reading() as session:
        request = request_by_reference(session, reference)
        return request, runs_of(session, request.id), open_entries(session, request_id=request.id)


def ids(rows, name="id"):
    return sorted(row[name] for row in rows)


def test_what_was_decided_is_gone_and_what_is_held_is_masked_and_nobody_else_is_touched(shop):
    wang = [row for row in shop.rows(corner.customer) if row["id"] == corner.WANG]
    reference = corner.sign_and_run(shop, LI)
    request, runs, held = look(shop, reference)
    assert request.state.value == "completed_with_holds" and runs[0].state is RunState.DONE
    assert ids(shop.rows(corner.orders)) == [11, 21]
    assert ids(shop.rows(corner.case)) == [31] and shop.rows(corner.case)[0]["message"] is None
    assert ids(shop.rows(corner.invoice)) == [41] and shop.rows(corner.invoice)[0]["title"] == "李雷"
    assert shop.rows(corner.browsing) == [] and ids(shop.rows(corner.contact), "member_no") == ["M008"]
    assert [row for row in shop.rows(corner.customer) if row["id"] == corner.WANG] == wang
    li = next(row for row in shop.rows(corner.customer) if row["id"] == corner.LI)
    assert "li@" not in li["email"] and li["phone"] is None and li["name"] != "李雷"
    assert {one.collection for one in held} == {"shop.after_sales_case", "shop.invoice", "shop.customer", "shop.orders"}


def test_the_certificate_counts_what_is_in_the_databases_and_is_signed(shop):
    reference = corner.sign_and_run(shop, LI)
    with shop.center.database.reading() as session:
        (certificate,) = certificates_of(session, request_by_reference(session, reference).id)
        counts = certificate.body["collections"]
        assert is_genuine(session, certificate)
        assert counts["shop.order_line"]["erased"] == 6 and counts["shop.browsing"]["erased"] == 5
        assert counts["shop.orders"] | {"title": 0} == counts["shop.orders"] | {"title": 0, "erased": 2, "masked": 1}
        assert "li@example.com" not in str(certificate.body) and "李雷" not in str(certificate.body)
        certificate.body = certificate.body | {"reference": "PC-0000"}
        assert not is_genuine(session, certificate)


def test_a_line_stands_in_the_ledger_for_each_database_and_names_nobody(shop):
    reference = corner.sign_and_run(shop, LI)
    with shop.center.database.reading() as session:
        lines = list(session.scalars(sa.select(LedgerLine)))
    assert {line.dataset for line in lines} == {"shop", "crm"} and {line.reference for line in lines} == {reference}
    assert all("li" not in line.pseudonym[:3] and len(line.pseudonym) == 64 for line in lines)


def test_what_becomes_held_after_the_decision_is_left_and_reported(shop):
    shop.before_run = lambda: shop.change(corner.case.update().where(corner.case.c.id == 32).values(closed_at=None))
    reference = corner.sign_and_run(shop, LI)
    _, _, held = look(shop, reference)
    assert ids(shop.rows(corner.case)) == [31, 32]
    assert ids(shop.rows(corner.orders)) == [11, 12, 21]
    new = [one for one in held if one.collection == "shop.after_sales_case"]
    assert sum(one.row_count for one in new) == 2
    with shop.center.database.reading() as session:
        step = session.scalars(sa.select(ExecutionStep).where(ExecutionStep.dataset == "shop")).one()
    assert step.result["shop.after_sales_case"]["newly_held"] == 1
    assert step.result["shop.orders"]["erased"] == 1


def test_an_identifier_in_a_row_that_has_become_held_is_explained_by_its_hold(shop):
    card = corner.card.update().where(corner.card.c.id == 51)
    with shop.crm.begin() as connection:
        connection.exec_driver_sql("CREATE INDEX card_number ON card (number)")
        connection.execute(card.values(number="li@example.com"))
    shop.before_run = lambda: shop.change(card.values(unbound_at=None))
    reference = corner.sign_and_run(shop, LI)
    request, _, held = look(shop, reference)
    assert "crm.card" in {one.collection for one in held}
    with shop.center.database.reading() as session:
        hits = list(session.scalars(sa.select(ResidualHit).where(ResidualHit.request_id == request.id)))
    assert "crm.card" in {hit.collection for hit in hits} and all(hit.explanation for hit in hits)
    assert request.state.value == "completed_with_holds"


def test_a_proven_number_that_is_the_key_of_an_emptied_row_is_explained_and_the_request_closes(shop):
    shop.change(corner.card.update().where(corner.card.c.id == 51).values(unbound_at=None))
    reference = corner.sign_and_run(shop, LI | {"member_number": ["M007"]})
    request, _, _ = look(shop, reference)
    with shop.center.database.reading() as session:
        hits = list(session.scalars(sa.select(ResidualHit).where(ResidualHit.request_id == request.id)))
    assert ("crm.contact", "member_no") in {(hit.collection, hit.column) for hit in hits}
    assert all(hit.explanation for hit in hits)
    assert request.state.value == "completed_with_holds"


def test_rows_without_a_key_that_are_alike_are_all_counted_and_none_as_gone_before(shop):
    twin = {"customer_id": corner.LI, "at": datetime(2026, 1, 1, 0), "page": "/p/0"}
    shop.change(corner.browsing.insert().values(**twin))
    corner.sign_and_run(shop, LI)
    with shop.center.database.reading() as session:
        step = session.scalars(sa.select(ExecutionStep).where(ExecutionStep.dataset == "shop")).one()
    assert step.result["shop.browsing"]["erased"] == 6
    assert step.result["shop.browsing"]["gone_before"] == 0


def test_an_order_placed_after_the_decision_keeps_its_customer_as_an_empty_row(shop):
    def order_again():
        shop.change(corner.invoice.delete().where(corner.invoice.c.id == 41))
        shop.change(corner.case.delete().where(corner.case.c.id == 31))

    order_again()
    shop.before_run = lambda: shop.change(
        corner.orders.insert().values(id=99, customer_id=corner.LI, placed_at=datetime(2026, 11, 20), completed_at=None)
    )
    corner.sign_and_run(shop, LI)
    assert ids(shop.rows(corner.orders)) == [21, 99]
    li = next(row for row in shop.rows(corner.customer) if row["id"] == corner.LI)
    assert "li@" not in li["email"]


def test_a_case_that_closes_releases_its_rows_and_the_customer_is_told(shop):
    reference = corner.sign_and_run(shop, LI)
    assert corner.release(shop) == 0
    shop.change(corner.case.update().where(corner.case.c.id == 31).values(closed_at=datetime(2026, 11, 20)))
    assert corner.release(shop) == 1
    request, _runs, held = look(shop, reference)
    assert shop.rows(corner.case) == [] and ids(shop.rows(corner.orders)) == [21]
    assert {one.collection for one in held} == {"shop.invoice", "shop.customer"}
    with shop.center.database.reading() as session:
        certificates = certificates_of(session, request.id)
    assert [one.purpose for one in certificates] == ["erasure", "release"]
    assert certificates[1].body["extends"] == certificates[0].number
    assert corner.release(shop) == 0


def test_when_the_last_date_passes_everything_is_gone_and_the_request_is_complete(shop):
    reference = corner.sign_and_run(shop, LI)
    shop.change(corner.case.update().where(corner.case.c.id == 31).values(closed_at=datetime(2026, 11, 20)))
    with time_machine.travel(datetime(2036, 10, 5, 12, tzinfo=UTC), tick=True):
        corner.release(shop)
        assert ids(shop.rows(corner.invoice)) == [41]
    with time_machine.travel(datetime(2036, 10, 6, 12, tzinfo=UTC), tick=True):
        corner.release(shop)
    request, _, held = look(shop, reference)
    assert request.state.value == "completed" and held == []
    assert shop.rows(corner.invoice) == [] and ids(shop.rows(corner.customer)) == [corner.WANG]


def test_a_failed_database_leaves_the_others_done_the_request_open_and_can_be_retried(shop):
    trouble = shop.crm.url.get_backend_name()
    shop.before_run = lambda: _break(shop, trouble)
    reference = corner.sign_and_run(shop, LI)
    request, (run,), _ = look(shop, reference)
    assert run.state is RunState.FAILED and request.state.value == "needs_attention"
    assert shop.rows(corner.browsing) == []
    with shop.center.database.reading() as session:
        step = session.scalars(sa.select(ExecutionStep).where(ExecutionStep.dataset == "crm")).one()
    assert step.state.value == "failed" and step.error_words.zh and step.error_words.en
    _mend(shop, trouble)
    handed = []
    with shop.center.database.transaction() as session:
        from privacy_center.audit.append import Actor

        again = runs_of(session, request.id)[0]
        actor = Actor("staff", "O1", "operator")
        retry_run(session, again, lambda _, one, datasets: handed.append((one.id, datasets)), actor, clock.now())
    corner.run_handed(shop, handed)
    request, (run,), _ = look(shop, reference)
    assert run.state is RunState.DONE and ids(shop.rows(corner.contact), "member_no") == ["M008"]


def _break(shop, backend):
    """The company renames a table under our feet."""
    with shop.crm.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE card RENAME TO card_old")


def _mend(shop, backend):
    with shop.crm.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE card_old RENAME TO card")


def test_a_restored_backup_is_erased_again(shop):
    saved = {table: shop.rows(table) for table in (corner.browsing, corner.contact)}
    since = clock.now()
    corner.sign_and_run(shop, LI)
    shop.change(corner.browsing.insert().values(saved[corner.browsing][0]))
    shop.change(corner.contact.insert().values(saved[corner.contact][0]))
    assert _replay(shop, since) == 1
    assert shop.rows(corner.browsing) == [] and ids(shop.rows(corner.contact), "member_no") == ["M008"]
    assert _replay(shop, since) == 0


def _replay(shop, since):
    handed = []
    with shop.center.database.transaction() as session:
        for run in erased_since(session, since):
            again = open_replay(session, shop.center, run, clock.now())
            if again:
                handed.append((again.id, ["crm", "shop"]))
    for run_id, datasets in handed:
        with shop.center.database.reading() as session:
            there = set(session.scalars(sa.select(ExecutionStep.dataset).where(ExecutionStep.run_id == run_id)))
        corner.run_handed(shop, [(run_id, [one for one in datasets if one in there])])
    return len(handed)


def test_an_identifier_that_is_still_there_keeps_the_request_open(shop):
    shop.before_run = lambda: shop.change(
        corner.contact.insert().values(member_no="M900", customer_ref=None, email="li@example.com")
    )
    reference = corner.sign_and_run(shop, LI)
    request, (run,), _ = look(shop, reference)
    assert run.state is RunState.FAILED and request.state.value == "needs_attention"
    with shop.center.database.reading() as session:
        (hit,) = session.scalars(sa.select(ResidualHit))
    assert (hit.collection, hit.column, hit.explanation) == ("crm.contact", "email", None)


def test_a_person_may_erase_what_was_in_doubt(shop):
    shop.change(corner.case.update().where(corner.case.c.id == 32).values(closed_at=datetime(2026, 4, 1)))
    corner.sign_and_run(shop, LI, overrides={"shop.after_sales_case": Outcome.ERASE})
    assert ids(shop.rows(corner.case)) == [31]


def test_what_nobody_decided_stays_and_is_in_the_register(shop):
    shop.change(corner.case.update().where(corner.case.c.id == 32).values(closed_at=datetime(2026, 4, 1)))
    reference = corner.sign_and_run(shop, LI)
    assert ids(shop.rows(corner.case)) == [31, 32]
    _, _, held = look(shop, reference)
    assert sum(one.row_count for one in held if one.collection == "shop.after_sales_case") == 2


def test_a_request_for_one_category_completes_the_same_way_when_the_hold_ends(shop):
    reference = corner.sign_and_run(shop, LI, categories=["user.content"])
    assert len(shop.rows(corner.invoice)) == 2 and all(row["remark"] is None for row in shop.rows(corner.invoice))
    assert len(shop.rows(corner.orders)) == 4
    shop.change(corner.case.update().where(corner.case.c.id == 31).values(closed_at=datetime(2026, 11, 20)))
    corner.release(shop)
    assert ids(shop.rows(corner.case)) == [31, 32]
    assert look(shop, reference)[0].state.value == "completed_with_holds"


def test_dates_are_the_companys_not_the_servers(shop):
    assert shop.center.today(datetime(2026, 12, 31, 17, tzinfo=UTC)) == date(2027, 1, 1)


def test_what_the_customer_gives_up_goes_with_the_rest_or_later_under_the_same_approval(shop):
    from privacy_center.audit.append import Actor
    from privacy_center.execution.waive import waivable_rules, waive

    shop.change(corner.card.update().values(unbound_at=None))
    reference = corner.sign_and_run(shop, LI)
    assert ids(shop.rows(corner.card)) == [51] and ids(shop.rows(corner.contact), "member_no") == ["M007", "M008"]
    with shop.center.database.transaction() as session:
        request = request_by_reference(session, reference)
        assert list(waivable_rules(session, request)) == ["card-bound"]
        actor, at = Actor("customer", str(request.person_id)), clock.now()
        waive(session, shop.center, request, ["card-bound"], actor=actor, today=shop.center.today(at), at=at)
    assert corner.release(shop) == 1
    assert shop.rows(corner.card) == [] and ids(shop.rows(corner.contact), "member_no") == ["M008"]


SEALED = corner.POLICY.replace(
    "treatment: restrict\n  needs: [id, customer_id, issued_on, title]",
    "treatment: seal\n  needs: [id, customer_id, issued_on, title]",
)


def test_what_a_rule_needs_and_nobody_should_read_is_moved_into_the_vault_until_it_ends(shop):
    from privacy_center.execution.vault import open_vault
    from privacy_center.people.staff.models import Role
    from privacy_center.people.staff.roster import create_staff

    (shop.home / "policy" / "corner.yml").write_text(SEALED)
    shop.reopen()
    reference = corner.sign_and_run(shop, LI)
    (row,) = shop.rows(corner.invoice)
    assert row["title"] != "李雷" and row["remark"] is None and row["issued_on"] == date(2026, 10, 5)
    with shop.center.database.transaction() as session:
        request = request_by_reference(session, reference)
        people = [
            create_staff(
                session,
                number=number,
                name=number,
                email=f"{number}@x.cn",
                password="long enough 12",
                roles=[Role.PRIVACY_OFFICER],
                at=clock.now(),
            )
            for number in ("P1", "P2")
        ]
        (opened,) = open_vault(session, request, by=people[0], second=people[1], reason="tax audit", at=clock.now())
        assert (opened.key, opened.values["title"]) == ({"id": 41}, "李雷")
        with pytest.raises(Refusal):
            open_vault(session, request, by=people[0], second=people[0], reason="tax audit", at=clock.now())
    with time_machine.travel(datetime(2036, 10, 6, 12, tzinfo=UTC), tick=True):
        corner.release(shop)
    assert shop.rows(corner.invoice) == []


def sealed_invoices(shop):
    """The keys of the rows that the vault holds."""
    with shop.center.database.reading() as session:
        entries = [(one.plan_item_id, one.values_sealed) for one in session.scalars(sa.select(VaultEntry))]
        return sorted(
            written[0][0] for item, sealed in entries for written in open_json(session, sealed, f"vault:{item}")
        )


def test_what_is_sealed_of_a_record_is_destroyed_when_its_own_hold_ends_and_the_rest_stays(shop):
    (shop.home / "policy" / "corner.yml").write_text(SEALED)
    shop.reopen()
    alike = {"customer_id": corner.LI, "title": "李雷", "remark": None}
    shop.change(corner.invoice.insert().values(id=43, issued_on=date(2026, 10, 5), **alike))
    shop.change(corner.invoice.insert().values(id=44, issued_on=date(2025, 10, 5), **alike))
    corner.sign_and_run(shop, LI)
    assert sealed_invoices(shop) == [41, 43, 44]
    shop.change(corner.invoice.update().where(corner.invoice.c.id == 43).values(issued_on=date(2014, 1, 1)))
    assert corner.release(shop) == 1 and ids(shop.rows(corner.invoice)) == [41, 44]
    assert sealed_invoices(shop) == [41, 44], "one of two rows of an entry went"
    with time_machine.travel(datetime(2035, 10, 7, 12, tzinfo=UTC), tick=True):
        assert corner.release(shop) == 1
        assert ids(shop.rows(corner.invoice)) == [41] and sealed_invoices(shop) == [41]


def test_a_restricted_row_is_marked_for_the_companys_own_systems(shop):
    with shop.shop.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE invoice ADD COLUMN restricted_on DATE")
    (shop.home / "catalogue.yml").write_text("markers: {shop.invoice: restricted_on}\n")
    text = (shop.home / "datamap" / "shop.yml").read_text()
    field = "    - {name: restricted_on, data_categories: [system.operations]}\n  - name: browsing"
    (shop.home / "datamap" / "shop.yml").write_text(text.replace("  - name: browsing", field))
    shop.reopen()
    corner.sign_and_run(shop, LI)
    with shop.shop.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM invoice WHERE restricted_on IS NOT NULL").scalar() == 1


CONTACT_WHILE_OPEN = """
- key: contact-while-open
  title: {zh-CN: 售后联系, en: Contact for a case}
  authority: law
  citation: {law: 电子商务法, article: "62", checked: true}
  covers: {collection: shop.customer}
  when: {exists: {collection: shop.orders, on: {customer_id: id}, when: {exists: {collection: shop.after_sales_case, on: {order_id: id}, when: {field: closed_at, is: null}}}}}
  until: {event: case closed}
  treatment: restrict
  needs: [name, phone, email]
  customer: {zh-CN: 售后要联系您。, en: We must reach you.}
- key: name-on-account
  title: {zh-CN: 名字, en: Name}
  authority: law
  citation: {law: 会计法, article: "23", checked: true}
  covers: {collection: shop.customer}
  when: {exists: {collection: shop.invoice, on: {customer_id: id}}}
  until: {event: invoices gone}
  treatment: restrict
  needs: [name]
  customer: {zh-CN: 发票要名字。, en: Invoices need a name.}
"""


def customer_of(shop):
    return next(row for row in shop.rows(corner.customer) if row["id"] == corner.LI)


def test_a_row_whose_hold_ends_while_another_row_needs_it_is_emptied_at_once(shop):
    contact, _ = CONTACT_WHILE_OPEN.split("- key: name-on-account")
    (shop.home / "policy" / "corner.yml").write_text(corner.POLICY + contact)
    shop.reopen()
    reference = corner.sign_and_run(shop, LI)
    assert customer_of(shop)["email"] == "li@example.com"
    shop.change(corner.case.update().where(corner.case.c.id == 31).values(closed_at=datetime(2026, 11, 20)))
    assert corner.release(shop) == 1
    assert "li@" not in customer_of(shop)["email"] and customer_of(shop)["phone"] is None
    _, _, held = look(shop, reference)
    assert {(one.collection, one.kind.value) for one in held} == {
        ("shop.invoice", "hold"),
        ("shop.customer", "skeleton"),
    }
    assert corner.release(shop) == 0


def test_when_one_of_two_holds_ends_the_row_keeps_only_what_the_other_needs(shop):
    (shop.home / "policy" / "corner.yml").write_text(corner.POLICY + CONTACT_WHILE_OPEN)
    shop.reopen()
    reference = corner.sign_and_run(shop, LI)
    shop.change(corner.case.update().where(corner.case.c.id == 31).values(closed_at=datetime(2026, 11, 20)))
    assert corner.release(shop) == 1
    assert customer_of(shop)["name"] == "李雷" and "li@" not in customer_of(shop)["email"]
    _, _, held = look(shop, reference)
    (entry,) = [one for one in held if one.collection == "shop.customer"]
    assert [hold["rule"] for hold in entry.holds] == ["name-on-account"]
    assert corner.release(shop) == 0


def test_a_table_whose_trigger_touches_another_is_changed_one_by_one(new_postgres, tmp_path, monkeypatch):
    known = "- name: browsing\n    fides_meta: {known_triggers: [note_gone]}\n"
    monkeypatch.setattr(corner, "SHOP_MAP", corner.SHOP_MAP.replace("- name: browsing\n", known))
    shop = corner.open_corner(tmp_path, shop_url=new_postgres())
    with shop.shop.begin() as connection:
        connection.exec_driver_sql(
            "CREATE FUNCTION note_gone() RETURNS trigger AS $$ BEGIN"
            " UPDATE order_line SET engraving = NULL WHERE order_id IN (12, 13); RETURN OLD; END $$ LANGUAGE plpgsql"
        )
        connection.exec_driver_sql(
            "CREATE TRIGGER note_gone BEFORE DELETE ON browsing FOR EACH ROW EXECUTE FUNCTION note_gone()"
        )
    reference = corner.sign_and_run(shop, LI)
    request, runs, _held = look(shop, reference)
    assert request.state.value == "completed_with_holds" and runs[0].state is RunState.DONE
    assert ids(shop.rows(corner.orders)) == [11, 21] and shop.rows(corner.browsing) == []
    shop.center.close()
    shop.shop.dispose()
    shop.crm.dispose()


def test_a_table_whose_trigger_wants_what_belongs_to_it_gone_before_is_deleted_after_it(new_postgres, tmp_path):
    shop = corner.open_corner(tmp_path, shop_url=new_postgres())
    with shop.shop.begin() as connection:
        connection.exec_driver_sql(
            "CREATE FUNCTION none_left() RETURNS trigger AS $$ BEGIN"
            " IF EXISTS (SELECT 1 FROM order_line WHERE order_id = OLD.id) THEN RAISE 'lines are left'; END IF;"
            " RETURN OLD; END $$ LANGUAGE plpgsql"
        )
        connection.exec_driver_sql(
            "CREATE TRIGGER none_left BEFORE DELETE ON orders FOR EACH ROW EXECUTE FUNCTION none_left()"
        )
    reference = corner.sign_and_run(shop, LI)
    _request, runs, _held = look(shop, reference)
    assert runs[0].state is RunState.DONE and ids(shop.rows(corner.orders)) == [11, 21]
    shop.center.close()
    shop.shop.dispose()
    shop.crm.dispose()


@pytest.mark.parametrize("wished", [False, True], ids=["", "what the map wants first goes first"])
def test_on_postgresql_parents_and_children_go_in_one_statement(new_postgres, tmp_path, monkeypatch, wished):
    if wished:
        first = corner.SHOP_MAP.replace(
            "- name: browsing\n", "- name: browsing\n    fides_meta: {erase_after: [shop.orders]}\n"
        )
        assert first != corner.SHOP_MAP
        monkeypatch.setattr(corner, "SHOP_MAP", first)
    shop = corner.open_corner(tmp_path, shop_url=new_postgres())
    sent: list[str] = []
    engine = shop.center.sources.engine("shop")
    sa.event.listen(engine, "before_cursor_execute", lambda _c, _k, said, *_rest: sent.append(said))
    corner.sign_and_run(shop, LI)
    deleting = [said for said in sent if "DELETE FROM" in said]
    assert "DELETE FROM order_line" in deleting[0] and ("DELETE FROM browsing" in deleting[0]) is not wished
    assert ("DELETE FROM orders" in deleting[0]) is not wished and (len(deleting) == 1) is not wished
    assert ids(shop.rows(corner.orders)) == [11, 21] and shop.rows(corner.browsing) == []
    shop.center.close()
    shop.shop.dispose()
    shop.crm.dispose()
