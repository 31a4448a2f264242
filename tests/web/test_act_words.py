"""Whoever reads the record reads words: every act that the code writes down has some, in both languages."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from privacy_center.audit.purposes import ACTS
from privacy_center.web.staff.act_words import act_words
from tests.web.staff_room import StaffRoom

pytest_plugins = ["tests.web.staff_fixtures"]

PACKAGE = Path(__file__).parents[2] / "privacy_center"
ACT = re.compile(r"[a-z_]+\.[a-z_]+")
WRITERS = {"record", "record_look", "note_look", "_note", "_record", "_open"}
BY_NOUN = {"note_event": "request", "move": "request", "note": "case", "tell_change": "person"}
"""Functions that put a noun before what they are given."""
OUTCOMES = ("approved", "partly_approved", "refused", "completed", "completed_with_holds")


def acts() -> set[str]:
    """Every act in the source: told to a function that writes, or chosen for one as `act`."""
    found = {"execution.done", "execution.failed", *ACTS, *(f"request.{state}" for state in OUTCOMES)}
    for path in PACKAGE.rglob("*.py"):
        for one in ast.walk(ast.parse(path.read_text("utf-8"))):
            found.update(_acts_at(one))
    return found


def _acts_at(one: ast.AST) -> Iterator[str]:
    if isinstance(one, ast.Call):
        called = getattr(one.func, "id", getattr(one.func, "attr", ""))
        given = [*one.args, *(keyword.value for keyword in one.keywords if keyword.arg == "act")]
        texts = [text for argument in given for text in _texts(argument)]
        if called in WRITERS:
            yield from (text for text in texts if ACT.fullmatch(text))
        elif called in BY_NOUN:
            yield from (f"{BY_NOUN[called]}.{text}" for text in texts if re.fullmatch("[a-z_]+", text))
    elif isinstance(one, ast.Assign) and getattr(one.targets[0], "id", "") == "act":
        yield from (text for text in _texts(one.value) if ACT.fullmatch(text))


def _texts(value: ast.AST) -> Iterator[str]:
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield value.value
    elif isinstance(value, ast.IfExp):
        yield from _texts(value.body)
        yield from _texts(value.orelse)


def test_every_act_that_is_recorded_has_words_in_both_languages(room: StaffRoom):
    every = acts()
    assert {"login.open", "staff.proof_refused", "case.filed", "request.submitted", "person.way_added"} <= every
    silent = []
    for language, speaks in (("zh-CN", r"[\u4e00-\u9fff]"), ("en", r"[A-Z]")):
        with room.app.test_request_context(f"/staff/audit?lang={language}"):
            silent += [
                (language, act, act_words(act)) for act in sorted(every) if not re.search(speaks, act_words(act))
            ]
    assert silent == []
