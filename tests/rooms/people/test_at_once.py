"""What one of two may do is done by one, also when both do it at the same moment."""

import threading
import uuid
from datetime import timedelta

import sqlalchemy as sa

from privacy_center.errors import Refusal
from privacy_center.execution.models import VaultOpening
from privacy_center.execution.vault_opening import answer_opening
from privacy_center.people.evidence.keep import grant_look, keep_evidence
from privacy_center.people.evidence.models import Evidence, EvidenceLook
from privacy_center.people.evidence.picture import CleanPicture
from privacy_center.people.staff.access_review import Answer, open_review, review_holds, sign_review, to_review
from privacy_center.people.staff.models import AccessReview, AccessReviewLine, Role
from privacy_center.people.staff.roster import create_staff, find_staff
from privacy_center.privacy_requests.models import PrivacyRequest
from tests.rooms.privacy_requests.asking import ask


def hire(session, at, number, role, department="B"):
    return create_staff(
        session, number=number, name=number, email=f"{number}@x.cn", password="一句只有我自己知道的话 2026", roles=[role],
        department=department, at=at,
    )  # fmt: skip


def at_once(database, *acts):
    """Each act has looked before any goes on; answers what came of them."""
    came, ready = [], threading.Barrier(len(acts))

    def take(act):
        try:
            with database.transaction() as session:
                go = act(session)
                if session.get_bind().dialect.name == "postgresql":  # SQLite lets one in after the other anyway
                    ready.wait()
                came.append(go())
        except Refusal as refusal:
            came.append(refusal.status)

    threads = [threading.Thread(target=take, args=(one,)) for one in acts]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return came


def test_of_two_answers_to_a_wish_to_open_the_vault_the_first_counts(either, at):
    with either.transaction() as session:
        for number in ("S1", "S2", "S3"):
            hire(session, at, number, Role.SENIOR_REVIEWER)
        wish = VaultOpening(
            id=uuid.uuid4(), request_id=ask(session, at).id, asked_by="S1", asked_at=at, reason_sealed=b"-"
        )
        session.add(wish)
    answers = {"S2": False, "S3": True}

    def answer(number):
        def act(session):
            request, by = session.scalars(sa.select(PrivacyRequest)).one(), find_staff(session, number)
            session.get_one(VaultOpening, wish.id)
            return lambda: answer_opening(session, request, wish.id, by=by, agreed=answers[number], at=at) or number

        return act

    came = at_once(either, answer("S2"), answer("S3"))
    (first,) = [one for one in came if one in answers]
    with either.reading() as session:
        found = session.get_one(VaultOpening, wish.id)
        assert (found.second, found.agreed) == (first, answers[first]) and sorted(map(str, came)) == ["409", first]


def test_of_two_signatures_under_an_access_review_one_counts(either, at):
    with either.transaction() as session:
        hire(session, at, "A1", Role.REVIEWER, "A")
        signers = [hire(session, at, number, Role.MANAGER) for number in ("M1", "M2")]
        review = open_review(session, "A", by=signers[0], at=at).id

    def sign(number):
        def act(session):
            found, by = session.get_one(AccessReview, review), find_staff(session, number)
            answers = {one.term.id: Answer(True) for one in to_review(session, found, by, at)}
            return lambda: sign_review(session, found, answers, by=by, at=at + timedelta(seconds=1)).signed_by

        return act

    came = at_once(either, sign("M1"), sign("M2"))
    with either.reading() as session:
        found = session.get_one(AccessReview, review)
        assert sorted(map(str, came)) == ["409", found.signed_by]
        assert review_holds(session, found)
        assert len(session.scalars(sa.select(AccessReviewLine)).all()) == 1


def test_of_two_looks_at_a_picture_by_one_person_one_is_granted(either, at):
    with either.transaction() as session:
        picture = CleanPicture(b"jpeg", 1, 1)
        kept = keep_evidence(session, case=uuid.uuid4(), shows="id", picture=picture, subject=None, at=at).id

    def look(session):
        evidence = session.get_one(Evidence, kept)
        return lambda: grant_look(session, evidence, "S1", at)

    came = at_once(either, look, look)
    assert sum(isinstance(one, str) for one in came) == 1 and came.count(409) == 1
    with either.reading() as session:
        assert len(session.scalars(sa.select(EvidenceLook)).all()) == 1
