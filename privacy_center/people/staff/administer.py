"""Changes to who works here and as what. Each is on record, and nobody changes their own. `by` nobody: the terminal."""

import uuid
from datetime import date, datetime

from sqlalchemy.orm import Session

from privacy_center.audit.append import Actor, record
from privacy_center.errors import Refusal, Words, refuse_wrong
from privacy_center.people.login import end_all_logins
from privacy_center.people.staff.conflict import numbers_of
from privacy_center.people.staff.models import Role, RoleTerm, StaffMember, Training
from privacy_center.people.staff.terms import is_over, local_today, settle_roles, terms_of

LONGEST_TITLE = 120
TERMINAL = Actor("system", "terminal")
NO_DAY = Words("写下日期，如 2026-11-22。", "Write the day, such as 2026-11-22.")
DISORDER = Words("最后一天比第一天还早。改其中一个。", "The last day is before the first. Change one of them.")


def give_role(
    session: Session,
    staff: StaffMember,
    role: Role,
    *,
    starts_on: date,
    ends_on: date | None,
    by: StaffMember | None,
    at: datetime,
) -> RoleTerm:
    """A role from a day to a last day (local dates, none: until taken). It shows in the next access review.

    Refuses (403) one's own roles, (422) days in the wrong order, (409) a role that the member has or will have.
    """
    refuse_oneself(session, staff, by)
    _refuse_disorder(starts_on, ends_on, "role_ends_on")
    today = local_today(session, at)
    if any(term.role is role and not is_over(term, today) for term in terms_of(session, staff)):
        raise Refusal(
            "已经有这个岗位。先收回，再按新日期给。",
            "The member has this role. Take it first, then give it with the new days.",
            field="role",
        )
    term = RoleTerm(staff_id=staff.id, role=role, starts_on=starts_on, ends_on=ends_on, given_by=_who(by), given_at=at)
    session.add(term)
    session.flush()
    settle_roles(session, staff, today)
    told = {"role": role.value, "from": starts_on.isoformat(), "until": ends_on.isoformat() if ends_on else None}
    _note(session, "staff.role_given", staff, by, at, told)
    return term


def take_role(session: Session, staff: StaffMember, term: RoleTerm, *, by: StaffMember | None, at: datetime) -> None:
    """The role ends now. Refuses (403) one's own roles; a term that is over stays as it is."""
    refuse_oneself(session, staff, by)
    if is_over(term, local_today(session, at)):
        return
    term.taken_by, term.taken_at = _who(by), at
    session.flush()
    settle_roles(session, staff, local_today(session, at))
    _note(session, "staff.role_taken", staff, by, at, {"role": term.role.value})


def set_employment(
    session: Session,
    staff: StaffMember,
    *,
    starts_on: date | None,
    ends_on: date | None,
    by: StaffMember | None,
    at: datetime,
) -> None:
    """First and last day (local dates) of the employment. Refuses (403) one's own, (422) days in the wrong order."""
    refuse_oneself(session, staff, by)
    if starts_on is not None:
        _refuse_disorder(starts_on, ends_on, "ends_on")
    staff.started_on, staff.ends_on = starts_on, ends_on
    settle_roles(session, staff, local_today(session, at))
    told = {name: day.isoformat() if day else None for name, day in (("from", starts_on), ("until", ends_on))}
    _note(session, "staff.dates_set", staff, by, at, told)


def set_active(session: Session, staff: StaffMember, active: bool, *, by: StaffMember | None, at: datetime) -> None:
    """Deactivate a member, which ends their sign-ins at once, or let them in again. Refuses (403) oneself."""
    refuse_oneself(session, staff, by)
    staff.active = active
    settle_roles(session, staff, local_today(session, at))
    if not active:
        end_all_logins(session, staff.id, at)
    _note(session, "staff.reactivated" if active else "staff.deactivated", staff, by, at, {})


def sign_out_everywhere(session: Session, staff: StaffMember, *, by: StaffMember | None, at: datetime) -> None:
    """End every sign-in of a member now: a lost laptop, a password that was seen. They may sign in again."""
    ended = end_all_logins(session, staff.id, at)
    _note(session, "staff.logins_ended", staff, by, at, {"logins": str(ended)})


def enter_training(
    session: Session,
    staff: StaffMember,
    *,
    title: str,
    done_on: date,
    due_on: date,
    by: StaffMember | None,
    at: datetime,
) -> Training:
    """A training that was done, and the last local date until which it counts.

    Refuses (403) one's own, (422) an empty title, a day that has not come yet, and days in the wrong order.
    """
    refuse_oneself(session, staff, by)
    refuse_wrong(wrong_training(title, done_on, due_on, local_today(session, at)))
    training = Training(
        id=uuid.uuid4(),
        staff_id=staff.id,
        title=title.strip(),
        done_on=done_on,
        due_on=due_on,
        entered_by=_who(by),
        entered_at=at,
    )
    session.add(training)
    session.flush()
    told = {"training": str(training.id), "done_on": done_on.isoformat(), "due_on": due_on.isoformat()}
    _note(session, "staff.training_entered", staff, by, at, told)
    return training


def wrong_training(title: str, done_on: date | None, due_on: date | None, today: date) -> dict[str, Words]:
    """Everything that is wrong with a training, by field in the order of the form; a day that is missing says so."""
    wrong = {}
    if not 0 < len(title.strip()) <= LONGEST_TITLE:
        wrong["title"] = Words(
            f"写下培训名称，最多 {LONGEST_TITLE} 字。",
            f"Write the name of the training, at most {LONGEST_TITLE} characters.",
        )
    if done_on is None:
        wrong["done_on"] = NO_DAY
    elif done_on > today:
        wrong["done_on"] = Words("这一天还没到。", "That day has not come yet.")
    if due_on is None:
        wrong["due_on"] = NO_DAY
    elif done_on is not None and due_on < done_on:
        wrong["due_on"] = DISORDER
    return wrong


def refuse_oneself(session: Session, staff: StaffMember, by: StaffMember | None) -> None:
    """Refuses (403) a change to oneself, under any staff number that one has."""
    if by is not None and staff.number in numbers_of(session, by):
        raise Refusal(
            "自己的岗位、日期和培训，要由别人改。请找另一位主管。",
            "Your own roles, dates and trainings are changed by somebody else. Ask another manager.",
            status=403,
        )


def _who(by: StaffMember | None) -> str:
    return by.number if by else TERMINAL.id


def _refuse_disorder(first: date, last: date | None, field: str) -> None:
    if last is not None and last < first:
        refuse_wrong({field: DISORDER})


def _note(
    session: Session, act: str, staff: StaffMember, by: StaffMember | None, at: datetime, told: dict[str, str | None]
) -> None:
    session.flush()
    record(session, actor=by.as_actor() if by else TERMINAL, act=act, details={"number": staff.number, **told}, at=at)
