"""The words beside the map: built in for every category, and the home's own over them."""

from pathlib import Path
from textwrap import dedent

import pytest

from privacy_center.datamap.catalogue import Catalogue, RecordPlace, load_catalogue
from privacy_center.datamap.display import MASKS
from privacy_center.datamap.vocabulary import default_categories
from privacy_center.errors import Words
from tests.rooms.datamap.maps import errors, load, only

MAP = """
fides_key: shop
collections:
  - name: customer
    fields: [{name: id, fides_meta: {primary_key: true, identity: n}, data_categories: [user.unique_id]}]
  - name: orders
    fields:
      - {name: id, fides_meta: {primary_key: true}}
      - {name: item, data_categories: [user.behavior.purchase_history]}
      - {name: customer_id, fides_meta: {references: [{dataset: shop, field: customer.id, direction: from}]}}
"""


def _home(folder: Path, text: str) -> Catalogue:
    path = folder / "catalogue.yml"
    path.write_text(dedent(text), "utf-8")
    return load_catalogue(path)


def test_every_category_of_the_taxonomy_has_words_in_both_languages() -> None:
    catalogue = load_catalogue(None)
    assert catalogue.findings == ()
    for key in default_categories():
        words = catalogue.category(key)
        assert words.title.zh != key and words.title.en != key
        assert words.display_mask in MASKS
        assert words.roles
        assert words.group in {one.key for one in catalogue.groups}


@pytest.mark.parametrize(
    ("key", "sensitive", "statutory"),
    [
        ("user.name", False, False),
        ("user.contact.phone_number", False, False),
        ("user.government_id.national_identification_number", True, False),
        ("user.financial.bank_account", True, True),
        ("user.financial.credit_card", True, True),
        ("user.health_and_medical", True, True),
        ("user.biometric.fingerprint", True, True),
        ("user.demographic.religious_belief", True, True),
        ("user.location.precise", True, True),
        ("user.location.imprecise", False, False),
        ("user.childrens", True, True),
    ],
)
def test_the_class_of_a_category(key: str, sensitive: bool, statutory: bool) -> None:
    words = load_catalogue(None).category(key)
    assert (words.sensitive, words.statutory) == (sensitive, statutory)
    assert ("agent" in words.roles) is not sensitive, "the front line sees only what is general"


def test_a_category_without_words_takes_those_of_its_nearest_parent() -> None:
    catalogue = load_catalogue(None)
    below = catalogue.category("user.contact.email.work")
    assert (below.title, below.display_mask, below.group) == (Words("电子邮件", "E-mail"), "email", "contact")
    assert catalogue.category("user.contact_extra").display_mask == "text", "not a part of user.contact"
    assert catalogue.category("elsewhere").display_mask == "full", "what nobody knows is hidden"


def test_the_home_goes_before_the_built_in_words_key_by_key(tmp_path: Path) -> None:
    catalogue = _home(
        tmp_path,
        """
        categories:
          user.contact.email: {mask: full}
          user.loyalty.points: {title: {zh-CN: 积分, en: Points}, mask: none, sensitive: false}
        groups:
          rewards: {order: 3, title: 会员权益}
        """,
    )
    assert catalogue.findings == ()
    email = catalogue.category("user.contact.email")
    assert (email.display_mask, email.title.en) == ("full", "E-mail")
    assert catalogue.category("user.loyalty.points").title == Words("积分", "Points")
    assert catalogue.extra_categories == {"user.loyalty.points"}
    assert [one.key for one in catalogue.groups][:4] == ["identity", "contact", "orders", "rewards"]
    assert catalogue.group("rewards").title == Words("会员权益", "会员权益")


def test_the_groups_stand_in_the_order_of_the_page() -> None:
    titles = [one.title.zh for one in load_catalogue(None).groups]
    assert titles == ["身份", "联系方式", "订单交易", "服务记录", "行为", "设备日志", "标签画像", "员工备注", "其他"]


def test_a_collection_is_told_in_a_customers_words(tmp_path: Path) -> None:
    catalogue = _home(
        tmp_path,
        """
        collections:
          shop.orders:
            title: {zh-CN: 订单, en: Orders}
            purpose: {zh-CN: 完成交易, en: To fulfil your order}
            source: you
            group: orders
            recipients: [{zh-CN: 快递公司, en: Courier}, Payment partner]
            legal_basis: {zh-CN: 履行合同, en: Contract}
        """,
    )
    words = catalogue.collection("shop.orders")
    assert catalogue.findings == ()
    assert (words.title.en, words.source, words.source_words.zh, words.group) == ("Orders", "you", "您提供的", "orders")
    assert words.recipients == (Words("快递公司", "Courier"), Words("Payment partner", "Payment partner"))
    unknown = catalogue.collection("shop.diary")
    assert (unknown.title, unknown.source, unknown.recipients) == (Words("diary", "diary"), "", ())


def test_a_collection_without_a_group_is_in_that_of_its_categories(tmp_path: Path) -> None:
    data_map, _ = load(tmp_path, MAP)
    catalogue = load_catalogue(None)
    assert catalogue.group_of(data_map.collections["shop.orders"]).key == "orders"
    said = _home(tmp_path, "collections: {shop.orders: {group: notes}}")
    assert said.group_of(data_map.collections["shop.orders"]).key == "notes"


def test_records_tell_rules_where_a_kind_of_record_lies(tmp_path: Path) -> None:
    catalogue = _home(
        tmp_path,
        """
        records:
          order: [{collection: shop.orders, number: id, person: customer_id}]
        markers: {shop.customer: id}
        """,
    )
    assert catalogue.findings == ()
    assert catalogue.records == {"order": (RecordPlace("shop.orders", {"number": "id", "person": "customer_id"}),)}
    assert catalogue.markers == {"shop.customer": "id"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("categoris: {}", "The key categoris is not known"),
        ("categories: {user.name: {mask: fone}}", "categories.user.name.mask cannot be fone"),
        ("categories: {user.name: {titel: x}}", "Did you mean title?"),
        ("categories: {user.name: {sensitive: maybe}}", "categories.user.name.sensitive is not written"),
        ("categories: {user.name: {title: {fr: nom}}}", "categories.user.name.title is not written"),
        ("categories: [user.name]", "categories is not written"),
        ("groups: {x: {order: first}}", "groups.x.order is not written"),
        ("collections: {shop.orders: {source: customer}}", "collections.shop.orders.source cannot be customer"),
        ("collections: {shop.orders: {group: ordres}}", "Did you mean orders?"),
        ("collections: {shop.orders: 3}", "collections.shop.orders is not written"),
        ("records: {order: [{number: id}]}", "records.order lacks collection"),
        ("records: {order: 5}", "records.order is not written"),
        ("markers: {shop.orders: [a]}", "markers.shop.orders is not written"),
        ("[1, 2]", "catalogue.yml is not written"),
        ("categories: {", "is not correct YAML"),
    ],
)
def test_what_a_home_says_wrongly_is_a_finding_and_is_left_out(tmp_path: Path, text: str, said: str) -> None:
    catalogue = _home(tmp_path, text)
    assert said in only(errors(list(catalogue.findings)))
    assert catalogue.category("user.name").display_mask == "name"


def test_a_group_of_the_homes_own_may_be_used_wherever_it_stands_in_the_file(tmp_path: Path) -> None:
    text = "collections: {shop.orders: {group: rewards}}\ngroups: {rewards: {order: 3, title: x}}"
    assert _home(tmp_path, text).findings == ()


def test_a_catalogue_is_held_against_the_map(tmp_path: Path) -> None:
    data_map, _ = load(tmp_path, MAP)
    text = """
        collections: {shop.order: {title: x}}
        records: {order: [{collection: shop.orders, person: custmer_id}]}
        markers: {crm.note: kept}
        """
    found = errors(_home(tmp_path, text).check_against(data_map))
    assert len(found) == 3
    assert "Did you mean shop.orders?" in found[0]
    assert "Did you mean customer_id?" in found[2]
    assert "columns" not in " ".join(found)


def test_a_home_without_a_catalogue_has_the_built_in_words(tmp_path: Path) -> None:
    assert load_catalogue(tmp_path / "catalogue.yml").findings == ()


def test_a_collection_may_say_what_its_fields_and_codes_are_called(tmp_path: Path) -> None:
    catalogue = _home(
        tmp_path,
        """
        collections:
          shop.orders:
            fields: {item: {zh-CN: 商品, en: Item}}
            values: {item: {1: {zh-CN: 茶, en: Tea}, oil: 油}}
        """,
    )
    words = catalogue.collection("shop.orders")
    assert catalogue.findings == () and words.fields == {"item": Words("商品", "Item")}
    assert words.values["item"]["1"] == Words("茶", "Tea") and words.values["item"]["oil"].zh == "油"
    assert catalogue.collection("shop.customer").fields == {}


@pytest.mark.parametrize(
    "said", ["fields: [item]", "fields: {item: {fr: Thé}}", "values: {item: 茶}", "values: {item: {yes: 茶}}"]
)
def test_words_for_fields_in_another_form_are_told(tmp_path: Path, said: str) -> None:
    assert len(_home(tmp_path, f"collections: {{shop.orders: {{{said}}}}}").findings) == 1


def test_words_for_fields_that_the_map_does_not_have_are_told(tmp_path: Path) -> None:
    data_map, _ = load(tmp_path, MAP)
    catalogue = _home(tmp_path, "collections: {shop.orders: {fields: {itme: 商品}, values: {colour: {red: 红}}}}")
    found = catalogue.check_against(data_map)
    assert [one.field for one in found] == ["itme", "colour"] and all(one.level == "error" for one in found)
