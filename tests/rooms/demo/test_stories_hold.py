"""What the stories promise is what a search in the sample company's databases and the rules make of them."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from privacy_center.center import Center
from privacy_center.config import load_settings
from privacy_center.datamap.catalogue import load_catalogue
from privacy_center.datamap.load import load_map
from privacy_center.demo.build import HOME_FILES, build_home
from privacy_center.demo.stories import story
from privacy_center.plans.draft import draft_plan
from privacy_center.retention.pack import load_packs
from privacy_center.sources.config import load_sources
from privacy_center.sources.locate import locate
from privacy_center.sources.open import Sources
from privacy_center.sources.rows import Located, Ownership

AT = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Sources:
    home: Path = tmp_path_factory.mktemp("homes") / "demo"
    build_home(home, AT)
    data_map, _ = load_map(home / "datamap")
    return Sources(load_sources(home / "sources.yml"), data_map)


def find(sources: Sources, key: str, *, phone: bool = False) -> Located:
    one = story(key)
    identities = {"email": [one.email]} if one.email else {"phone_number": [one.phone]}
    return locate(sources, sources.data_map, identities | ({"phone_number": [one.phone]} if phone else {}))


def keys(located: Located, collection: str, ownership: Ownership) -> list[object]:
    found = located.collections.get(collection)
    return sorted(row.key[0] for row in found.owned(ownership)) if found else []


def test_the_family_address_is_shared_and_the_office_address_is_hers(sources: Sources) -> None:
    located = find(sources, "family-mother")
    assert len(keys(located, "shop.address", Ownership.SHARED)) == 1
    assert len(keys(located, "shop.address", Ownership.OWN)) == 1
    assert len(keys(located, "shop.orders", Ownership.OWN)) == 1


def test_the_card_that_paid_for_him_is_somebody_elses(sources: Sources) -> None:
    located = find(sources, "family-son")
    assert len(keys(located, "shop.bank_card", Ownership.THIRD_PARTY)) == 1
    assert keys(located, "shop.bank_card", Ownership.OWN) == []


def test_an_account_with_two_e_mail_addresses_is_hers_and_the_other_address_is_offered(sources: Sources) -> None:
    located = find(sources, "two-e-mails")
    assert keys(located, "shop.customer", Ownership.OWN) == [story("two-e-mails").number]
    assert len(keys(located, "shop.orders", Ownership.OWN)) == 1
    assert located.offered["email"] == {"yutong.backup@example.org"}


def test_the_earlier_owner_of_a_recycled_number_is_for_a_person_to_judge(sources: Sources) -> None:
    located = find(sources, "recycled-new", phone=True)
    assert keys(located, "shop.customer", Ownership.OWN) == [10]
    assert keys(located, "shop.customer", Ownership.UNCLEAR) == [9]


def test_the_guardian_is_not_deleted_with_the_child(sources: Sources) -> None:
    located = find(sources, "child")
    assert keys(located, "shop.customer", Ownership.OWN) == [11]
    assert keys(located, "shop.customer", Ownership.THIRD_PARTY) == [20]


def test_both_numbers_are_found_and_the_other_phone_is_offered(sources: Sources) -> None:
    located = find(sources, "two-numbers")
    assert len(keys(located, "crm.member", Ownership.OWN)) == 1
    assert "13900010088" in located.offered["phone_number"]


def test_an_employee_reaches_no_case_that_she_handled(sources: Sources) -> None:
    located = find(sources, "employee")
    assert len(keys(located, "shop.after_sales_case", Ownership.OWN)) == 1
    assert "shop.staff" not in located.collections


def test_the_customer_with_nothing_has_one_row(sources: Sources) -> None:
    assert sum(len(found.rows) for found in find(sources, "nothing").collections.values()) == 1


def test_forty_thousand_rows_take_as_few_queries_as_forty(sources: Sources) -> None:
    many = find(sources, "forty-thousand")
    assert len(many.collections["shop.browsing_history"].rows) == 40_000
    assert many.queries < 100


def test_the_rules_of_the_land_and_of_the_company_find_their_tables() -> None:
    settings = load_settings(HOME_FILES)
    catalogue = load_catalogue(HOME_FILES / "catalogue.yml")
    data_map, _ = load_map(HOME_FILES / "datamap")
    rules, findings = load_packs(
        HOME_FILES / "policy", catalogue=catalogue, data_map=data_map, settings=settings, today=date(2026, 11, 21)
    )
    assert [one.spoken("en") for one in findings if one.level == "error"] == []
    for collection in (
        "orders",
        "payment",
        "invoice",
        "accounting_voucher",
        "after_sales_case",
        "bank_card",
        "points_account",
    ):
        assert rules.rules_for(f"shop.{collection}"), collection


def test_the_allergy_note_and_the_order_are_held_by_a_member_of_staff(tmp_path: Path) -> None:
    home = tmp_path / "demo"
    build_home(home, AT)
    center = Center.open(home)
    try:
        one = story("held-by-hand")
        plan = draft_plan(center, {"email": [one.email], "phone_number": [one.phone]}, None, date(2026, 11, 21))
        held = {
            collection: (decision.action.value, decision.fields)
            for collection, decision, _ in plan.sheet.groups()
            if any(hold.placed for hold in decision.holds)
        }
    finally:
        center.close()
    assert held == {"crm.health_note": ("restrict", ()), "shop.orders": ("restrict", ())}
