"""Commands about keys: rotate, destroy, check."""

import uuid
from argparse import Namespace
from dataclasses import asdict

from privacy_center import clock
from privacy_center.audit.append import Actor, record
from privacy_center.center import Center
from privacy_center.config import find_home, load_settings
from privacy_center.errors import Refusal, Words
from privacy_center.execution.forget import forget_person
from privacy_center.keys.columns import sealed_columns
from privacy_center.keys.opening import Opened, open_everything
from privacy_center.keys.rewrap import rotate_kek
from privacy_center.keys.rotation import FIXED, Rotated, old_key_files, rotate
from privacy_center.people.models import Person
from privacy_center.privacy_requests.queries import request_by_reference
from privacy_center.terminal.key_store import NOT_SWEPT
from privacy_center.terminal.opening import open_to_act, refuse_no_home
from privacy_center.terminal.own_tables import every_table
from privacy_center.terminal.plain_text import PlainValue, find_plain, known_values
from privacy_center.terminal.say import say, spoken

TERMINAL = Actor("system", "terminal")


def run_rotate(arguments: Namespace) -> int:
    """A new master key, or with `--kek` a new key-encryption key, while everything runs; 1 where a value does not open."""
    if arguments.kek:
        return _rotate_kek(arguments)
    center = open_to_act(arguments.home, sound=False)
    done = rotate(center.database, center.keyring, sealed_columns(every_table()))
    _note(center, "keys.rotated", {"key": done.key, "values": done.values, "subject_keys": done.subject_keys})
    files = [] if done.closed else old_key_files(center.keyring)
    document = asdict(done) | {"closed": sorted(done.closed), "old_files": files}
    say(arguments, document, _told(done, files))
    return 1 if done.closed else 0


def run_destroy(arguments: Namespace) -> int:
    """Destroy the key of one data subject, and what leads to them in our own database."""
    center = open_to_act(arguments.home, sound=False)
    at = clock.now()
    with center.database.transaction() as session:
        if arguments.request:
            person = request_by_reference(session, arguments.request).person_id
        else:
            person = _person(arguments.person)
        if session.get(Person, person) is None:
            raise _nobody()
        actor = Actor("staff", arguments.by) if arguments.by else TERMINAL
        done = forget_person(session, person, actor=actor, at=at, why="by command")
    words = Words(
        "已销毁，任何备份里的内容也读不出来了。", "Destroyed: what any backup holds of them cannot be read either."
    )
    none = Words("没有可销毁的密钥。", "There was no key to destroy.")
    swept = center.keyring.store.sweep()
    lines = [spoken(words if done else none)] + ([] if swept else [spoken(NOT_SWEPT)])
    say(arguments, {"person": str(person), "destroyed": done, "swept": swept}, lines)
    return 0


def run_check(arguments: Namespace) -> int:
    """Whether every sealed value opens, and where personal data stands in plain text; 1 when anything is found."""
    center = open_to_act(arguments.home, sound=False)
    settings = center.settings
    with center.database.reading() as session:
        columns = list(open_everything(session, center.keyring, sealed_columns(every_table())))
        known = known_values(session)
    ours = (settings.company.officer_email, settings.mail.sender, settings.company.hotline)
    plain = list(find_plain(center.database.engine, known, ours))
    closed = sum(one.closed for one in columns)
    document = {"columns": [asdict(one) for one in columns], "plain": [asdict(one) for one in plain]}
    say(arguments, document | {"closed": closed}, _found(columns, plain))
    return 1 if closed or plain else 0


def _rotate_kek(arguments: Namespace) -> int:
    folder = find_home(arguments.home)
    refuse_no_home(folder)
    done = rotate_kek(folder / "keys", load_settings(folder).keys.kek)
    _note(open_to_act(arguments.home, sound=False), "keys.rewrapped", {"files": done})
    words = Words(
        f"{done} 个密钥文件已用新的主密钥重新加密。", f"{done} key files are wrapped by the new key-encryption key."
    )
    say(arguments, {"files": done}, [spoken(words)])
    return 0


def _note(center: Center, act: str, details: dict[str, object]) -> None:
    with center.database.transaction() as session:
        record(session, actor=TERMINAL, act=act, details=details, at=clock.now())


def _told(done: Rotated, files: list[str]) -> list[str]:
    words = Words(
        f"主密钥 {done.key}：重新包裹 {done.subject_keys} 把个人密钥，重新加密 {done.values} 个值。",
        f"Master key {done.key}: {done.subject_keys} keys of data subjects wrapped anew, {done.values} values sealed anew.",
    )
    lines = [spoken(words)]
    if done.resumed:
        words = Words("完成了上次没做完的轮换；没有新增密钥。", "Finished an earlier rotation; no new key was made.")
        lines.append(spoken(words))
    for name in files:
        words = Words(
            f"没有任何值再用 keys/{name}。确认备份不再需要它之后即可删除。",
            f"No value refers to keys/{name} any more. Remove it once no backup needs it.",
        )
        lines.append(spoken(words))
    return lines + [f"cannot be opened: {one}" for one in sorted(done.closed)]


def _found(columns: list[Opened], plain: list[PlainValue]) -> list[str]:
    lines = [f"{one.column}: row {row} cannot be opened" for one in columns for row in one.named]
    lines += [f"{one.column}: row {one.row} holds plain text that looks like: {one.shape}" for one in plain]
    lines += [
        f"{one.column}: {one.stale} values of an older master key"
        for one in columns
        if one.stale and one.column.split(".")[0] not in FIXED
    ]
    opened, destroyed = sum(one.opened for one in columns), sum(one.destroyed for one in columns)
    return [*lines, f"{len(columns)} columns, {opened} values open, {destroyed} destroyed on purpose"]


def _person(written: str) -> uuid.UUID:
    try:
        return uuid.UUID(written)
    except ValueError:
        raise _nobody() from None


def _nobody() -> Refusal:
    return Refusal(
        "没有这个人。请用申请编号（--request），或审计记录里的人员编号（--person）。",
        "There is no such person. Give a reference (--request), or the person id of the audit trail (--person).",
        status=404,
    )
