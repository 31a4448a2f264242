"""A customer who asks, for the tests of requests and reviews."""

from privacy_center.audit.append import Actor
from privacy_center.people.identity import find_or_create_person
from privacy_center.people.models import Level
from privacy_center.privacy_requests.moves import confirm, start_review
from privacy_center.privacy_requests.submit import Submission, submit_request

REVIEWER = Actor("staff", "S-0001", "reviewer")


def customer(session, at, email="zhang@example.com"):
    return find_or_create_person(session, "email", email, at)


def ask(session, at, email="zhang@example.com", **more):
    person = customer(session, at, email)
    told = {
        "person": person,
        "identities": {"email": [email]},
        "level": Level.V1,
        "verification_method": "email_code",
        "timezone": "Asia/Shanghai",
        "words": "请把我的信息都删掉",
        "label": "张**",
    }
    actor = more.pop("actor", Actor("customer", str(person.id)))
    return submit_request(session, Submission(**(told | more)), actor=actor, at=at)


def ask_and_review(session, at, email="zhang@example.com", **more):
    request = ask(session, at, email, **more)
    confirm(session, request, actor=Actor("customer", str(request.person_id)), at=at)
    start_review(session, request, actor=Actor("system", "intake"), at=at)
    return request
