"""What the demo shows instead of real e-mail."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.keys.sealing import open_json, open_text
from privacy_center.outbox.models import DemoMail, MessageKind


@dataclass(frozen=True, slots=True)
class Shown:
    """One letter that would have left the house."""

    kind: MessageKind
    address: str
    title: str
    body: str
    at: datetime


def shown_mails(session: Session, limit: int = 50) -> list[Shown]:
    """The newest letters, newest first."""
    newest = sa.select(DemoMail).order_by(DemoMail.at.desc()).limit(limit)
    return [_open(session, mail) for mail in session.scalars(newest)]


def _open(session: Session, mail: DemoMail) -> Shown:
    words = open_json(session, mail.words_sealed, "demo_mailbox.words")
    address = open_text(session, mail.address_sealed, "demo_mailbox.address")
    return Shown(mail.kind, address, words["title"], words["body"], mail.at)
