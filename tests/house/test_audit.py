"""What `make audit` can tell without a network holds on every test run: hashes for every pin, carried files unchanged."""

from pathlib import Path

import pytest

from tests import audit


@pytest.mark.parametrize("path", audit.PINNED, ids=lambda one: one.name)
def test_every_package_is_pinned_with_hashes(path: Path):
    assert len(audit.pins(path)) > 30 and audit.without_hash(path) == []


def test_a_pin_without_a_hash_and_a_version_that_is_not_exact_are_seen(tmp_path: Path):
    listed = tmp_path / "requirements.txt"
    good = "0" * 64
    listed.write_text(
        f"a==1 \\\n    --hash=sha256:{good}\nb==2\nc>=3 --hash=sha256:{good}\n# note\nd @ https://x.example/d.whl\n"
    )
    assert audit.without_hash(listed) == ["b==2", "c>=3", "d"]


def test_what_is_carried_is_what_was_recorded():
    assert audit.altered() == [] and set(audit.recorded()) == {"htmx.min.js", "webauthn.min.js", "icons.svg"}


def test_a_carried_file_that_was_changed_or_added_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "htmx.min.js").write_text("alert(1)")
    (tmp_path / "tracker.js").write_text("1")
    monkeypatch.setattr(audit, "STATIC", tmp_path)
    assert audit.altered() == ["htmx.min.js", "icons.svg", "tracker.js", "webauthn.min.js"]


def test_a_package_that_the_service_does_not_know_is_not_taken_for_a_sound_one():
    skipped = (
        "Name  Skip Reason\n----- ---\nsegno Dependency not found on PyPI and could not be audited: segno (1.6.6)\n"
    )
    assert audit.read_answer(0, skipped + "No known vulnerabilities found")[0] == 2
    assert audit.read_answer(0, "No known vulnerabilities found")[0] == 0
    assert audit.read_answer(1, "Found 1 known vulnerability in 1 package\nflask 0.1 PYSEC-1")[0] == 1
    assert audit.read_answer(1, "")[0] == 2


def test_without_a_network_the_audit_says_that_it_did_not_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    listed = tmp_path / "requirements.txt"
    listed.write_text(f"flask==3.1.0 --hash=sha256:{'0' * 64}\n")
    for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "")
    monkeypatch.setenv("no_proxy", "")
    state, said = audit.known_holes(listed)
    assert state == 2 and said
