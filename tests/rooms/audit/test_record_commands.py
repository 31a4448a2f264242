"""The commands about the record, as they are typed."""

import json
from pathlib import Path

import pytest

from privacy_center import clock
from privacy_center.audit.append import Actor, record
from privacy_center.center import Center
from privacy_center.cli import main
from privacy_center.home.make import make_home
from privacy_center.terminal.opening import open_to_act
from tests.rooms.audit.test_audit import tamper


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    make_home(folder)
    settings = folder / "settings.toml"
    settings.write_text(settings.read_text("utf-8") + f'\n[audit]\nexport = "{tmp_path / "heads"}"\n', "utf-8")
    center = open_to_act(str(folder), sound=False)
    write(center, 3)
    center.close()
    return folder


def write(center: Center, times: int) -> None:
    with center.database.transaction() as session:
        for _ in range(times):
            record(session, actor=Actor("staff", "S1"), act="request.view", at=clock.now())


def run(capsys: pytest.CaptureFixture[str], home: Path, *words: str) -> tuple[int, dict]:
    code = main(["--home", str(home), "--json", *words])
    return code, json.loads(capsys.readouterr().out or "{}")


def test_heads_are_exported_and_the_chain_is_verified_against_them(home: Path, capsys):
    assert run(capsys, home, "audit", "export") == (0, {"exported": 1, "waiting": 0, "error": ""})
    code, told = run(capsys, home, "audit", "verify")
    assert (code, told["ok"], told["entries"], told["heads"], told["troubles"]) == (0, True, 3, 1, [])


def test_an_outside_auditor_needs_the_public_key_the_heads_and_the_database_alone(home: Path, tmp_path: Path, capsys):
    run(capsys, home, "audit", "export")
    assert main(["--home", str(home), "audit", "keys"]) == 0
    keys = tmp_path / "keys.txt"
    keys.write_text(capsys.readouterr().out)
    url = f"sqlite:///{home / 'privacy-center.db'}"
    (home / "keys").rename(tmp_path / "away")
    outside = ("audit", "verify", "--public-key", str(keys), "--heads", str(tmp_path / "heads"), "--database", url)
    code, told = run(capsys, tmp_path, *outside)
    assert (code, told["entries"], told["heads"]) == (0, 3, 1)
    (file,) = (tmp_path / "heads").glob("*.jsonl")
    file.write_text(file.read_text().replace('"seq":3', '"seq":2'))
    code, told = run(capsys, tmp_path, *outside)
    assert code == 1 and told["troubles"][0]["place"].endswith(".jsonl:1")


def test_a_cut_end_is_named_and_the_code_is_one(home: Path, capsys):
    run(capsys, home, "audit", "export")
    center = open_to_act(str(home), sound=False)
    tamper(center.database, "DELETE FROM audit_entry WHERE seq > 1")
    center.close()
    code, told = run(capsys, home, "audit", "verify")
    assert (code, told["first_broken"]["seq"]) == (1, 2)


def test_without_a_place_or_with_half_of_what_is_needed_the_terminal_says_what_to_do(
    home: Path, tmp_path: Path, capsys
):
    assert main(["--home", str(home), "audit", "verify", "--heads", str(tmp_path / "nothing")]) == 1
    assert main(["--home", str(home), "audit", "verify", "--public-key", str(tmp_path / "k")]) == 1
    (tmp_path / "k").write_text("1 abc")
    wrong = ["--public-key", str(tmp_path / "k"), "--heads", "x", "--database", "sqlite://"]
    assert main(["--home", str(home), "audit", "verify", *wrong]) == 1
    said = capsys.readouterr().err
    assert "--database" in said and "audit keys" in said


def test_a_system_gets_a_token_that_is_printed_once_and_ended(home: Path, capsys):
    code, told = run(capsys, home, "systems", "add", "order-desk")
    assert code == 0 and len(told["token"]) > 40
    code, listed = run(capsys, home, "systems", "list")
    assert listed[0]["system"] == "order-desk" and told["token"] not in json.dumps(listed)
    assert run(capsys, home, "systems", "revoke", "order-desk")[1]["ended"] == 1
    assert main(["--home", str(home), "systems", "revoke", "order-desk"]) == 1
    assert main(["--home", str(home), "systems", "add", "Order Desk"]) == 1


def test_check_tells_what_is_wrong_with_the_rules_on_unusual_access(home: Path, capsys):
    (home / "policy" / "anomalies.yml").write_text("rules:\n- {key: mine, by: nose}\n", "utf-8")
    code, told = run(capsys, home, "check")
    places = {one["place"] for one in told["findings"] if one["level"] == "error"}
    assert code == 1 and "anomalies.yml: mine.by" in places
