"""Identity values as typed and as held."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy_center.sources.identities import kind_of, normalise_identity, spellings


@pytest.mark.parametrize(
    "typed",
    [
        "13800138000",
        "+8613800138000",
        "8613800138000",
        "008613800138000",
        "138 0013 8000",
        "138-0013-8000",
        "+86 138 0013 8000",
        "+86-138-0013-8000",
        " 13800138000 ",
        "138.0013.8000",
    ],
)
def test_every_way_to_write_a_chinese_mobile_number_is_one_number(typed: str) -> None:
    assert normalise_identity("phone", typed) == "13800138000"


@pytest.mark.parametrize(
    "held",
    [
        "13800138000",
        "+8613800138000",
        "8613800138000",
        "008613800138000",
        "138 0013 8000",
        "138-0013-8000",
        "+86 138 0013 8000",
        "+86-138-0013-8000",
        "+86 13800138000",
        "86-13800138000",
    ],
)
def test_a_database_is_asked_for_every_common_form(held: str) -> None:
    assert held in spellings("phone_number", "+86 13800138000")


@pytest.mark.parametrize("typed", ["010-88886666", "(010) 8888 6666", "+86 10 8888 6666", "01088886666"])
def test_a_landline_keeps_its_area_code(typed: str) -> None:
    assert normalise_identity("phone", typed) == "01088886666"
    assert {"01088886666", "010-88886666", "+861088886666"} <= set(spellings("phone", typed))


def test_a_foreign_number_is_e164_and_is_also_asked_for_as_dialled_there() -> None:
    assert normalise_identity("phone", "+1 (650) 253-0000") == "+16502530000"
    assert {"+16502530000", "6502530000", "(650) 253-0000", "+1 650-253-0000"} <= set(
        spellings("phone", "+1 6502530000")
    )


def test_what_is_no_phone_number_stays_as_it_is() -> None:
    assert normalise_identity("phone", "ask at 5") == "askat5"
    assert spellings("phone", "none") == ("none",)


def test_an_email_is_lower_case_and_is_asked_for_as_typed_too() -> None:
    assert normalise_identity("email", " Wang.Li@Example.COM ") == "wang.li@example.com"
    assert spellings("email", "Wang.Li@Example.COM") == ("wang.li@example.com", "Wang.Li@Example.COM")


def test_any_other_identity_is_literal() -> None:
    assert normalise_identity("member_no", " 007 ") == "007"
    assert spellings("member_no", "aB-7") == ("aB-7",)


def test_phone_and_phone_number_are_one_kind() -> None:
    assert kind_of("phone") == kind_of("phone_number") == "phone_number"


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_every_form_of_a_mobile_number_means_that_number(number: str) -> None:
    assert {normalise_identity("phone", form) for form in spellings("phone", number)} == {number}


@given(st.text(max_size=40))
def test_any_text_is_normalised_once_and_for_all(text: str) -> None:
    for kind in ("email", "member_no"):
        once = normalise_identity(kind, text)
        assert normalise_identity(kind, once) == once
    spellings("phone", normalise_identity("phone", text))
