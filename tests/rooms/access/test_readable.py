"""One value as a person may read it: words for codes, moments as moments, and no more of it than its mask lets through."""

from datetime import date, datetime
from pathlib import Path

import pytest

from privacy_center.access.readable import HIDDEN, NO, YES, read_value
from privacy_center.access.show import personal_fields
from privacy_center.datamap.catalogue import load_catalogue
from privacy_center.datamap.graph import Field
from privacy_center.datamap.load import load_map
from privacy_center.errors import Words

CATALOGUE = load_catalogue()
MOMENT = datetime(2026, 11, 21, 18, 30)
GENDER = {"female": Words("女", "Female")}
HOME = Path(__file__).resolve().parents[3] / "privacy_center" / "demo" / "home"


@pytest.mark.parametrize(
    ("value", "category", "kind", "shown"),
    [
        (None, "user.name", None, ""),
        ("", "user.name", None, ""),
        ("林小满", "user.name", None, "林**"),
        ("female", "user.demographic.gender", None, GENDER["female"]),
        ("male", "user.demographic.gender", None, "male"),
        ("female", "user.health_and_medical", None, HIDDEN),
        (True, "user.privacy_preferences", None, YES),
        (0, "user.privacy_preferences", "boolean", NO),
        (0, "user.privacy_preferences", "integer", "0"),
        (True, "user.health_and_medical", None, HIDDEN),
        (MOMENT, "user.content.private", None, MOMENT),
        (MOMENT, "user.health_and_medical", None, HIDDEN),
        (MOMENT, "user.financial.credit_card", None, HIDDEN),
        (date(2026, 11, 21), "user.privacy_preferences", None, date(2026, 11, 21)),
        (date(1990, 1, 1), "user.demographic.date_of_birth", None, HIDDEN),
        (["13800138000", "13900139000"], "user.contact.phone_number", None, "138****8000、139****9000"),
        ([], "user.name", None, ""),
        ([{"a": 1}], "user.name", None, HIDDEN),
        ({"a": 1}, "user.privacy_preferences", None, HIDDEN),
        (b"\x00", "user.privacy_preferences", None, HIDDEN),
    ],
)
def test_a_value_is_shown_as_its_category_lets_it(value, category, kind, shown):
    assert read_value(value, Field("f", data_type=kind), CATALOGUE.category(category), GENDER) == shown


def test_the_sample_company_has_words_for_every_field_that_a_customer_sees():
    data_map, _ = load_map(HOME / "datamap")
    catalogue = load_catalogue(HOME / "catalogue.yml")
    assert catalogue.findings == () and catalogue.check_against(data_map) == []
    for key, collection in data_map.collections.items():
        seen = {field.path for field, _ in personal_fields(catalogue, collection)}
        words = catalogue.collection(key).fields
        assert seen <= words.keys() and len({one.zh for one in words.values()}) == len(words), key
