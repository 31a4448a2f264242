"""What reads text from outside gives an answer or a refusal in words, never a crash: rule packs, maps, contacts, the JSON API."""

import json
import tempfile
import uuid
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from privacy_center import clock
from privacy_center.audit.append import Actor
from privacy_center.datamap.finding import Findings
from privacy_center.datamap.load import load_map
from privacy_center.errors import Refusal
from privacy_center.looks.systems import add_system
from privacy_center.people.contact import mask_contact, normal_value, read_contact
from privacy_center.retention.reading import read_pack
from tests.fuzz.test_forms import BOUNDED
from tests.fuzz.visitors import House

RULE_WORDS = (
    "pack", "title", "jurisdiction", "status", "rules", "citations", "key", "words", "authority", "covers", "when", "until",
    "treatment", "needs", "sane", "effective", "category", "collection", "record", "field", "eq", "in", "all", "any", "not",
    "exists", "after", "event", "duration", "from", "days", "P3Y", "hold", "restrict", "is_null", "zh-CN", "en", "law", "on",
)  # fmt: skip
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from(RULE_WORDS)
    | st.dates()
)
keys = st.sampled_from(RULE_WORDS) | st.text(max_size=5) | st.integers(0, 3)
anything = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=6), max_leaves=30
)
rules = st.dictionaries(st.sampled_from(RULE_WORDS), anything, max_size=9)
packs = st.fixed_dictionaries(
    {}, optional={"pack": anything, "title": anything, "rules": st.lists(rules, max_size=3) | anything}
)


def read(text: str) -> None:
    findings = Findings()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "own.yml"
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        pack = read_pack(path, findings)
        load_map(Path(folder))
    told = findings.found
    assert pack is not None or told
    assert all(one.words.zh and one.words.en for one in told)


@BOUNDED
@given(packs | anything)
def test_any_rule_pack_gives_findings_and_never_a_crash(value: object):
    read(yaml.safe_dump(value, allow_unicode=True))


@BOUNDED
@given(st.text(max_size=300) | st.text("{}[]&*!|>-:,#%@`'\" \n\tabc01", max_size=120))
def test_any_text_as_a_rule_pack_or_a_map_gives_findings(text: str):
    read(text)


@pytest.mark.parametrize(
    "text",
    (
        "a: &a [*a]", "&a [*a, *a]", "!!python/object/apply:os.system ['true']", "!!python/name:os.system", "[" * 3000,
        "&a [1]\n" + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(20)),
        "x: " + "9" * 5000, "x: !!timestamp 9999-99-99", "? [a]\n: b", "\ufeff", "%YAML 9.9\n---\n", "\x00",
    ),
)  # fmt: skip
def test_a_wicked_file_is_refused_and_runs_nothing(text: str):
    read(text)


@BOUNDED
@given(
    st.text(max_size=80) | st.from_regex(r"[+0-9０-９ ()-]{3,20}") | st.from_regex(r"[^@]{1,10}@[^@]{1,10}\.[a-z]{2,4}")
)
def test_any_text_as_a_contact_is_one_address_or_a_refusal(text: str):
    normal_value("email", text), normal_value("phone_number", text)
    try:
        found = read_contact(text)
    except Refusal as refusal:
        assert refusal.status == 422 and refusal.field == "contact"
        return
    assert found == read_contact(found.value) and found.value.isprintable() and " " not in found.value
    assert mask_contact(found) and "\n" not in mask_contact(found)


@pytest.fixture(scope="module")
def token(house: House) -> str:
    with house.center.database.transaction() as session:
        return add_system(session, f"fuzz-{uuid.uuid4().hex[:6]}", actor=Actor("system", "test"), at=clock.now())


FIELDS = (
    "id",
    "at",
    "operator",
    "subject",
    "act",
    "data",
    "purpose",
    "case",
    "channel",
    "content",
    "records",
    "kind",
    "value",
)
leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=30)
values = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=4), inner, max_size=4)
    ),
)
sound = {"id": "e", "at": "now", "operator": {"number": "A"}, "data": ["user.contact"], "purpose": "after_sales"}
entries = st.dictionaries(st.sampled_from(FIELDS), values, max_size=4).map(lambda more: {**sound, **more})


@BOUNDED
@given(st.lists(entries | values, min_size=1, max_size=4), st.booleans())
def test_any_json_at_the_access_log_is_taken_or_refused_field_by_field(
    house: House, token: str, sent: list, ascii_only: bool
):
    house.forget_limits()
    for one in sent:
        if isinstance(one, dict) and one.get("at") == "now":
            one["at"] = clock.now().isoformat()
    body = json.dumps({"entries": sent}, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    answer = house.app.test_client().post("/api/access-log", data=body, headers=headers)
    assert answer.status_code in (200, 422), answer.text
    assert answer.mimetype == "application/json" and answer.json


@BOUNDED
@given(st.binary(max_size=300))
def test_any_bytes_at_the_access_log_are_refused_in_json(house: House, token: str, body: bytes):
    house.forget_limits()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    answer = house.app.test_client().post("/api/access-log", data=body, headers=headers)
    assert answer.status_code == 422 and answer.json["error"]["message"]["en"]
