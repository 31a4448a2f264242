"""docs/security.md answers every requirement of OWASP ASVS 5.0.0, levels 1 and 2, once, and its answers can be checked."""

import re
from collections import Counter
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]
PAGE = (HOUSE / "docs/security.md").read_text("utf-8")
SECTIONS = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1, "3.2": 2, "3.3": 4, "3.4": 6,
    "3.5": 5, "3.7": 2, "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4, "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3, "6.1": 3, "6.2": 12,
    "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4, "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2, "8.1": 2,
    "8.2": 3, "8.3": 1, "8.4": 1, "9.1": 3, "9.2": 4, "10.1": 2, "10.2": 2, "10.3": 4, "10.4": 11, "10.5": 5, "10.6": 2,
    "10.7": 3, "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1, "12.1": 3, "12.2": 2, "12.3": 4, "13.1": 1,
    "13.2": 5, "13.3": 2, "13.4": 5, "14.1": 2, "14.2": 4, "14.3": 3, "15.1": 3, "15.2": 3, "15.3": 7, "16.1": 1, "16.2": 5,
    "16.3": 4, "16.4": 3, "16.5": 3, "17.1": 1, "17.2": 4, "17.3": 2,
}  # fmt: skip
"""Section → how many of its requirements are of level 1 or 2; in every section they are the first ones."""
NUMBERS = [f"{section}.{number}" for section, many in SECTIONS.items() for number in range(1, many + 1)]
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| (.*?) \| (.*?) \| (.*?) \|$", re.M)
ROWS = ROW.findall(PAGE)


def test_every_number_of_levels_one_and_two_stands_in_the_table_exactly_once():
    assert len(NUMBERS) == 253
    told = Counter(number for number, *_ in ROWS)
    assert set(NUMBERS) == set(told) and set(told.values()) == {1}


def test_every_answer_is_yes_no_or_not_applicable_and_says_how_or_why():
    for number, wanted, state, how in ROWS:
        assert state in {"yes", "no", "n.a."}, number
        assert len(wanted.split()) >= 3 and len(how) >= (15 if state != "yes" else 8), number


def test_what_is_named_as_proof_exists():
    for number, _wanted, _state, how in ROWS:
        for named in re.findall(r"`([^`]+)`", how):
            path, _, test = named.partition("::")
            if test:
                code = (HOUSE / "tests" / path).read_text("utf-8")
                assert re.search(rf"def {test}\(", code), (number, named)
            elif re.fullmatch(r"[\w./-]+\.(py|md|js|toml|txt|html)", named):
                places = [HOUSE, HOUSE / "privacy_center", HOUSE / "docs", HOUSE / "tests"]
                assert any((place / named).exists() for place in places), (number, named)


def test_every_test_named_anywhere_on_the_page_exists():
    named = re.findall(r"`([\w/]+\.py)::(test_\w+)`", PAGE)
    assert len(named) > 80
    for path, test in named:
        assert f"def {test}(" in (HOUSE / "tests" / path).read_text("utf-8"), (path, test)
