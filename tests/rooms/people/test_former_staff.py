"""Former members of staff are forgotten: what opens doors after 30 days, their name after three years, reviews with them."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from privacy_center.audit.models import AuditEntry
from privacy_center.execution.forget_ended import forget_ended
from privacy_center.people.login import open_login
from privacy_center.people.models import Level, LoginKind, LoginSession, Passkey
from privacy_center.people.staff.access_review import Answer, open_review, review_holds, sign_review, to_review
from privacy_center.people.staff.administer import enter_training, set_active, set_employment
from privacy_center.people.staff.conflict import declare, declared_counts
from privacy_center.people.staff.models import AccessReview, Pledge, RecoveryCode, Relation, Role, Training
from privacy_center.people.staff.passwords import check_password, has_password
from privacy_center.people.staff.pledge import pledge_text, sign_pledge
from privacy_center.people.staff.roster import create_staff, find_staff
from privacy_center.people.staff.second_factor import check_totp, new_recovery_codes, start_totp
from tests import corner
from tests.journeys.terminal import Terminal

ZONE = "Asia/Shanghai"
HIRED = datetime(2026, 3, 2, 1, tzinfo=UTC)
LAST = datetime(2026, 6, 30, 4, tzinfo=UTC)
"""Noon of the last day in Shanghai."""


@pytest.fixture
def shop(tmp_path):
    opened = corner.open_corner(tmp_path / "home")
    yield opened
    opened.center.close()


def hire(shop, number: str, *roles: Role) -> None:
    """A member with everything that a member may have."""
    told = {"name": f"王{number}", "email": f"{number}@x.example", "password": "a long password", "roles": roles}
    with shop.center.database.transaction() as session:
        member = create_staff(session, number=number, department="D", at=HIRED, **told)
        start_totp(session, member, "X")
        new_recovery_codes(session, member)
        declare(session, member, "email", f"sister-of-{number}@x.example", Relation.RELATIVE)
        sign_pledge(session, member, version=pledge_text(session).version, name=member.name, at=HIRED)
        day = HIRED.date()
        enter_training(session, member, title="T", done_on=day, due_on=day + timedelta(365), by=None, at=HIRED)
        open_login(session, kind=LoginKind.STAFF, owner=member.id, level=Level.V2, at=LAST + timedelta(days=29))
        key = {"credential_id": number.encode(), "public_key": b"k", "sign_count": 0, "backed_up": False}
        key |= {"name_sealed": b"-", "created_at": HIRED, "counts_from": HIRED}
        session.add(Passkey(kind=LoginKind.STAFF, owner_id=member.id, **key))


def leave(shop, number: str) -> None:
    with shop.center.database.transaction() as session:
        last = {"starts_on": HIRED.date(), "ends_on": LAST.date(), "by": None, "at": LAST}
        set_employment(session, find_staff(session, number), **last)


def doors_of(shop, number: str) -> tuple:
    """What opens something for the member, and how many relatives are declared."""
    with shop.center.database.reading() as session:
        member = find_staff(session, number)
        mine = [
            session.scalar(sa.select(sa.func.count()).where(one))
            for one in (
                RecoveryCode.staff_id == member.id,
                sa.and_(Passkey.kind == LoginKind.STAFF, Passkey.owner_id == member.id),
                sa.and_(LoginSession.kind == LoginKind.STAFF, LoginSession.owner_id == member.id),
            )
        ]
        counts = declared_counts(session, member)
        return (has_password(member), bool(member.totp_secret_sealed), *mine, *counts.values())


def name_of(shop, number: str) -> tuple:
    with shop.center.database.reading() as session:
        member = find_staff(session, number)
        trainings = session.scalar(sa.select(sa.func.count()).where(Training.staff_id == member.id))
        pledge = session.scalars(sa.select(Pledge.name).where(Pledge.staff_id == member.id)).one()
        return member.name, member.email, pledge, trainings, declared_counts(session, member)[Relation.OWN]


def pass_on(shop, at: datetime) -> dict[str, int]:
    """The daily pass of a day: what it forgot of staff."""
    done = forget_ended(shop.center.database, at, ZONE)
    return {name: done[name] for name in ("staff_secrets", "staff_names", "access_reviews") if done[name]}


EVERYTHING, NOTHING_BUT_ONESELF = (True, True, 10, 1, 1, 1, 1), (False, False, 0, 0, 0, 1, 0)


def test_what_opens_doors_goes_30_days_after_the_last_day_and_nothing_of_those_who_stay(shop):
    for number in ("S1", "S2"):
        hire(shop, number, Role.REVIEWER)
    leave(shop, "S1")
    assert pass_on(shop, LAST + timedelta(days=30)) == {}
    assert doors_of(shop, "S1") == EVERYTHING
    assert pass_on(shop, LAST + timedelta(days=31)) == {"staff_secrets": 1}
    assert doors_of(shop, "S1") == NOTHING_BUT_ONESELF
    assert doors_of(shop, "S2") == EVERYTHING
    assert name_of(shop, "S1") == ("王S1", "S1@x.example", "王S1", 1, 1), "the name has a longer period"
    assert pass_on(shop, LAST + timedelta(days=32)) == {}, "forgotten once"
    with shop.center.database.transaction() as session:
        back = LAST + timedelta(days=40)
        set_employment(session, find_staff(session, "S1"), starts_on=HIRED.date(), ends_on=None, by=None, at=back)
        assert check_password(session, "S1", "a long password", back) is None
        assert not check_totp(session, find_staff(session, "S1"), "000000", back)
        told = sa.select(AuditEntry.details).where(AuditEntry.act == "staff.secrets_forgotten")
        assert list(session.scalars(told)) == ['{"number":"S1"}']


def test_who_was_deactivated_without_a_last_day_is_forgotten_from_the_day_in_the_record(shop):
    for number in ("S1", "S2", "S3"):
        hire(shop, number, Role.REVIEWER)
    with shop.center.database.transaction() as session:
        for active, at in ((False, HIRED), (True, HIRED), (False, LAST)):
            set_active(session, find_staff(session, "S1"), active, by=None, at=at)
        set_active(session, find_staff(session, "S2"), False, by=None, at=HIRED)
        set_active(session, find_staff(session, "S2"), True, by=None, at=LAST)
        find_staff(session, "S2").active = False
        find_staff(session, "S3").active = False
    assert pass_on(shop, LAST + timedelta(days=30)) == {}
    assert pass_on(shop, LAST + timedelta(days=31)) == {"staff_secrets": 1}
    assert not doors_of(shop, "S1")[0]
    pass_on(shop, LAST + timedelta(days=365 * 9))
    assert [doors_of(shop, number)[0] for number in ("S2", "S3")] == [True, True], "no day is known for them"


def test_name_and_address_give_way_to_the_number_three_years_after_the_last_day(shop):
    hire(shop, "S1", Role.REVIEWER)
    leave(shop, "S1")
    last_minute = datetime(2029, 6, 30, 15, 59, tzinfo=UTC)
    after = last_minute + timedelta(minutes=1)
    assert pass_on(shop, last_minute) == {"staff_secrets": 1}
    assert name_of(shop, "S1") == ("王S1", "S1@x.example", "王S1", 1, 1)
    assert pass_on(shop, after) == {"staff_names": 1}
    assert name_of(shop, "S1") == ("S1", "S1", "S1", 0, 0)
    assert pass_on(shop, after) == {}
    terminal = Terminal(shop.home)
    listed = {one["number"]: one for one in terminal.json("staff", "list")}
    assert listed["S1"]["name"] == ""
    assert terminal("keys", "check") == 0 and terminal("audit", "verify") == 0


def sign(shop, at: datetime) -> None:
    with shop.center.database.transaction() as session:
        by = find_staff(session, "M1")
        review = open_review(session, "D", by=by, at=at)
        answers = {one.term.id: Answer(keep=True) for one in to_review(session, review, by, at)}
        sign_review(session, review, answers, by=by, at=at)


def reviews(shop) -> list:
    with shop.center.database.reading() as session:
        found = session.scalars(sa.select(AccessReview).order_by(AccessReview.signed_at)).all()
        return [(one.signed_at.year, review_holds(session, one)) for one in found]


def test_a_signed_review_stays_sound_and_whole_for_three_years_and_the_latest_for_ever(shop):
    for number, role in (("M1", Role.MANAGER), ("S1", Role.REVIEWER)):
        hire(shop, number, role)
    sign(shop, LAST)
    leave(shop, "S1")
    assert pass_on(shop, LAST.replace(year=2031)) == {"staff_secrets": 1, "staff_names": 1}
    assert reviews(shop) == [(2026, True)], "the latest of the department, name and all"
    sign(shop, LAST.replace(year=2031))
    assert pass_on(shop, LAST.replace(year=2031)) == {"access_reviews": 1}
    assert reviews(shop) == [(2031, True)]
    assert pass_on(shop, LAST.replace(year=2039)) == {}


def test_a_review_goes_on_the_day_after_three_years_and_not_before(shop):
    for number, role in (("M1", Role.MANAGER), ("S1", Role.REVIEWER)):
        hire(shop, number, role)
    sign(shop, LAST)
    sign(shop, LAST + timedelta(days=100))
    assert pass_on(shop, LAST.replace(year=2029)) == {}
    assert pass_on(shop, LAST.replace(year=2029, month=7, day=1)) == {"access_reviews": 1}
    assert reviews(shop) == [(2026, True)]
