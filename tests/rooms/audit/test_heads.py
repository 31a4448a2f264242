import errno
import json
import resource
import stat
import threading
import uuid
from datetime import timedelta

import pytest
import sqlalchemy as sa

from privacy_center.audit.export import append_line, export_due, export_state
from privacy_center.audit.kept_heads import missing_from, read_heads
from privacy_center.audit.models import SignedHead
from privacy_center.audit.verify import verify_chain
from privacy_center.config import AuditSettings
from privacy_center.keys.keyring import Keyring
from tests.rooms.audit.test_audit import tamper, write

HOUR = timedelta(hours=1)


@pytest.fixture
def place(tmp_path):
    return tmp_path / "elsewhere"


def hours(database, place, at, times=3):
    """One entry and one export in each of some hours."""
    for hour in range(times):
        write(database, at)
        export_due(database, AuditSettings(export=str(place)), at + hour * HOUR)


def lines_of(place):
    return [line for path in sorted(place.glob("*.jsonl")) for line in path.read_text().splitlines()]


def rewrite(place, lines):
    (file,) = place.glob("*.jsonl")
    file.write_text("".join(f"{line}\n" for line in lines))


def check(database, place, keyring):
    kept = read_heads(place, keyring.public_keys())
    with database.reading() as session:
        return kept, list(missing_from(session, kept)), verify_chain(session, kept.chain_heads)


def test_heads_leave_once_an_hour_into_a_file_for_the_owner_only(either, place, keyring, at):
    for minute in (0, 1, 59, 60, 61):
        write(either, at)
        export_due(either, AuditSettings(export=str(place)), at.replace(minute=0) + timedelta(minutes=minute))
    (file,) = place.glob("*.jsonl")
    assert file.name == "heads-2026-11.jsonl" and stat.S_IMODE(file.stat().st_mode) == 0o600
    kept, missing, found = check(either, place, keyring)
    assert [(one.number, one.head.seq) for one in kept.heads] == [(1, 1), (2, 4)]
    assert (kept.troubles, missing, found.ok, found.entries) == ([], [], True, 5)


def test_an_hour_without_a_new_entry_has_its_head_all_the_same(own, place, keyring, at):
    write(own, at)
    for hour in range(3):
        export_due(own, AuditSettings(export=str(place)), at + hour * HOUR)
    kept, _, _ = check(own, place, keyring)
    assert [(one.number, one.head.seq) for one in kept.heads] == [(1, 1), (2, 1), (3, 1)]


def test_several_workers_export_each_head_once(either, place, at):
    write(either, at)
    settings = AuditSettings(export=str(place))
    for hour in range(3):
        workers = [threading.Thread(target=export_due, args=(either, settings, at + hour * HOUR)) for _ in range(4)]
        for one in workers:
            one.start()
        for one in workers:
            one.join()
    assert [json.loads(line)["number"] for line in lines_of(place)] == [1, 2, 3]


def test_a_worker_that_died_after_writing_leads_to_no_second_line(own, place, at):
    hours(own, place, at, 1)
    with own.transaction() as session:
        session.execute(sa.update(SignedHead).values(exported_at=None, claimed_until=at + timedelta(minutes=5)))
    settings = AuditSettings(export=str(place))
    assert export_due(own, settings, at + timedelta(minutes=1)) == 0
    assert export_due(own, settings, at + timedelta(minutes=6)) == 1
    assert len(lines_of(place)) == 1


def test_a_torn_line_does_not_spoil_the_next(own, place, keyring, at):
    hours(own, place, at, 1)
    (file,) = place.glob("*.jsonl")
    file.write_text(file.read_text() + '{"kind":"privacy-cen')
    export_due(own, AuditSettings(export=str(place)), at + HOUR)
    kept, missing, _ = check(own, place, keyring)
    assert [one.number for one in kept.heads] == [1, 2] and missing == []
    assert [name for name, _ in kept.troubles] == ["heads-2026-11.jsonl:2"]


def test_a_head_that_fits_only_in_part_on_a_full_disk_has_not_left(own, place, keyring, at):
    hours(own, place, at, 1)
    (file,) = place.glob("*.jsonl")
    write(own, at)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (file.stat().st_size + 40, before[1]))  # as a quota ends a write
    try:
        append_line(file, '{"a line":"that is longer than what is left on the disk"}')
        raise AssertionError("half a line was taken for a whole one")
    except OSError as full:
        assert full.errno == errno.EFBIG
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    export_due(own, AuditSettings(export=str(place)), at + HOUR)
    kept, missing, found = check(own, place, keyring)
    assert [one.number for one in kept.heads] == [1, 2] and missing == [] and found.ok


def test_a_place_that_cannot_be_written_is_seen_and_tried_again(own, tmp_path, keyring, at):
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    write(own, at)
    assert export_due(own, AuditSettings(export=str(blocked)), at) == 0
    with own.reading() as session:
        state = export_state(session)
    assert (state.waiting, state.failures, state.last) == (1, 1, None) and state.error
    blocked.unlink()
    assert export_due(own, AuditSettings(export=str(blocked)), at + timedelta(seconds=30)) == 0
    assert export_due(own, AuditSettings(export=str(blocked)), at + timedelta(minutes=2)) == 1
    with own.reading() as session:
        state = export_state(session)
    assert (state.waiting, state.failures, state.error) == (0, 0, "") and state.last is not None


def test_a_command_reads_the_head_and_its_failure_is_noted(own, tmp_path, at):
    write(own, at)
    told = tmp_path / "told"
    assert export_due(own, AuditSettings(command=["sh", "-c", "exit 3"]), at) == 0
    with own.reading() as session:
        assert export_state(session).error == "CalledProcessError"
    works = AuditSettings(command=["sh", "-c", f"cat >> {told}"])
    assert export_due(own, works, at + timedelta(minutes=2)) == 1
    assert json.loads(told.read_text())["seq"] == 1


def test_a_cut_end_and_a_rewritten_middle_are_named_against_the_exported_heads(either, place, keyring, at):
    hours(either, place, at, 4)
    tamper(either, "DELETE FROM audit_entry WHERE seq > 2")
    _, _, cut = check(either, place, keyring)
    assert (cut.ok, cut.first_broken.seq) == (False, 3) and "cut off" in cut.first_broken.words.en
    write(either, at, 4, request="PC-OTHER")
    _, _, rewritten = check(either, place, keyring)
    assert (rewritten.ok, rewritten.first_broken.seq) == (False, 3)
    assert "rewritten" in rewritten.first_broken.words.en


def test_a_missing_head_in_the_middle_and_at_the_end_are_named(own, place, keyring, at):
    hours(own, place, at, 4)
    lines = lines_of(place)
    rewrite(place, [lines[0], lines[2]])
    kept, missing, found = check(own, place, keyring)
    assert found.ok and [place for place, _ in kept.troubles] == ["head 2"]
    assert [name for name, _ in missing] == ["head 2", "head 4"]


def test_heads_that_are_missing_at_the_beginning_are_named_although_our_own_rows_are_gone_too(own, place, keyring, at):
    hours(own, place, at, 4)
    with own.transaction() as session:
        session.execute(sa.delete(SignedHead))
    lines = lines_of(place)
    for kept_lines, said in ((lines[2:], "Heads 1 to 2"), (lines[1:], "Heads 1 to 1"), ([], "no head")):
        rewrite(place, kept_lines)
        kept, missing, _ = check(own, place, keyring)
        assert [name for name, _ in kept.troubles] == ["head 1"] and said in kept.troubles[0][1].en and missing == []
    rewrite(place, lines)
    assert check(own, place, keyring)[0].troubles == []


def test_a_forged_or_altered_head_is_named_with_its_line(own, place, keyring, tmp_path, at):
    hours(own, place, at, 3)
    lines = lines_of(place)
    altered = json.dumps({**json.loads(lines[1]), "hash": "00" * 32})
    stranger = Keyring.create(tmp_path / "stranger")
    rewrite(place, [lines[0], altered, lines[2]])
    kept, _, found = check(own, place, keyring)
    assert next(name for name, _ in kept.troubles) == "heads-2026-11.jsonl:2" and "forged" in kept.troubles[0][1].en
    assert found.ok and [one.number for one in kept.heads] == [1, 3]
    assert len(read_heads(place, stranger.public_keys()).heads) == 0


def test_the_chain_holds_when_the_key_of_what_was_shown_is_destroyed(own, keyring, at):
    from privacy_center.audit.append import Actor
    from privacy_center.audit.look import record_look, seen_in

    person = uuid.uuid4()
    with own.transaction() as session:
        record_look(
            session, actor=Actor("staff", "S1", "agent"), subject=person, data=["user.name"], purpose="complaint",
            case="C-1", shown={"name": "林**"}, at=at,
        )  # fmt: skip
    with own.reading() as session:
        from privacy_center.audit.queries import newest_entries

        assert seen_in(session, newest_entries(session)[0]) == {"name": "林**"}
    keyring.subjects.destroy(person, at)
    with own.reading() as session:
        assert seen_in(session, newest_entries(session)[0]) == {}
        assert verify_chain(session).ok


def test_an_entry_rewritten_in_an_hour_without_a_new_one_is_not_covered_up_by_the_next_head(either, place, keyring, at):
    hours(either, place, at, 2)
    tamper(either, "DELETE FROM audit_entry WHERE seq = 2")
    write(either, at, request="PC-OTHER")
    export_due(either, AuditSettings(export=str(place)), at + 2 * HOUR)
    kept, _, found = check(either, place, keyring)
    assert [(one.number, one.head.seq) for one in kept.heads] == [(1, 1), (2, 2), (3, 2)]
    assert (found.ok, found.first_broken.seq) == (False, 2) and "rewritten" in found.first_broken.words.en
    assert [name for name, _ in kept.troubles] == ["head 3"]
