"""Whether a member of staff may open customer data today: employed, pledged, trained."""

import enum
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.errors import Words
from privacy_center.people.staff.models import Pledge, StaffMember, Training
from privacy_center.people.staff.pledge import pledge_text, signed_pledge
from privacy_center.people.staff.terms import local_today


class Lack(enum.StrEnum):
    """What can be missing."""

    EMPLOYMENT = "employment"
    PLEDGE = "pledge"
    TRAINING = "training"


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is missing, in words that say what to do about it."""

    lack: Lack
    words: Words


def may_open_customer_data(session: Session, staff: StaffMember, at: datetime) -> Words | None:
    """None where the member may open customer data; else all that is missing, in words."""
    gaps = what_is_missing(session, staff, local_today(session, at))
    if not gaps:
        return None
    return Words("".join(gap.words.zh for gap in gaps), " ".join(gap.words.en for gap in gaps))


def what_is_missing(session: Session, staff: StaffMember, today: date) -> list[Gap]:
    """Everything that is missing on this local date; empty where the member may open customer data."""
    return [*_employment(staff, today), *_pledge(session, staff), *_training(session, staff, today)]


def trainings_of(session: Session, staff: StaffMember) -> list[Training]:
    """Every training of a member, newest first."""
    mine = sa.select(Training).where(Training.staff_id == staff.id)
    return list(session.scalars(mine.order_by(Training.done_on.desc(), Training.title, Training.entered_at.desc())))


def trainings_that_count(session: Session, staff: StaffMember) -> list[Training]:
    """For each title the one that lasts longest: an older one is made up for by a newer one."""
    return _longest(trainings_of(session, staff))


def who_is_fit(session: Session, members: Iterable[StaffMember], today: date) -> frozenset[uuid.UUID]:
    """The ids of those to whom nothing is missing on this local date, in two statements however many they are."""
    version = pledge_text(session).version
    pledged = set(session.scalars(sa.select(Pledge.staff_id).where(Pledge.version == version)))
    trained: dict[uuid.UUID, list[Training]] = {}
    for one in session.scalars(sa.select(Training)):
        trained.setdefault(one.staff_id, []).append(one)
    return frozenset(
        one.id
        for one in members
        if one.id in pledged and not _employment(one, today) and not _overdue(trained.get(one.id, []), today)
    )


def _longest(trainings: Iterable[Training]) -> list[Training]:
    longest: dict[str, Training] = {}
    for one in trainings:
        if one.title not in longest or one.due_on > longest[one.title].due_on:
            longest[one.title] = one
    return list(longest.values())


def _employment(staff: StaffMember, today: date) -> list[Gap]:
    if not staff.active:
        said = Words("账号已停用。请找主管。", "The account is deactivated. See your manager.")
        return [Gap(Lack.EMPLOYMENT, said)]
    if staff.started_on is not None and today < staff.started_on:
        said = Words("任职从{day}开始，还没到。", "The employment begins on {day}, which has not come yet.")
        return [Gap(Lack.EMPLOYMENT, _on(said, staff.started_on))]
    if staff.ends_on is not None and staff.ends_on < today:
        said = Words("任职到{day}为止，已经结束。", "The employment ended on {day}.")
        return [Gap(Lack.EMPLOYMENT, _on(said, staff.ends_on))]
    return []


def _pledge(session: Session, staff: StaffMember) -> list[Gap]:
    version = pledge_text(session).version
    if signed_pledge(session, staff, version) is not None:
        return []
    said = Words(
        "还没有签保密承诺书（{version} 版）。", "The confidentiality pledge (version {version}) is not signed yet."
    )
    return [Gap(Lack.PLEDGE, said.filled(version=version))]


def _training(session: Session, staff: StaffMember, today: date) -> list[Gap]:
    return _overdue(trainings_of(session, staff), today)


def _overdue(trainings: Iterable[Training], today: date) -> list[Gap]:
    counting = _longest(trainings)
    if not counting:
        said = Words("没有培训记录。参加培训后，请主管登记。", "No training is on file. Do one, then have it entered.")
        return [Gap(Lack.TRAINING, said)]
    late = Words("培训“{title}”在{day}到期，要重新参加。", "The training “{title}” was due again on {day}.")
    return [Gap(Lack.TRAINING, _on(late, one.due_on, title=one.title)) for one in counting if one.due_on < today]


def _on(said: Words, day: date, **more: str) -> Words:
    """A sentence with its day, as each language writes days."""
    english = f"{day.day} {day:%B %Y}"
    return Words(
        said.zh.format(day=f"{day.year}年{day.month}月{day.day}日", **more), said.en.format(day=english, **more)
    )
