"""The access log around the chain: systems that write into it, what is hidden for now, and customers' questions."""

import enum
import uuid
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from privacy_center.audit.models import BIG
from privacy_center.db import Base


class LogSystem(Base):
    """A token of one of the company's systems, and what it opens. It was shown once; only its keyed hash is kept."""

    __tablename__ = "log_system"

    name: Mapped[str] = mapped_column(sa.String(60), index=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    may: Mapped[list[Any]]
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    last_seen_at: Mapped[datetime | None]


class ReceivedLook(Base):
    """One look that another system sent, or one of our own at somebody we did not know, and which entry of the chain it became.

    `value_index`: whom it named, as a blind index, where nobody had proven to be that. It becomes theirs who proves it by
    `proven_by`; later the contact may be somebody else's.
    """

    __tablename__ = "received_look"
    __table_args__ = (sa.UniqueConstraint("system", "entry_id"), sa.Index(None, "value_index"))

    system: Mapped[str] = mapped_column(sa.String(60))
    entry_id: Mapped[str] = mapped_column(sa.String(80))
    seq: Mapped[int] = mapped_column(BIG, index=True)
    value_index: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32))
    proven_by: Mapped[datetime]
    received_at: Mapped[datetime] = mapped_column(index=True)


class HiddenLook(Base):
    """A case or an entry that the data subject may not see for now, because telling would defeat an investigation.

    Hidden until a day or until somebody lifts it, once a second person has agreed; until then nothing is hidden. `ground`:
    the lawful one, a code. The reason is sealed; that it was hidden is in the chain.
    """

    __tablename__ = "hidden_look"

    case: Mapped[str | None] = mapped_column("case_reference", sa.String(32), index=True)
    seq: Mapped[int | None] = mapped_column(BIG, index=True)
    until: Mapped[date] = mapped_column("until_day")
    ground: Mapped[str] = mapped_column(sa.String(20))
    reason_sealed: Mapped[bytes] = mapped_column(info={"category": "user.content"})
    hidden_by: Mapped[str] = mapped_column(sa.String(40))
    hidden_at: Mapped[datetime]
    agreed_by: Mapped[str | None] = mapped_column(sa.String(40))
    agreed_at: Mapped[datetime | None]
    lifted_by: Mapped[str | None] = mapped_column(sa.String(40))
    lifted_at: Mapped[datetime | None] = mapped_column(index=True)


class QuestionState(enum.StrEnum):
    """`open`: the company has to answer; `answered`: it has, and the customer may write again."""

    OPEN = "open"
    ANSWERED = "answered"


class LookQuestion(Base):
    """A customer's question about one look. `due_on`: the last local day on which the answer is in time."""

    __tablename__ = "look_question"
    __table_args__ = (sa.UniqueConstraint("person_id", "seq"),)

    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"))
    reference: Mapped[str] = mapped_column(sa.String(32), unique=True)
    seq: Mapped[int] = mapped_column(BIG)
    state: Mapped[QuestionState] = mapped_column(index=True)
    asked_at: Mapped[datetime]
    due_on: Mapped[date]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[str | None] = mapped_column(sa.String(40))


class QuestionMessage(Base):
    """What customer and privacy officer write to each other about a look. `author`: a staff number, or nothing."""

    __tablename__ = "look_question_message"

    question_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("look_question.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    author: Mapped[str] = mapped_column(sa.String(40))
    at: Mapped[datetime]
    text_sealed: Mapped[bytes] = mapped_column(info={"category": "user.content"})
