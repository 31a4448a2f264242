"""The packs that come with the product: they load, they say where they stand, they speak plainly."""

import re
from pathlib import Path

import pytest

from privacy_center.config import load_settings
from privacy_center.datamap.catalogue import load_catalogue
from privacy_center.datamap.finding import Findings
from privacy_center.datamap.load import load_map
from privacy_center.retention.condition import fields_of
from privacy_center.retention.pack import load_packs
from privacy_center.retention.reading import SHIPPED, read_pack
from privacy_center.retention.rule import Pack
from privacy_center.retention.verdict import Authority, Treatment

PACKS = sorted(SHIPPED.glob("*.yml"))
DEMO = Path(__file__).parents[3] / "privacy_center" / "demo" / "home" / "policy" / "qinghe.yml"


def read(path: Path) -> Pack:
    findings = Findings()
    pack = read_pack(path, findings)
    assert findings.found == [] and pack is not None
    return pack


def rules(path: Path) -> dict:
    return {rule.key: rule for rule in read(path).rules}


@pytest.mark.parametrize("path", PACKS, ids=lambda path: path.stem)
def test_shipped_packs_wait_for_counsel_and_speak_of_records_only(path):
    pack = read(path)
    assert pack.status == "needs_counsel_review"
    assert all(rule.covers.record for rule in pack.rules)


@pytest.mark.parametrize("path", [*PACKS, DEMO], ids=lambda path: path.stem)
def test_words_for_customers_are_short_and_never_mix_two_things(path):
    for rule in read(path).rules:
        for words in filter(None, (rule.title, rule.customer)):
            assert words.zh != words.en
            assert "注销" not in words.zh
            assert all(len(sentence) <= 25 for sentence in re.split("[。；]", words.zh))


def test_the_base_pack_has_the_periods_and_authorities_of_the_law():
    base = rules(SHIPPED / "cn-base.yml")
    said = {
        key: (rule.authority.value, rule.until.period.said, rule.until.start, rule.citation.checked)
        for key, rule in base.items()
        if not rule.ceiling and rule.until.period
    }
    assert said == {
        "cn-platform-transaction": ("law", "P3Y", None, True),
        "cn-platform-payment": ("department_rule", "P3Y", None, False),
        "cn-accounting-voucher": ("delegated_rule", "P30Y", "next_fiscal_year", False),
        "cn-accounting-report": ("delegated_rule", "P10Y", "next_fiscal_year", False),
        "cn-tax-document": ("administrative_regulation", "P10Y", "next_calendar_year", True),
        "cn-invoice-stub": ("administrative_regulation", "P5Y", None, True),
        "cn-network-log": ("law", "P6M", None, True),
        "cn-insurance-short": ("law", "P5Y", None, True),
        "cn-insurance-long": ("law", "P10Y", None, True),
        "cn-video": ("administrative_regulation", "P30D", None, True),
    }
    assert base["cn-platform-transaction"].flags == ("platform",)


def test_the_base_pack_asks_the_customer_where_only_they_can_act():
    base = rules(SHIPPED / "cn-base.yml")
    assert {key for key, rule in base.items() if rule.treatment is Treatment.ASK} == {
        "cn-card-bound",
        "cn-entitlement-unused",
    }


def test_what_the_company_promised_never_refuses_anybody():
    policies = [rule for path in (*PACKS, DEMO) for rule in read(path).rules if rule.key.split("-")[1] == "policy"]
    assert len(policies) >= 6
    assert all(rule.authority is Authority.COMPANY_POLICY and rule.ceiling for rule in policies)


def test_every_kind_of_record_and_every_name_the_packs_use_is_in_the_manual():
    manual = (Path(__file__).parents[3] / "docs" / "rules.md").read_text("utf-8")
    for path in PACKS:
        for rule in read(path).rules:
            named = {*fields_of(rule.when), *(name.rstrip("?") for name in rule.needs or ()), rule.until.from_} - {None}
            for kind in rule.covers.record:
                (line,) = [
                    one for one in manual.splitlines() if one.startswith("| `") and f"`{kind}`" in one.split("|")[1]
                ]
                assert {name for name in named if f"`{name}`" not in line} == set(), (rule.key, kind)


def test_the_sample_company_s_rules_hold_against_its_own_map():
    home = DEMO.parents[1]
    catalogue = load_catalogue(home / "catalogue.yml")
    data_map, _ = load_map(home / "datamap", extra_categories=catalogue.extra_categories)
    settings = load_settings(home)
    book, findings = load_packs(home / "policy", catalogue=catalogue, data_map=data_map, settings=settings)
    assert [one.words.en for one in findings if one.level == "error"] == []
    assert book.sound and [pack.pack for pack in book.packs] == ["qinghe", "cn-base"]
    assert {"cn-platform-transaction", "qinghe-case-order", "cn-order-unfinished"} == {
        rule.key for rule in book.rules_for("shop.orders")
    }
