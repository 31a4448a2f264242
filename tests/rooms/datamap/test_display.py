"""A value is shown so that its owner knows it again and nobody else learns it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy_center.datamap.display import MASKS, mask_for_display


@pytest.mark.parametrize(
    ("mask", "value", "shown"),
    [
        ("name", "张三丰", "张**"),
        ("name", "李四", "李*"),
        ("name", "欧阳锋", "欧阳*"),
        ("name", "欧阳", "欧*"),
        ("name", "Zhou Li", "Z***"),
        ("name", "王", "王*"),
        ("phone", "13812341234", "138****1234"),
        ("phone", "138 1234 1234", "138****1234"),
        ("phone", 13812341234, "138****1234"),
        ("phone", "+86 138-1234-1234", "+86 138****1234"),
        ("phone", "021-61234567", "****4567"),
        ("phone", "12345", "****"),
        ("email", "zhang@x.com", "z***@x.com"),
        ("email", "z@x.com", "z***@x.com"),
        ("email", "not an address", "no****"),
        ("card", "6222021234561234", "6222 **** **** 1234"),
        ("card", "6222 0212 3456 1234 567", "6222 **** **** 4567"),
        ("card", "12", "****"),
        ("resident_id", "310101199001011234", "3101**********1234"),
        ("resident_id", "31010119900101123X", "3101**********123X"),
        ("resident_id", "310", "****"),
        ("address", "上海市黄浦区人民大道1号", "上海市黄浦区****"),
        ("address", "人民路1号", "人民****"),
        ("ip", "10.1.2.3", "10.1.*.*"),
        ("ip", "2001:db8::1", "2001:db8:****"),
        ("ip", "nonsense", "****"),
        ("text", "M20230001234", "M2****"),
        ("full", "anything", "****"),
        ("none", "上海", "上海"),
        ("a mask nobody knows", "secret", "****"),
        ("phone", None, ""),
        ("full", "", ""),
    ],
)
def test_a_value_is_shown_as_its_mask_says(mask: str, value: object, shown: str) -> None:
    assert mask_for_display(value, mask) == shown


@given(
    st.sampled_from(sorted(MASKS - {"none"})),
    st.one_of(st.text(), st.integers(), st.floats(), st.binary(), st.none(), st.dates(), st.lists(st.integers())),
)
def test_any_value_of_any_type_is_taken_and_never_shown_whole(mask: str, value: object) -> None:
    shown = mask_for_display(value, mask)
    assert isinstance(shown, str)
    whole = str(value).strip()
    assert len(whole) < 3 or shown != whole or not whole.strip("*")


def test_a_value_that_cannot_even_be_told_is_hidden() -> None:
    class Mute:
        def __str__(self) -> str:
            raise RuntimeError

    assert mask_for_display(Mute(), "none") == "****"
