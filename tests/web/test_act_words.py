"""Whoever reads the record reads words: every act that the code writes down has some, in both languages."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from privacy_center import clock
from privacy_center.audit.append import Actor, record
from privacy_center.audit.purposes import ACTS
from privacy_center.web.staff.act_words import act_words
from privacy_center.web.staff.detail_words import NAMES
from tests.web.staff_room import AUDITOR, StaffRoom

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


TOLD = {
    **dict.fromkeys(("record", "record_at_end", "record_look", "note_look"), ("details", "more")),
    **dict.fromkeys(("note_event", "move"), ("audited",)),
    **dict.fromkeys(("note", "_note", "_record", "_enter"), ("details", "more", None)),
}
"""Functions that write an entry → the arguments that become its details (None: those without a name)."""


def details() -> set[str]:
    """Every name of a detail in the source: in a dict that is told to a function that writes, there or a few lines before."""
    found: set[str] = set()
    for path in PACKAGE.rglob("*.py"):
        for scope in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(scope, ast.FunctionDef):
                found.update(name for call in ast.walk(scope) for name in _details_at(call, scope))
    return found


def _details_at(call: ast.AST, scope: ast.FunctionDef) -> Iterator[str]:
    wanted = (
        TOLD.get(getattr(call.func, "id", getattr(call.func, "attr", "")), ()) if isinstance(call, ast.Call) else ()
    )
    if not wanted:
        return
    given = [one.value for one in call.keywords if one.arg in wanted]
    given += call.args if None in wanted else []
    names = {one.id for value in given for one in ast.walk(value) if isinstance(one, ast.Name)}
    for one in ast.walk(scope):
        if isinstance(one, ast.Assign | ast.AnnAssign | ast.AugAssign):
            targets = one.targets if isinstance(one, ast.Assign) else [one.target]
            roots = {name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)}
            given += [one] if roots & names and isinstance(one.value, ast.Dict | ast.Tuple | ast.BinOp) else []
    for value in given:
        for one in ast.walk(value):
            if isinstance(one, ast.Dict):
                yield from (key.value for key in one.keys if isinstance(key, ast.Constant))


def test_every_detail_that_is_recorded_has_a_name_in_both_languages():
    every = details()
    assert {"level", "by", "until", "pictures", "evidence", "cases", "due_on", "ground"} <= every
    sent = {"hit", "entry", "records", "operator_region", "subject_region", "subject_index", "case_told"}
    of_the_register = {"asked", "whole"}  # `execution/held` seals these with a held row
    assert sorted((every | sent) - NAMES.keys() - of_the_register) == []


def test_the_page_shows_names_and_codes_in_words(room: StaffRoom):
    told = {
        "level": "V2", "by": "code", "ok": True, "data": ["user.contact", "user.financial"], "purpose": "complaint",
        "role": "agent", "until": None,
    }  # fmt: skip
    with room.center.database.transaction() as session:
        record(session, actor=Actor("system", "x"), act="login.prove", details=told, at=clock.now())
    for language, said in (
        ("zh-CN", ("核验强度", "证明方式", "是否完整", "是", "处理投诉", "客服", "没有")),
        ("en", ("Level", "Proven by", "Whole", "Yes", "Handling a complaint", "Customer service", "None")),
    ):
        page = room.sit_down(AUDITOR).get(f"/staff/audit?lang={language}").text
        rows = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page)
        assert set(said) <= {word for row in rows for word in row}
        assert not {name for name, _ in rows} & told.keys()
        assert not any("user.contact" in value or value == "complaint" for _, value in rows)
