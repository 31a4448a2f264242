"""Deletions by the product, phase by phase, in this process."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from privacy_center import clock
from privacy_center.audit.append import Actor
from privacy_center.center import Center
from privacy_center.execution.conclude import conclude_run
from privacy_center.execution.models import ExecutionRun
from privacy_center.execution.proceed import proceed
from privacy_center.execution.step import carry_out
from privacy_center.people.identity import find_or_create_person
from privacy_center.people.models import Level
from privacy_center.plans.draft import draft_plan
from privacy_center.plans.freeze import current_plan, sign_plan
from privacy_center.privacy_requests.models import PrivacyRequest
from privacy_center.privacy_requests.moves import approve
from privacy_center.privacy_requests.submit import Submission
from privacy_center.review.intake import take_in_deletion
from tests.bench.cost import Cost

HandIn = Callable[[Session, ExecutionRun, list[str]], None]


@dataclass
class Spent:
    """What the phases cost. `plan`: locate, plan, preflight, freeze, request entered. `execute`: execute and check."""

    plan: Cost = field(default_factory=Cost)
    approve: Cost = field(default_factory=Cost)
    execute: Cost = field(default_factory=Cost)
    conclude: Cost = field(default_factory=Cost)


def person(number: int) -> tuple[str, str]:
    """E-mail and phone of the customer with this number."""
    return f"customer{number}@example.com", f"1380{number:07}"


def take_in(center: Center, number: int, at: datetime) -> uuid.UUID:
    """A request of one customer, with its plan frozen."""
    email, phone = person(number)
    identities = {"email": [email], "phone_number": [phone]}
    drafted = draft_plan(center, identities, None, center.today(at))
    with center.database.transaction() as session:
        asker = find_or_create_person(session, "email", email, at)
        handed_in = Submission(
            person=asker,
            identities=identities,
            level=Level.V2,
            verification_method="counter",
            timezone="Asia/Shanghai",
        )
        by = Actor("staff", "A1", "agent")
        request = take_in_deletion(session, center, drafted, handed_in, cooling_off_days=0, actor=by, at=at)
        return request.id


def approve_one(center: Center, request_id: uuid.UUID, hand_in: HandIn) -> None:
    """A reviewer approves; the run is handed in."""
    at = clock.now()
    with center.database.transaction() as session:
        request = session.get_one(PrivacyRequest, request_id)
        sign_plan(session, current_plan(session, request.id), by="R1", at=at)
        approve(session, request, actor=Actor("staff", "R1", "reviewer"), at=at)
        proceed(session, request, hand_in, at)


def delete_here(center: Center, number: int, spent: Spent) -> None:
    """One deletion from the form to the certificate, in this process and without waiting for anything."""
    handed: list[tuple[uuid.UUID, list[str]]] = []
    with spent.plan.measured():
        request_id = take_in(center, number, clock.now())
    with spent.approve.measured():
        approve_one(center, request_id, lambda _, run, datasets: handed.append((run.id, datasets)))
    ((run_id, datasets),) = handed
    with spent.execute.measured():
        for dataset in datasets:
            carry_out(center, run_id, dataset)
    with spent.conclude.measured():
        state = conclude_run(center, run_id)
    if state.value != "done":
        raise RuntimeError(f"the deletion of customer {number} did not close")
