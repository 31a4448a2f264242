"""Whatever is sent to whatever page: an answer in words, never a breakdown. Random, but the same in every run."""

import os
import re
from urllib.parse import quote_from_bytes

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.fuzz.visitors import STAFF, House, must_be_sound

BOUNDED = settings(
    max_examples=int(os.environ.get("FUZZ_EXAMPLES", "120")),
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large],
)
NASTY = (
    b"", b"\x00", b"\xed\xa0\x80", b"{{7*7}}", b"<script>alert(1)</script>", b"%s%n{0.__class__}", b"9" * 400, b"-1",
    b"yes", b"1", b"everything", b"check", b"send", b"some", b"2026-02-30", b"0001-01-01", b"9999-12-31", b"x" * 5000,
    "１３８００１３８０００".encode(), "é̂@例.cn".encode(), b"a@b.cc\r\nBcc: x@y.zz", b"\xff\xfe", b"[]", b'{"id":1}',
)  # fmt: skip
WORDS = st.one_of(
    st.text(max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.binary(max_size=40),
    st.sampled_from(NASTY),
)
HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "HX-Request": st.sampled_from(["true", "false", "\xe9"]),
        "HX-Current-URL": st.just("http://evil.example/"),
        "HX-Target": st.just("notice"),
        "Accept-Language": st.sampled_from(["en", "zh;q=nan", ",,;;", "x" * 300]),
    },
)


def every_name(house: House) -> list[bytes]:
    """The names of all fields of all forms: any of them may be sent anywhere."""
    return sorted({name.encode() for form in house.forms for name in form.fields if not re.match(r"item", name)})


def encode(pairs: list[tuple[bytes, bytes]]) -> bytes:
    return "&".join(f"{quote_from_bytes(name)}={quote_from_bytes(value)}" for name, value in pairs).encode()


@BOUNDED
@given(st.data())
def test_no_form_breaks_down_whatever_is_typed_left_out_or_sent_twice(house: House, data: st.DataObject):
    form = data.draw(st.sampled_from(house.forms))
    house.forget_limits()
    token, pairs = house.token(form.who).encode(), []
    for name in form.fields:
        pairs += [(name.encode(), value) for value in data.draw(st.lists(WORDS, max_size=2))]
    pairs += data.draw(st.lists(st.tuples(st.sampled_from(every_name(house)) | WORDS, WORDS), max_size=4))
    body = encode([(b"csrf_token", token), *pairs])
    sent = {"data": body, "content_type": "application/x-www-form-urlencoded", "headers": data.draw(HEADERS)}
    must_be_sound(house.visit(form.who).post(form.path, **sent))


@BOUNDED
@given(st.data())
def test_no_address_breaks_down_whatever_stands_in_it(house: House, data: st.DataObject):
    rules = [rule for rule in house.app.url_map.iter_rules() if rule.endpoint != "static"]
    rule = data.draw(st.sampled_from(sorted(rules, key=lambda one: (one.rule, one.endpoint))))
    who = data.draw(st.sampled_from(STAFF if rule.rule.startswith("/staff") else ("stranger", "customer")))
    path = ""
    for is_variable, part in rule._trace:
        path += quote_from_bytes(data.draw(WORDS | numbers(rule, part))) if is_variable else part
    query = encode(data.draw(st.lists(st.tuples(names(), WORDS), max_size=4))).decode()
    answer = house.visit(who).get(path.lstrip("|"), query_string=query, headers=data.draw(HEADERS))
    must_be_sound(answer)


def numbers(rule, part: str) -> st.SearchStrategy[bytes]:
    """What could stand in a variable part: numbers of any size, ids that are nobody's."""
    ids = st.uuids().map(lambda one: str(one).encode())
    return st.one_of(st.integers(-(2**70), 2**70).map(lambda one: str(one).encode()), ids)


def names() -> st.SearchStrategy[bytes]:
    """Names that pages read from the address, and others."""
    known = ["next", "lang", "theme", "page", "from", "to", "until", "number", "code", "state", "q", "tab", "sort"]
    return st.sampled_from([one.encode() for one in known]) | WORDS


@BOUNDED
@given(
    st.binary(max_size=300),
    st.sampled_from(["", "text/plain", "multipart/form-data; boundary=x", "multipart/form-data", "application/json"]),
)
def test_a_body_that_is_no_form_at_all_is_answered_in_words(house: House, body: bytes, kind: str):
    for path in ("/sign-in", "/not-me", "/staff/sign-in", "/help/lost-contact/form"):
        must_be_sound(house.visit("stranger").post(path, data=body, content_type=kind))


def test_the_fuzzing_reaches_most_forms(house: House):
    """Else a page that lost its link would be left out in silence."""
    assert len({form.path for form in house.forms if form.fields}) >= 25
    assert {form.who for form in house.forms} >= {"stranger", "customer", "S0102", "S0103"}
