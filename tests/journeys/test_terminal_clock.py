"""Questions to the customer, extensions and unsigned rule packs through the terminal."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.journeys.conftest import LI, SUBMIT, open_shop


@pytest.fixture
def home(tmp_path: Path) -> Path:
    open_shop(tmp_path / "home")
    return tmp_path / "home"


@pytest.fixture
def two_people(home: Path) -> Path:
    """The shop as it is where two people decide."""
    text = (home / "settings.toml").read_text()
    (home / "settings.toml").write_text(text.replace("require_second_approval = false", ""))
    return home


def lines(nursery, home: Path, *arguments: str) -> str:
    code, out, err = nursery.tell(home, "--home", str(home), *arguments)
    assert code == 0, err
    return out


def test_a_question_has_a_day_and_a_consequence(home, run, nursery):
    asked = run(home, *SUBMIT)
    reference, due = asked["reference"], date.fromisoformat(asked["due_on"])
    assert asked["question"] is None
    day = (due - timedelta(days=2)).isoformat()
    ask = ["request", "decide", reference, "--ask", "--by", "R1", "--text", "请问是哪一笔订单？"]
    assert "deadline" in run(home, *ask, "--until", (due + timedelta(days=9)).isoformat(), exit=1)
    shown = run(home, *ask, "--until", day, "--on-silence", "close")
    assert shown["state"] == "waiting_customer"
    assert (shown["question"]["answer_by"], shown["question"]["on_silence"]) == (day, "close")
    assert "the request is closed" in shown["question"]["consequence"] and shown["question"]["open"]
    text = lines(nursery, home, "request", "show", reference)
    assert f"answer by {day}" in text and "the request is closed" in text


def test_a_day_to_answer_goes_with_a_question_only(home, run):
    reference = run(home, *SUBMIT)["reference"]
    refused = run(home, "request", "decide", reference, "approve", "--by", "R1", "--until", "2026-12-05", exit=1)
    assert "go with ask" in refused and run(home, "request", "show", reference)["state"] == "in_review"


def test_an_extension_is_proposed_by_one_and_confirmed_by_another(two_people, run, nursery):
    asked = run(two_people, *SUBMIT)
    reference, due = asked["reference"], asked["due_on"]
    later = (date.fromisoformat(due) + timedelta(days=3)).isoformat()
    extend = ["request", "extend", reference, "--by"]
    wanted = ["--reason", "many_systems", "--until"]
    assert "at most" in run(two_people, *extend, "R1", *wanted, "2029-12-31", exit=1)
    assert "--until" in run(two_people, *extend, "R1", exit=1)
    assert "Only reviewers" in run(two_people, *extend, "A1", *wanted, later, exit=1)
    proposed = run(two_people, *extend, "R1", *wanted, later)
    assert (proposed["extension"], proposed["due_on"]) == ("waiting", due)
    assert "Another person" in run(two_people, *extend, "R1", "--confirm", exit=1)
    assert "neither day nor reason" in run(two_people, *extend, "R2", "--confirm", "--until", later, exit=1)
    confirmed = run(two_people, *extend, "R2", "--confirm")
    assert (confirmed["extension"], confirmed["due_on"]) == ("confirmed", later)
    shown = run(two_people, "request", "show", reference)
    assert [(one["number"], one["due_on"], one["proposed_by"], one["settled_by"]) for one in shown["extensions"]] == [
        (1, later, "R1", "R2")
    ]
    assert "legal maximum" in run(two_people, *extend, "R1", *wanted, shown["extension_limit"]["last_day"], exit=1)
    text = lines(nursery, two_people, "request", "show", reference)
    assert f"extension 1 (legal maximum 1): {due} -> {later}, confirmed" in text


def test_a_rejected_extension_leaves_the_day(two_people, run):
    asked = run(two_people, *SUBMIT)
    reference, later = asked["reference"], (date.fromisoformat(asked["due_on"]) + timedelta(days=3)).isoformat()
    run(two_people, "request", "extend", reference, "--by", "R1", "--reason", "many_systems", "--until", later)
    rejected = run(two_people, "request", "extend", reference, "reject", "--by", "R2")
    assert (rejected["extension"], rejected["due_on"]) == ("rejected", asked["due_on"])


def test_unsigned_packs_are_named_in_plan_request_and_certificate(home, run, nursery):
    plan = run(home, "plan", *LI)
    (pack,) = plan["unsigned_packs"]
    assert (pack["pack"], pack["status"]) == ("corner-cn", "needs_counsel_review")
    assert {json.dumps(hold["pack"]) for one in plan["items"] for hold in one["holds"]} == {json.dumps(pack)}
    mark = f"rule pack not signed by counsel: corner-cn {pack['version']}"
    for line in lines(nursery, home, "plan", *LI).splitlines():
        assert (mark in line) == ("after-sales-open" in line or "invoice-10-years" in line), line
    reference = run(home, *SUBMIT)["reference"]
    shown = run(home, "request", "show", reference)["plan"]
    assert shown["unsigned_packs"] == [pack]
    assert all(item["packs"] == ([pack] if item["holds"] else []) for item in shown["items"])
    assert mark in lines(nursery, home, "request", "show", reference)
    run(home, "request", "decide", reference, "approve", "--by", "R1")
    done = run(home, "request", "execute", reference)
    assert [one["packs"] for one in done["certificates"]] == [[pack]]
