"""What the rules say of rows in a real database."""

from datetime import date

import pytest

from privacy_center.retention.verdict import Outcome
from tests.rooms.retention.conftest import TODAY, a_pack, a_rule

OPEN_ORDER = a_rule("open", when={"field": "completed_at", "is": None})
THREE_YEARS = a_rule(
    "three-years", when={"field": "completed_at", "is": "not_null"}, until={"period": "P3Y", "from": "completed_at"}
)


def test_a_row_that_no_rule_holds_is_erased(company, new_shop):
    shop = new_shop(orders="(1, 'done', '2020-01-01', '2020-01-02', 5, 'c1')")
    assert shop.outcome(company.book(OPEN_ORDER, THREE_YEARS), "shop.orders") == "erase"


def test_a_held_row_names_every_rule_with_the_event_first_and_then_the_latest_end(company, new_shop):
    thirty = a_rule("thirty", until={"period": "P30Y", "from": "placed_at"})
    dispute = a_rule(
        "dispute",
        when={"field": "status", "eq": "disputed"},
        until={"event": {"zh-CN": "争议结束", "en": "dispute over"}},
    )
    shop = new_shop(
        orders="(1, 'disputed', '2026-01-01', '2026-01-02', 5, 'c1'), (2, 'done', '2026-01-01', '2026-01-02', 5, 'c1')"
    )
    verdicts = shop.judge(company.book(THREE_YEARS, thirty, dispute), "shop.orders")
    assert [hold.rule for hold in verdicts[1].holds] == ["dispute", "thirty", "three-years"]
    assert verdicts[1].holds[0].until is None and verdicts[1].holds[0].event.en == "dispute over"
    assert [hold.rule for hold in verdicts[2].holds] == ["thirty", "three-years"]
    assert verdicts[2].holds[0].until == date(2056, 1, 1) and verdicts[2].holds[0].event is None
    assert verdicts[2].outcome is Outcome.RESTRICT
    assert verdicts[2].holds[0].citation.zh == "《电子商务法》第62条"


def test_one_held_row_never_blocks_another(company, new_shop):
    shop = new_shop(orders="(1, 'x', '2026-01-01', NULL, 5, 'c1'), (2, 'x', '2020-01-01', '2020-01-02', 5, 'c1')")
    verdicts = shop.judge(company.book(OPEN_ORDER), "shop.orders")
    assert (verdicts[1].outcome, verdicts[2].outcome) == (Outcome.RESTRICT, Outcome.ERASE)


@pytest.mark.parametrize(
    ("treatments", "outcome"),
    [
        (["ask"], "ask"),
        (["ask", "restrict"], "restrict"),
        (["ask", "mask"], "restrict"),
        (["seal"], "restrict"),
        (["manual"], "manual"),
        (["manual", "restrict"], "manual"),
    ],
)
def test_the_outcome_follows_the_treatments_of_all_holds(company, new_shop, treatments, outcome):
    shop = new_shop(orders="(1, 'x', '2026-01-01', NULL, 5, 'c1')")
    rules = [a_rule(f"r{number}", treatment=one) for number, one in enumerate(treatments)]
    verdict = shop.judge(company.book(*rules), "shop.orders")[1]
    assert verdict.outcome.value == outcome
    assert len(verdict.holds) == len(treatments)


@pytest.mark.parametrize("authority", ["department_rule", "local_regulation", "national_standard", "contract"])
def test_a_weak_authority_holds_but_asks_for_a_human_reason(company, new_shop, authority):
    shop = new_shop(orders="(1, 'x', '2026-01-01', NULL, 5, 'c1')")
    (hold,) = shop.judge(company.book(a_rule(authority=authority)), "shop.orders")[1].holds
    assert hold.needs_human_reason


@pytest.mark.parametrize("authority", ["law", "administrative_regulation", "delegated_rule"])
def test_a_strong_authority_needs_no_further_reason(company, new_shop, authority):
    shop = new_shop(orders="(1, 'x', '2026-01-01', NULL, 5, 'c1')")
    (hold,) = shop.judge(company.book(a_rule(authority=authority)), "shop.orders")[1].holds
    assert not hold.needs_human_reason


def test_company_policy_never_holds_a_row_against_its_customer(company, new_shop):
    policy = a_rule(
        "policy", authority="company_policy", citation=None, customer=None, until={"period": "P5Y", "from": "placed_at"}
    )
    shop = new_shop(orders="(1, 'x', '2026-01-01', NULL, 5, 'c1')")
    verdict = shop.judge(company.book(policy), "shop.orders")[1]
    assert verdict.outcome is Outcome.ERASE and verdict.holds == ()


def test_company_policy_says_which_rows_are_due_and_holds_still_keep_them(company, new_shop):
    import sqlalchemy as sa

    policy = a_rule(
        "policy", authority="company_policy", citation=None, customer=None, until={"period": "P5Y", "from": "placed_at"}
    )
    shop = new_shop(
        orders="(1, 'x', '2021-11-20', '2021-11-22', 5, 'c1'), (2, 'x', '2021-11-21', '2021-11-22', 5, 'c'), (3, 'x', '2015-01-01', NULL, 5, 'c'),"
        "(4, 'x', NULL, '2020-01-01', 5, 'c'), (5, 'x', '2020-01-01', '2019-01-01', 5, 'c')"
    )
    book = company.book(policy, OPEN_ORDER)
    collection, table = shop.data_map.collections["shop.orders"], shop.table_of("shop.orders")
    with shop.engine.connect() as connection:
        expired = book.expired(collection, table, shop.table_of, TODAY)
        due = book.due_for_automatic_deletion(collection, table, shop.table_of, TODAY)
        assert set(connection.scalars(sa.select(table.c.id).where(expired))) == {1, 3, 5}
        assert set(connection.scalars(sa.select(table.c.id).where(due))) == {1}
    assert (
        book.expired(shop.data_map.collections["shop.cases"], shop.table_of("shop.cases"), shop.table_of, TODAY) is None
    )


def test_a_condition_that_cannot_be_told_is_manual_and_says_why(company, new_shop):
    rule = a_rule(when={"field": "status", "ne": "done"})
    shop = new_shop(orders="(1, NULL, '2020-01-01', NULL, 5, 'c1')")
    verdict = shop.judge(company.book(rule), "shop.orders")[1]
    assert verdict.outcome is Outcome.MANUAL
    assert "status" in verdict.reason.en and "规则 a-rule" in verdict.reason.zh


@pytest.mark.parametrize("start", ["NULL", "''", "'n/a'", "'2024-02-30'", "'0000-00-00'", "1700000000", "'1899-12-31'"])
def test_a_period_without_a_believable_start_is_manual(company, new_shop, start):
    rule = a_rule(until={"period": "P3Y", "from": "placed_at"})
    shop = new_shop(orders=f"(1, 'x', {start}, NULL, 5, 'c1')")
    verdict = shop.judge(company.book(rule), "shop.orders")[1]
    assert verdict.outcome is Outcome.MANUAL and "placed_at" in verdict.reason.en


def test_a_start_more_than_a_day_ahead_is_manual(company, new_shop):
    rule = a_rule(until={"period": "P3Y", "from": "placed_at"})
    shop = new_shop(
        orders="(1, 'x', '2026-11-22 23:59', NULL, 5, 'c'), (2, 'x', '2026-11-23', NULL, 5, 'c'), (3, 'x', '9999-12-31', NULL, 5, 'c')"
    )
    verdicts = shop.judge(company.book(rule), "shop.orders")
    assert [verdicts[one].outcome.value for one in (1, 2, 3)] == ["restrict", "manual", "manual"]
    assert "2026-11-23" in verdicts[2].reason.en


def test_an_order_closed_before_it_was_opened_is_manual_although_another_rule_holds_it(company, new_shop):
    always = a_rule("always")
    shop = new_shop(
        orders="(1, 'x', '2020-05-02', '2020-05-01', 5, 'c'), (2, 'x', '2020-05-01 10:00', '2020-05-01', 5, 'c'), (3, 'x', '2020-05-01 10:00', '2020-05-01 09:59', 5, 'c')"
    )
    verdicts = shop.judge(company.book(THREE_YEARS, always), "shop.orders")
    assert [verdicts[one].outcome.value for one in (1, 2, 3)] == ["manual", "restrict", "manual"]
    assert (
        verdicts[1].reason.en
        == "completed_at lies before placed_at, but nothing ends before it begins. Check this row."
    )
    assert [hold.rule for hold in verdicts[1].holds] == ["always"]


def test_a_rule_says_itself_what_must_be_sane(company, new_shop):
    rule = a_rule(when={"field": "status", "eq": "open"}, sane={"field": "total", "ge": 0})
    shop = new_shop(
        orders="(1, 'done', '2020-01-01', NULL, -1, 'c'), (2, 'done', '2020-01-01', NULL, NULL, 'c'), (3, 'done', '2020-01-01', NULL, 0, 'c')"
    )
    verdicts = shop.judge(company.book(rule), "shop.orders")
    assert [verdicts[one].outcome.value for one in (1, 2, 3)] == ["manual", "manual", "erase"]


def test_exists_reaches_another_collection_by_keys_of_different_types(company, new_shop):
    rule = a_rule(
        when={
            "exists": {"collection": "shop.cases", "on": {"order_id": "id"}, "when": {"field": "closed_at", "is": None}}
        }
    )
    shop = new_shop(
        orders="(1, 'x', '2020-01-01', NULL, 5, 'c'), (2, 'x', '2020-01-01', NULL, 5, 'c'), (3, 'x', '2020-01-01', NULL, 5, 'c')",
        cases="(1, '1', '2026-01-01', NULL, 'n'), (2, '2', '2026-01-01', '2026-02-01', 'n')",
    )
    verdicts = shop.judge(company.book(rule), "shop.orders")
    assert [verdicts[one].outcome.value for one in (1, 2, 3)] == ["restrict", "erase", "erase"]


def test_a_related_row_that_cannot_be_told_makes_the_row_manual(company, new_shop):
    rule = a_rule(
        when={"exists": {"collection": "shop.cases", "on": {"order_id": "id"}, "when": {"field": "note", "eq": "open"}}}
    )
    shop = new_shop(
        orders="(1, 'x', '2020-01-01', NULL, 5, 'c'), (2, 'x', '2020-01-01', NULL, 5, 'c')",
        cases="(1, '1', '2026-01-01', NULL, NULL), (2, '2', '2026-01-01', NULL, 'open'), (3, '2', '2026-01-01', NULL, NULL)",
    )
    verdicts = shop.judge(company.book(rule), "shop.orders")
    assert [verdicts[one].outcome.value for one in (1, 2)] == ["manual", "restrict"]


def test_exists_within_the_same_collection_sees_other_rows(company, new_shop):
    rule = a_rule(
        when={
            "exists": {
                "collection": "shop.orders",
                "on": {"customer_id": "customer_id"},
                "when": {"field": "status", "eq": "open"},
            }
        }
    )
    shop = new_shop(
        orders="(1, 'done', '2020-01-01', NULL, 5, 'a'), (2, 'open', '2020-01-01', NULL, 5, 'a'), (3, 'done', '2020-01-01', NULL, 5, 'b')"
    )
    verdicts = shop.judge(company.book(rule), "shop.orders")
    assert [verdicts[one].outcome.value for one in (1, 2, 3)] == ["restrict", "restrict", "erase"]


def test_all_any_not_and_every_operator_are_evaluated_by_the_database(company, new_shop):
    rule = a_rule(
        when={
            "all": [
                {"any": [{"field": "status", "in": ["paid", "shipped"]}, {"field": "total", "gt": 100}]},
                {"not": {"field": "status", "not_in": ["paid", "shipped", "big"]}},
                {"field": "placed_at", "ge": {"today": "-P3Y"}},
                {"field": "placed_at", "lt": {"today": "P1D"}},
                {"field": "completed_at", "gt": {"field": "placed_at"}},
                {"field": "placed_at", "le": date(2026, 1, 1)},
            ]
        }
    )
    shop = new_shop(
        orders="(1, 'paid', '2026-01-01 23:00', '2026-02-01', 5, 'c'), (2, 'big', '2023-11-21', '2026-02-01', 101, 'c'),"
        "(3, 'big', '2026-01-01', '2026-02-01', 100, 'c'), (4, 'paid', '2023-11-20 23:59', '2026-02-01', 5, 'c'),"
        "(5, 'paid', '2026-01-02', '2026-02-01', 5, 'c'), (6, 'lost', '2026-01-01', '2026-02-01', 500, 'c')"
    )
    verdicts = shop.judge(company.book(rule), "shop.orders")
    assert {one: verdict.outcome.value for one, verdict in verdicts.items()} == {
        1: "restrict",
        2: "restrict",
        3: "erase",
        4: "erase",
        5: "erase",
        6: "erase",
    }


def test_a_column_that_the_live_table_lacks_is_unknown_and_never_a_no(company, new_shop):
    shop = new_shop(orders="(1, 'x', '2020-01-01', NULL, 5, 'c')")
    with shop.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE orders DROP COLUMN status")
    shop.metadata.clear()
    shop.metadata.reflect(shop.engine)
    assert shop.outcome(company.book(a_rule(when={"field": "status", "is": None})), "shop.orders") == "manual"


def test_a_book_with_an_error_judges_every_row_manual_and_calls_none_clear(company, new_shop):
    book, findings = company.rules(a_pack(a_rule(when={"field": "statsu", "is": None})))
    assert [one.level for one in findings if one.file == "pack0.yml"] == ["error"]
    shop = new_shop(orders="(1, 'x', '2020-01-01', NULL, 5, 'c')", logs="(1, 'x', 'y')")
    assert shop.outcome(book, "shop.orders") == "manual"
    assert shop.outcome(book, "shop.logs") == "manual"


def test_what_stays_readable_is_what_the_rule_names_or_what_its_category_holds(company, new_shop):
    by_category = a_rule("category", covers={"category": "user.financial"})
    by_name = a_rule("name", covers={"collection": "shop.invoices"}, needs=["id", "issued_on"])
    whole = a_rule("whole", covers={"collection": "shop.invoices"})
    shop = new_shop(invoices="(1, 7, '2026-01-01', 'Someone', 5)")
    holds = shop.judge(company.book(by_category, by_name, whole), "shop.invoices")[1].holds
    assert {hold.rule: hold.needs for hold in holds} == {
        "category": ("title", "amount"),
        "name": ("id", "issued_on"),
        "whole": (),
    }


def test_the_fields_that_rules_read_are_told_those_of_other_collections_too(company):
    book = company.book(
        THREE_YEARS,
        a_rule(
            when={
                "exists": {
                    "collection": "shop.cases",
                    "on": {"order_id": "id"},
                    "when": {"field": "closed_at", "is": None},
                }
            }
        ),
    )
    assert book.fields_used("shop.orders") == {"completed_at", "placed_at", "id"}
    assert book.fields_used("shop.cases") == {"order_id", "closed_at"}
    assert book.fields_used("shop.logs") == frozenset()


def test_forty_thousand_rows_with_few_different_days_are_few_verdicts(company):
    from datetime import datetime, timedelta

    book = company.book(THREE_YEARS)
    facts = [(1, datetime(2024, 1, 1) + timedelta(seconds=step), 0) for step in range(40_000)]
    verdicts = {id(book.judge("shop.orders", one, TODAY)) for one in facts}
    assert len(verdicts) == 1


def test_a_verdict_is_json_with_both_languages(company, new_shop):
    shop = new_shop(orders="(1, 'x', '2026-01-01', '2026-01-02', 5, 'c')")
    told = shop.judge(company.book(THREE_YEARS), "shop.orders")[1].as_json()
    assert told["outcome"] == "restrict" and told["holds"][0]["until"] == "2029-01-02"
    assert told["holds"][0]["reason"] == {"zh-CN": "还在处理。", "en": "Still open."}
