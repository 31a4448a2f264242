"""A home folder written by hand and driven from the terminal: what it needs, what it refuses, what it says."""

import shutil
from pathlib import Path

import pytest

from tests.journeys.terminal import Terminal, write_company

MAP = """
dataset:
- fides_key: till
  collections:
  - name: member
    fields:
    - {name: id, data_categories: [user.unique_id], fides_meta: {primary_key: true, data_type: integer}}
    - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
    - {name: joined_on, data_categories: [user.behavior]}
"""
LI = ["--identity", "email=li@example.com"]


ROWS = (
    "CREATE TABLE member (id INTEGER PRIMARY KEY, email TEXT, joined_on DATE)",
    "INSERT INTO member VALUES (1, 'li@example.com', '2024-02-29')",
)


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    write_company(tmp_path / "home", MAP, "till", ROWS, new=True)
    return Terminal(tmp_path / "home")


def test_a_home_with_empty_settings_works_from_the_first_command_to_the_certificate(terminal: Terminal) -> None:
    assert terminal("check") == 0
    reference = terminal.json("request", "submit", "--kind", "deletion", *LI, "--verified-by", "counter", "--by", "A1")[
        "reference"
    ]
    assert terminal("request", "decide", reference, "approve", "--by", "R1") == 0
    assert terminal("request", "execute", reference) == 1 and "A second person must confirm" in terminal.err
    assert terminal("request", "decide", reference, "confirm", "--by", "R2") == 0
    assert terminal.json("request", "execute", reference)["state"] == "completed"
    assert terminal.json("audit", "verify")["ok"]


def test_init_adds_what_a_home_lacks_and_leaves_what_is_there(terminal: Terminal) -> None:
    before = (terminal.home / "sources.yml").read_text()
    assert "keys/index.key" in terminal.json("init")["files"]
    assert (terminal.home / "sources.yml").read_text() == before
    assert terminal("init") == 1
    assert "will not be overwritten" in terminal.err


def test_init_where_no_folder_can_be_made_is_refused_in_words(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    terminal.home = tmp_path / "taken"
    assert terminal("init") == 1
    assert "Choose a folder" in terminal.err


def test_lost_keys_are_never_replaced_by_new_ones(terminal: Terminal) -> None:
    terminal.json("audit", "verify")
    shutil.rmtree(terminal.home / "keys")
    assert terminal("plan", *LI) == 1
    assert terminal("init") == 1
    assert "restore the keys" in terminal.err
    assert any("Key files are missing" in one for one in terminal.errors())


def test_check_tells_what_is_wrong_in_every_file_at_once(terminal: Terminal) -> None:
    (terminal.home / "settings.toml").write_text('timezone = "Mars/Base"')
    (terminal.home / "sources.yml").write_text("sources: {till: {url: 'sqlite:///till.db', acess: read}}")
    (terminal.home / "datamap" / "map.yml").write_text(MAP.replace("user.behavior", "user.behaviour"))
    (terminal.home / "policy" / "ours.yml").write_text("pack: ours\nversion: '1'\nrules: [{key: a, on: 2026-13-01}]")
    (terminal.home / "catalogue.yml").write_text("colours: red")
    errors = terminal.errors()
    for said in ("no time zone Mars/Base", "till.acess: no such key", "user.behaviour is not known", "month must be"):
        assert any(said in one for one in errors), said
    assert any(one.startswith("catalogue.yml") for one in errors)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("plan", "--identity", "emial=li@example.com"), "Did you mean email?"),
        (("plan", *LI, "--category", "user.contct"), "Did you mean user.contact?"),
        (("sweep", "--collection", "till.membr"), "Did you mean till.member?"),
        (("datamap", "generate", "no address"), "This is no database URL"),
        (("datamap", "generate", "sqlite:////nowhere/x.db"), "/nowhere/x.db is not there"),
        (("request", "show", "PC-0000"), "There is no such request"),
    ],
)
def test_a_word_that_nothing_knows_is_refused_on_stderr(terminal: Terminal, words: tuple[str, ...], said: str) -> None:
    assert terminal(*words, "--json") == 1
    assert said in terminal.err and not terminal.out


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("plan",),
        ("plan", "--identity", "li@example.com"),
        ("plan", *LI, "--on", "2026-02-30"),
        ("replay", "--since", "yesterday"),
        ("request", "decide", "PC-0000", "--by", "R1"),
    ],
)
def test_wrong_usage_is_exit_code_two(terminal: Terminal, words: tuple[str, ...]) -> None:
    assert terminal(*words) == 2


def test_an_identity_of_an_unknown_kind_beside_a_known_one_is_told_and_the_rest_goes_on(terminal: Terminal) -> None:
    found = terminal.json("locate", *LI, "--identity", "member_no=7")
    assert [one["key"] for one in found["collections"]["till.member"]["own"]] == [{"id": 1}]
    assert "member_no" in terminal.err
