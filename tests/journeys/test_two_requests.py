"""Two open requests about the same records: the later one says so and follows the first."""

from pathlib import Path

import pytest

from tests.journeys.conftest import LI, SUBMIT, open_shop

BY_CARD = [one if one != "email=li@example.com" else "member_number=M007" for one in SUBMIT]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The corner shop."""
    home = tmp_path / "home"
    open_shop(home)
    return home


def test_a_later_request_names_the_first_and_is_not_approved_before_it_ends(home: Path, run) -> None:
    first = run(home, *SUBMIT)["reference"]
    later = run(home, *BY_CARD)
    assert later["reference"] != first
    assert any(first in str(problem) for problem in later["plan"]["problems"])
    refused = run(home, "request", "decide", later["reference"], "approve", "--by", "R1", exit=1)
    assert first in refused

    run(home, "request", "decide", first, "approve", "--by", "R1")
    done = run(home, "request", "execute", first)
    assert done["state"] == "completed_with_holds"


def test_once_the_first_is_cancelled_a_new_request_takes_its_records(home: Path, run) -> None:
    first = run(home, *SUBMIT)["reference"]
    run(home, "request", "cancel", first, "--by", "A1")
    later = run(home, *BY_CARD)
    assert not any(first in str(problem) for problem in later["plan"]["problems"])
    assert run(home, "plan", *LI)["items"]


def test_what_both_requests_were_about_is_erased_and_certified_once(home: Path, run) -> None:
    first = run(home, *SUBMIT)["reference"]
    run(home, "request", "decide", first, "approve", "--by", "R1")
    done = run(home, "request", "execute", first)
    later = run(home, *BY_CARD)["reference"]
    run(home, "request", "decide", later, "approve", "--by", "R1")
    then = run(home, "request", "execute", later)
    gone = [counts_of(one) for one in (done, then)]
    assert gone[0]["shop.browsing"] == 5
    assert not {key for key in gone[0] if gone[0][key]} & {key for key in gone[1] if gone[1][key]}


def counts_of(document: dict) -> dict[str, int]:
    """Collection → records that a request erased."""
    counts: dict[str, int] = {}
    for step in (step for one in document["runs"] for step in one["steps"]):
        for collection, numbers in step["result"].items():
            counts[collection] = counts.get(collection, 0) + numbers["erased"]
    return counts
