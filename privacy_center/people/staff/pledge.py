"""The confidentiality pledge: a versioned text, signed by each member of staff on screen with their password."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import sqlalchemy as sa
import yaml
from sqlalchemy.orm import Session

from privacy_center.audit.append import record
from privacy_center.errors import Misconfigured, Refusal, Words
from privacy_center.keys.canonical import canonical
from privacy_center.keys.sealing import keyring_of
from privacy_center.people.staff.models import Pledge, StaffMember

BUILT_IN = Path(__file__).with_name("pledge.yml")
LONGEST_VERSION = 40


@dataclass(frozen=True, slots=True)
class PledgeText:
    """What is signed. `digest`: SHA-256 (hex) of version, title and paragraphs in both languages."""

    version: str
    title: Words
    paragraphs: tuple[Words, ...]
    digest: str


def pledge_text(session: Session) -> PledgeText:
    """The text in force: `pledge.yml` of the home where there is one, else the built-in one."""
    home = session.info.get("home")
    own = Path(home) / "pledge.yml" if home else BUILT_IN
    path = own if own.exists() else BUILT_IN
    return _read(path, path.stat().st_mtime_ns)


def signed_pledge(session: Session, staff: StaffMember, version: str) -> Pledge | None:
    """The pledge that a member signed in this version."""
    wanted = sa.select(Pledge).where(Pledge.staff_id == staff.id, Pledge.version == version)
    return session.scalars(wanted).one_or_none()


def pledges_of(session: Session, staff: StaffMember) -> list[Pledge]:
    """Every version that a member has signed, newest first."""
    mine = sa.select(Pledge).where(Pledge.staff_id == staff.id)
    return list(session.scalars(mine.order_by(Pledge.signed_at.desc())))


def sign_pledge(session: Session, staff: StaffMember, *, version: str, name: str, at: datetime) -> Pledge:
    """Sign the text in force; the caller has checked the password.

    Refuses (409) a version that is no longer in force, and (422) a name that is not the member's own.
    """
    text = pledge_text(session)
    if version != text.version:
        raise Refusal("承诺书刚刚换了版本。请重新读过再签。", "The pledge has just changed. Read it again, then sign.")
    if name.strip() != staff.name:
        raise Refusal(
            "签名和登记的姓名不一样。写您的全名。",
            "The signature differs from the name on file. Write your full name.",
            status=422,
            field="name",
        )
    found = signed_pledge(session, staff, version)
    if found is not None:
        return found
    document = pledge_document(text.digest, version, staff.name, staff.number, at)
    signature = keyring_of(session).sign(canonical(document))
    signed = Pledge(
        staff_id=staff.id, version=version, text_digest=text.digest, name=staff.name, number=staff.number,
        signed_at=at, signature=signature,
    )  # fmt: skip
    session.add(signed)
    record(session, actor=staff.as_actor(), act="staff.pledge_signed", details={"version": version}, at=at)
    session.flush()
    return signed


def pledge_holds(session: Session, pledge: Pledge) -> bool:
    """Whether name, number, version, text and time are those that were signed."""
    document = pledge_document(pledge.text_digest, pledge.version, pledge.name, pledge.number, pledge.signed_at)
    return keyring_of(session).verify(canonical(document), pledge.signature)


def pledge_document(digest: str, version: str, name: str, number: str, at: datetime) -> dict[str, str]:
    """What the signature covers."""
    return {"digest": digest, "version": version, "name": name, "number": number, "at": at.isoformat()}


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int) -> PledgeText:
    try:
        told = yaml.safe_load(path.read_text("utf-8"))
        version, paragraphs = str(told["version"]), tuple(Words.read(one) for one in told["paragraphs"])
        title = Words.read(told["title"])
    except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise Misconfigured(
            f"{path.name} 读不懂：要有 version、title 和 paragraphs。",
            f"{path.name} cannot be read: it needs version, title and paragraphs.",
        ) from error
    if not 0 < len(version) <= LONGEST_VERSION or not paragraphs:
        raise Misconfigured(f"{path.name} 缺版本号或正文。", f"{path.name} lacks a version or a text.")
    whole = {"version": version, "title": title.as_json(), "paragraphs": [one.as_json() for one in paragraphs]}
    return PledgeText(version, title, paragraphs, hashlib.sha256(canonical(whole)).hexdigest())
