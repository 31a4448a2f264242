"""The company's other systems and what each may do here: a token each, shown once, ended at any time."""

import enum
import re
import secrets
from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.audit.append import Actor, record
from privacy_center.audit.look import OUR_SYSTEM
from privacy_center.errors import Refusal
from privacy_center.keys.sealing import keyring_of
from privacy_center.looks.models import LogSystem

NAME = re.compile(r"[a-z][a-z0-9-]{1,39}")
TOKEN_BYTES = 32


class SystemRight(enum.StrEnum):
    """What a token opens: writing into the access log, asking whether contacts are suppressed, changing that."""

    WRITE_LOOKS = "access-log"
    CHECK_SUPPRESSION = "suppression-check"
    CHANGE_SUPPRESSION = "suppression-change"


WRITES_LOOKS = (SystemRight.WRITE_LOOKS,)


def add_system(
    session: Session, name: str, *, actor: Actor, at: datetime, may: Collection[SystemRight] = WRITES_LOOKS
) -> str:
    """A token for a system, told once; a system may have several, so that one can be exchanged without a gap.

    `may`: what the token opens, and nothing else.

    Refuses (422) a name that is none: small letters, digits, hyphens, and not our own.
    """
    if not NAME.fullmatch(name) or name == OUR_SYSTEM:
        raise Refusal(
            f"{name} 不能作系统名。请用 2 到 40 个小写字母、数字或连字符，如 order-desk。",
            f"{name} cannot be the name of a system. Use 2 to 40 small letters, digits or hyphens, such as order-desk.",
            status=422,
            field="name",
        )
    token = secrets.token_urlsafe(TOKEN_BYTES)
    rights = [one.value for one in SystemRight if one in may]
    session.add(LogSystem(name=name, token_hash=_hash(session, token), may=rights, created_at=at))
    record(session, actor=actor, act="system.added", details={"system": name, "may": rights}, at=at)
    return token


def revoke_system(session: Session, name: str, *, actor: Actor, at: datetime) -> int:
    """End every token of a system; answers how many. Refuses (404) a system without any that works."""
    mine = sa.and_(LogSystem.name == name, LogSystem.revoked_at.is_(None))
    ended = session.execute(sa.update(LogSystem).where(mine).values(revoked_at=at)).rowcount
    if not ended:
        raise Refusal(
            f"没有叫 {name} 的系统，或它的令牌都已停用。请用 privacy-center systems list 查看。",
            f"There is no system {name} with a token that works. See privacy-center systems list.",
            status=404,
        )
    record(session, actor=actor, act="system.revoked", details={"system": name, "tokens": ended}, at=at)
    return ended


def find_system(
    session: Session, token: str, at: datetime, *, right: SystemRight = SystemRight.WRITE_LOOKS
) -> LogSystem:
    """The system whose token this is; refuses (401) an unknown or ended one with the same words, and (403) one without the
    right.
    """
    found = session.scalars(sa.select(LogSystem).where(LogSystem.token_hash == _hash(session, token))).one_or_none()
    if found is None or found.revoked_at is not None:
        raise Refusal(
            "令牌不对或已停用。请向隐私中心要一个新的。",
            "The token is unknown or has ended. Ask the privacy center for a new one.",
            status=401,
        )
    if right not in found.may:
        raise Refusal(
            f"这个令牌没有 {right.value} 权限。请用 privacy-center systems add 名称 --may {right.value} 另开一个。",
            f"This token has no right to {right.value}. Make one with privacy-center systems add NAME --may {right.value}.",
            status=403,
        )
    found.last_seen_at = at
    return found


def all_systems(session: Session) -> list[LogSystem]:
    """Every token that was ever given, by name, without the token."""
    return list(session.scalars(sa.select(LogSystem).order_by(LogSystem.name, LogSystem.created_at)))


def _hash(session: Session, token: str) -> str:
    return keyring_of(session).keyed_hash(token, "log_system.token")
