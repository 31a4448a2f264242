"""Entries of the access log in words, for staff: with the number of whoever looked, without who was looked at."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from privacy_center.audit.look import OUR_SYSTEM, seen_in
from privacy_center.audit.models import AuditEntry
from privacy_center.audit.purposes import CHANNELS, PURPOSES_TO_STAFF, ROLES, words_for
from privacy_center.errors import Words
from privacy_center.people.staff.permits import Act, DataClass, permit
from privacy_center.web.filters import words
from privacy_center.web.look_words import with_counts
from privacy_center.web.staff.act_words import act_words
from privacy_center.web.staff.masking import class_of_categories
from privacy_center.web.staff.who import me
from privacy_center.web.units import center

SIGN = 8


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One look. `subject`: a sign by which the same person is recognised; `content`: what was shown, masked."""

    entry: AuditEntry
    act: str
    number: str
    post: str
    purpose: str
    data: str
    place: str
    subject: str
    content: list[tuple[str, str]]


def show_line(session: Session, entry: AuditEntry, *, content: bool) -> ShownLine:
    """The entry in words; with `content` what was shown is opened, which is a look in itself."""
    told: dict[str, Any] = json.loads(entry.details)
    catalogue = center().catalogue
    titles = dict.fromkeys(words(catalogue.category(one).title) for one in told.get("data", ()))
    post = [one for one in (told.get("department", ""), words(words_for(ROLES, entry.actor_role))) if one]
    system = told.get("system", "")
    place = [_("隐私中心") if system == OUR_SYSTEM else system, words(words_for(CHANNELS, told.get("channel", "")))]
    subject = entry.subject_id.hex if entry.subject_id else str(told.get("subject_index", ""))
    return ShownLine(
        entry=entry,
        act=act_words(entry.act),
        number=entry.actor_id,
        post=_listed(post),
        purpose=words(words_for(PURPOSES_TO_STAFF, told.get("purpose", ""))),
        data=with_counts(_listed(list(titles)), bool(told.get("counts_of"))),
        place=_listed([one for one in place if one]),
        subject=subject_sign(subject),
        content=_content(session, entry, told.get("data", ())) if content else [],
    )


def subject_sign(subject: str) -> str:
    """The first eight signs of a pseudonym: enough to see that two lines are about the same person."""
    return subject[:SIGN]


def _content(session: Session, entry: AuditEntry, data: Iterable[str]) -> list[tuple[str, str]]:
    """What was shown; of login and device data nothing, to whoever may not look at that."""
    guarded = any(class_of_categories([one]) is DataClass.SECURITY for one in data)
    if guarded and permit(me(), Act.LOOK, DataClass.SECURITY) is None:
        return []
    shown = seen_in(session, entry)
    return [
        (name, value if isinstance(value, str) else _listed(list(map(str, value)))) for name, value in shown.items()
    ]


def _listed(said: list[str]) -> str:
    return words(Words("、", ", ")).join(said)
