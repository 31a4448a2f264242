"""Which rules apply: jurisdiction, sector flags, effective dates, kinds of record, parents of rows."""

from datetime import date, timedelta

import pytest

from tests.rooms.retention.conftest import TODAY, a_map, a_pack, a_rule


def keys(company, *packs, collection="shop.orders", today=None, **settings) -> list[str]:
    book, findings = company.rules(*packs, **settings)
    assert [one.words.en for one in findings if one.level == "error"] == []
    return [rule.key for rule in book.rules_for(collection, today)]


@pytest.mark.parametrize(
    ("jurisdiction", "applied"),
    [("CN", ["cn"]), ("CN-SH", ["cn", "sh"]), ("CN-BJ", ["cn"]), ("EU", ["eu"]), ("CNX", [])],
)
def test_a_company_is_under_the_packs_of_its_country_and_its_own_region(company, jurisdiction, applied):
    packs = [a_pack(a_rule(key), pack=key, jurisdiction=j) for key, j in (("cn", "CN"), ("sh", "CN-SH"), ("eu", "EU"))]
    assert keys(company, *packs, jurisdiction=jurisdiction) == applied


def test_sector_rules_apply_only_where_the_company_sets_the_flag(company):
    packs = [
        a_pack(a_rule("free"), a_rule("on-rule", flags=["platform"]), pack="one"),
        a_pack(a_rule("on-pack"), a_rule("on-both", flags=["food"]), pack="two", flags=["platform"]),
    ]
    assert keys(company, *packs) == ["free"]
    assert keys(company, *packs, flags=["platform"]) == ["free", "on-rule", "on-pack"]
    assert keys(company, *packs, flags=["platform", "food"]) == ["free", "on-rule", "on-pack", "on-both"]


def test_a_rule_applies_from_its_first_day_to_its_last(company, new_shop):
    rule = a_rule(effective={"from": date(2026, 1, 1), "to": date(2026, 12, 31)})
    book = company.book(rule)
    shop = new_shop(orders="(1, 'x', '2020-01-01', NULL, 1, 'c')")
    outcomes = [
        shop.outcome(book, "shop.orders", today=day)
        for day in (date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 1))
    ]
    assert outcomes == ["erase", "restrict", "restrict", "erase"]


def test_a_rule_that_does_not_apply_is_not_held_against_the_map(company):
    elsewhere = a_pack(a_rule("eu", covers={"collection": "nowhere.at_all"}), pack="eu", jurisdiction="EU")
    flagged = a_pack(a_rule("flagged", flags=["bank"], covers={"category": "user.nothing"}), pack="bank")
    assert company.said(elsewhere, flagged) == []


def test_a_category_covers_every_collection_with_a_field_in_it_and_no_other(company):
    rule = a_rule(covers={"category": "user.device"})
    assert keys(company, a_pack(rule), collection="shop.logs") == ["a-rule"]
    assert keys(company, a_pack(rule), collection="shop.orders") == []


def records(company, text: str) -> None:
    from privacy_center.datamap.catalogue import load_catalogue

    path = company.folder / "catalogue.yml"
    path.write_text(text, "utf-8")
    company.catalogue = load_catalogue(path)


def test_a_rule_about_a_kind_of_record_uses_the_catalogue_s_names_for_columns(company, new_shop):
    records(
        company,
        "records: {case: [{collection: shop.cases, done: closed_at, text: note}, {collection: shop.logs, done: at}]}",
    )
    rule = a_rule(
        covers={"record": "case"},
        when={"field": "done", "is": "not_null"},
        until={"period": "P1Y", "from": "done"},
        needs=["done", "text?"],
    )
    book = company.book(rule)
    shop = new_shop(cases="(1, '1', '2026-01-01', '2026-02-01', 'n')", logs="(1, '2026-03-01', 'ip')")
    (in_case,) = shop.judge(book, "shop.cases")[1].holds
    (in_log,) = shop.judge(book, "shop.logs")[1].holds
    assert (in_case.needs, in_log.needs) == (("closed_at", "note"), ("at",))
    assert (in_case.until, in_log.until) == (date(2027, 2, 1), date(2027, 3, 1))


def test_an_alias_says_what_began_and_what_ended_where_columns_do_not(company, new_shop):
    company.data_map = a_map(shop__odd="id 完成 下单")
    records(company, "records: {transaction: {collection: shop.odd, completed: 完成, placed: 下单}}")
    book = company.book(a_rule(covers={"record": "transaction"}, until={"period": "P1Y", "from": "completed"}))
    shop = new_shop()
    shop.data_map = company.data_map
    with shop.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE odd (id INTEGER PRIMARY KEY, 完成 TEXT, 下单 TEXT)")
        connection.exec_driver_sql(
            "INSERT INTO odd VALUES (1, '2020-01-01', '2020-01-02'), (2, '2020-01-02', '2020-01-01')"
        )
    shop.metadata.reflect(shop.engine)
    verdicts = shop.judge(book, "shop.odd")
    assert [verdicts[one].outcome.value for one in (1, 2)] == ["manual", "erase"]


OF = {"collection": "shop.orders", "on": {"id": "order_id"}}


@pytest.mark.parametrize("server", ["sqlite", "postgres", "mariadb"])
def test_a_period_counts_from_the_row_that_a_row_belongs_to(company, new_shop, request, server):
    url = "" if server == "sqlite" else request.getfixturevalue(f"{server}_url")
    rule = a_rule(covers={"collection": "shop.cases"}, until={"period": "P3Y", "from": "completed_at", "of": OF})
    shop = new_shop(
        url,
        "DATETIME" if server == "mariadb" else "TIMESTAMP",
        orders="(1, 'x', '2020-01-01', '2026-11-20 23:59:59', 1, 'c'), (2, 'x', '2020-01-01', NULL, 1, 'c')",
        cases="(1, '1', NULL, NULL, 'n'), (2, '2', NULL, NULL, 'n'), (3, '9', NULL, NULL, 'n')",
    )
    book = company.book(rule)
    verdicts = shop.judge(book, "shop.cases")
    assert verdicts[1].holds[0].until == date(2029, 11, 20)
    assert [verdicts[one].outcome.value for one in (2, 3)] == ["manual", "manual"]
    assert "shop.orders.completed_at" in verdicts[2].reason.en
    free = shop.judge(book, "shop.cases", date(2029, 11, 21))
    assert free[1].outcome.value == "erase"
    assert book.fields_used("shop.orders") == {"id", "completed_at"}
    assert book.fields_used("shop.cases") == {"order_id"}


def test_conditions_on_real_servers_keep_sql_s_three_values(company, new_shop, postgres_url, mariadb_url):
    case = {"exists": {"collection": "shop.cases", "on": {"order_id": "id"}, "when": {"field": "note", "ne": "done"}}}
    book = company.book(a_rule("a", when=case), a_rule("b", when={"not": {"field": "status", "in": ["done", "lost"]}}))
    for url in (postgres_url, mariadb_url):
        shop = new_shop(
            url,
            orders="(1, 'done', '2020-01-01', NULL, 1, 'c'), (2, 'done', '2020-01-01', NULL, 1, 'c'), (3, NULL, '2020-01-01', NULL, 1, 'c'), (4, 'open', '2020-01-01', NULL, 1, 'c')",
            cases="(1, '1', NULL, NULL, NULL), (2, '2', NULL, NULL, 'done')",
        )
        verdicts = shop.judge(book, "shop.orders")
        assert [verdicts[one].outcome.value for one in (1, 2, 3, 4)] == ["manual", "erase", "manual", "restrict"]


def test_a_shipped_pack_gives_way_to_the_company_s_own_of_the_same_name(company):
    book, _ = company.rules()
    assert "cn-base.yml" in [pack.file for pack in book.packs]
    book, _ = company.rules(a_pack(a_rule(), pack="cn-base"))
    assert [pack.file for pack in book.packs] == ["pack0.yml"]


def test_the_version_follows_packs_and_the_settings_that_change_their_meaning(company):
    first, _ = company.rules(a_pack(a_rule()))
    again, _ = company.rules(a_pack(a_rule()))
    assert first.version == again.version
    others = [
        company.rules(a_pack(a_rule(treatment="seal")))[0],
        company.rules(a_pack(a_rule()), fiscal_year_start="04-01")[0],
        company.rules(a_pack(a_rule()), timezone="UTC")[0],
        company.rules(a_pack(a_rule()), flags=["x"])[0],
    ]
    assert len({first.version, *(one.version for one in others)}) == 5


def test_the_day_after_the_end_a_row_is_free(company, new_shop):
    book = company.book(a_rule(until={"period": "P30D", "from": "placed_at"}))
    shop = new_shop(
        orders=f"(1, 'x', '{TODAY - timedelta(days=30)}', NULL, 1, 'c'), (2, 'x', '{TODAY - timedelta(days=31)}', NULL, 1, 'c')"
    )
    verdicts = shop.judge(book, "shop.orders")
    assert verdicts[1].holds[0].until == TODAY and verdicts[2].outcome.value == "erase"
