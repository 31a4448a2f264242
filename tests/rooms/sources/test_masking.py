"""Masked values: repeatable, typed, of the right format, and nobody's."""

import hashlib
import hmac
import uuid
from datetime import date, datetime
from decimal import Decimal

import phonenumbers
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import mysql, postgresql

from privacy_center.datamap.graph import Field
from privacy_center.datamap.live import LiveColumn, LiveForeignKey, LiveSchema, LiveTable
from privacy_center.datamap.vocabulary import STRATEGIES
from privacy_center.errors import Refusal
from privacy_center.sources.masked_formats import Draw, luhn_digit, masked_resident_id, resident_check_digit
from privacy_center.sources.masked_types import NoMask
from privacy_center.sources.masking import (
    NAMES,
    Mask,
    MaskKind,
    Strategy,
    choose_strategy,
    mask_value,
    maskable,
    named_strategy,
    seed_of,
)

SEED = bytes(range(32))


def keyed_hash(value: str, context: str) -> str:
    return hmac.new(b"secret", f"{context}|{value}".encode(), hashlib.sha256).hexdigest()


def masked(kind: MaskKind | str, column_type, seed: bytes = SEED, **more):
    return mask_value(Strategy(MaskKind(kind), **more), sa.Column("x", column_type), seed)


def seed(number: int) -> bytes:
    return seed_of(keyed_hash, "shop.customer", (number,), "phone")


def test_the_same_row_and_field_give_the_same_value_and_another_row_another():
    mask = Mask("shop.customer", "phone", sa.Column("phone", sa.String(20)), Strategy(MaskKind.PHONE), keyed_hash)
    assert mask.value((1,)) == mask.value((1,))
    assert mask.value((1,)) != mask.value((2,))


def test_every_strategy_that_a_map_may_name_is_known_here():
    assert set(NAMES) >= STRATEGIES
    assert named_strategy("keep_format_resident_id").kind is MaskKind.RESIDENT_ID


def test_a_random_value_is_another_one_each_time():
    assert masked("random", sa.String(40)) != masked("random", sa.String(40))


def test_a_masked_phone_looks_like_a_mobile_and_is_in_a_range_without_subscribers():
    numbers = {masked("phone", sa.String(20), seed(row)) for row in range(500)}
    assert len(numbers) == 500
    parsed = [phonenumbers.parse(number, "CN") for number in numbers]
    assert all(
        phonenumbers.is_possible_number(number) and not phonenumbers.is_valid_number(number) for number in parsed
    )


def test_a_masked_phone_fits_a_whole_number_column():
    assert str(masked("phone", sa.BigInteger())).startswith("154")
    assert 0 < masked("phone", sa.Integer()) < 2**31


def test_a_masked_email_is_under_invalid_and_is_as_short_as_the_column():
    assert masked("email", sa.String(100)).endswith("@masked.invalid")
    short = masked("email", sa.String(18))
    assert short.endswith("@x.invalid") and len(short) <= 18
    assert len(masked("email", sa.String(9))) <= 9


@given(st.binary(min_size=32, max_size=32))
def test_a_masked_resident_id_has_its_check_digit_a_real_birth_date_and_no_province(drawn: bytes):
    number = masked_resident_id(Draw(drawn))
    assert len(number) == 18 and number.isdigit()
    assert number[17] == resident_check_digit(number[:17])
    assert date(1950, 1, 1) <= datetime.strptime(number[6:14], "%Y%m%d").date() < date(2000, 1, 1)
    assert number.startswith("99")


def test_the_check_digit_of_a_known_resident_id_is_right():
    assert resident_check_digit("11010519491231002") == "X"


@pytest.mark.parametrize("length", [None, 13, 16, 19])
def test_a_masked_card_passes_the_luhn_check(length):
    number = masked("card", sa.String(length))
    assert luhn_digit(number[:-1]) == number[-1]
    assert number.startswith("9999") and len(number) <= (length or 16)


def test_the_luhn_digit_of_a_known_card_is_right():
    assert luhn_digit("411111111111111") == "1"


@pytest.mark.parametrize("kind", ["fixed", "keyed_hash", "random", "phone", "email", "resident_id", "card"])
@pytest.mark.parametrize("length", [1, 2, 5, 8, 11, 15, 18, 40])
def test_no_text_is_longer_than_its_column(kind, length):
    assert 1 <= len(masked(kind, sa.String(length))) <= length


@pytest.mark.parametrize(
    ("column_type", "value"),
    [
        (sa.Text(), "[erased]"),
        (sa.String(3), "***"),
        (sa.Integer(), 0),
        (sa.Numeric(8, 2), Decimal(0)),
        (sa.Float(), 0.0),
        (sa.Boolean(), False),
        (sa.Date(), date(1900, 1, 1)),
        (sa.DateTime(), datetime(1970, 1, 2)),
        (sa.Uuid(), uuid.UUID(int=0)),
        (sa.JSON(), {}),
        (postgresql.ARRAY(sa.Text()), []),
        (postgresql.INET(), "0.0.0.0"),
        (sa.LargeBinary(), b""),
        (sa.Enum("male", "female"), "male"),
        (mysql.YEAR(), 1970),
        (postgresql.BIT(3), "000"),
        (postgresql.BIT(5, varying=True), ""),
        (postgresql.OID(), 0),
        (mysql.BIT(3), 0),
    ],
)
def test_a_fixed_value_has_the_type_of_its_column(column_type, value):
    assert masked("fixed", column_type) == value


@pytest.mark.parametrize(
    ("column_type", "limit"),
    [
        (sa.SmallInteger(), 2**15),
        (mysql.TINYINT(), 2**7),
        (mysql.TINYINT(display_width=1), 2),
        (sa.Integer(), 2**31),
        (sa.Numeric(5, 2), 1000),
    ],
)
def test_a_drawn_number_is_in_the_range_of_its_column(column_type, limit):
    assert all(0 <= masked("keyed_hash", column_type, seed(row)) < limit for row in range(300))


def test_a_drawn_enum_is_one_of_its_values():
    assert {masked("keyed_hash", sa.Enum("a", "b"), seed(row)) for row in range(50)} == {"a", "b"}


def test_a_fixed_text_is_read_in_the_type_of_its_column():
    assert masked("fixed", sa.Date(), text="1999-01-01") == date(1999, 1, 1)
    assert masked("fixed", sa.Integer(), text="7") == 7
    assert masked("fixed", sa.Integer(), text="nothing of the kind") == 0
    assert masked("fixed", sa.Enum("a", "b"), text="b") == "b"


def test_a_type_without_a_masked_value_is_refused_in_words():
    with pytest.raises(NoMask, match="GEOMETRY"):
        masked("fixed", type("GEOMETRY", (sa.types.UserDefinedType,), {})())
    assert masked("null", type("GEOMETRY", (sa.types.UserDefinedType,), {})()) is None


def test_the_map_decides_before_anything_else():
    field = Field("phone", masking="string_rewrite", masking_configuration={"rewrite_value": "gone"})
    assert choose_strategy(field, sa.Column("phone", sa.String(20))) == Strategy(MaskKind.FIXED, "gone")


@pytest.mark.parametrize(
    ("fides", "kind"),
    [
        ("null_rewrite", "null"),
        ("string_rewrite", "fixed"),
        ("hash", "keyed_hash"),
        ("hmac", "keyed_hash"),
        ("aes_encrypt", "keyed_hash"),
        ("random_string_rewrite", "random"),
    ],
)
def test_a_strategy_named_for_fides_means_the_same_here(fides, kind):
    assert named_strategy(fides).kind == kind


def test_a_strategy_that_nobody_knows_is_refused():
    with pytest.raises(Refusal, match="shuffle"):
        named_strategy("shuffle")


def test_without_a_word_of_the_map_a_column_that_may_be_empty_is_emptied():
    assert choose_strategy(Field("name"), sa.Column("name", sa.Text())).kind is MaskKind.NULL


def test_a_column_that_must_be_filled_gets_one_value_for_all_rows_in_the_right_format():
    field = Field("phone", data_categories=("user.contact.phone_number",))
    chosen = choose_strategy(field, sa.Column("phone", sa.String(20), nullable=False))
    assert chosen == Strategy(MaskKind.FIXED, "15400000000") and chosen.constant


def test_a_unique_column_gets_a_value_for_each_row():
    column = sa.Column("email", sa.String(80), nullable=False)
    chosen = choose_strategy(Field("email", data_categories=("user.contact.email",)), column, unique=True)
    assert chosen.kind is MaskKind.EMAIL and not chosen.constant
    assert choose_strategy(Field("code"), column, unique=True).kind is MaskKind.KEYED_HASH


def test_keys_on_either_side_computed_and_read_only_fields_are_never_masked():
    columns = {name: LiveColumn(name, "text") for name in ("id", "email", "parent_id", "phone", "note")}
    columns["upper"] = LiveColumn("upper", "text", generated=True)
    customer = LiveTable("customer", columns, ("id",), (LiveForeignKey(("parent_id",), "customer", ("id",)),))
    login = LiveTable("login", columns, ("id",), (LiveForeignKey(("email",), "customer", ("email",)),))
    live = LiveSchema({"customer": customer, "login": login})
    may = {name for name in columns if maskable(Field(name, read_only=name == "note"), customer, live)}
    assert may == {"phone"}
    assert not maskable(Field("gone"), customer, live)
