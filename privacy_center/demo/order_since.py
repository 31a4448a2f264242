"""The request of a customer who placed an order after it: approved when the demo is made, carried out ten minutes later."""

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.audit.append import Actor
from privacy_center.center import Center
from privacy_center.demo.shop_tables import order_line, orders
from privacy_center.demo.stories import Story, story
from privacy_center.execution.proceed import proceed
from privacy_center.people.identity import find_or_create_person
from privacy_center.people.models import Level
from privacy_center.plans.draft import DraftedPlan, draft_plan
from privacy_center.plans.freeze import current_plan, sign_plan
from privacy_center.privacy_requests.moves import approve
from privacy_center.privacy_requests.submit import Submission
from privacy_center.review.intake import take_in_deletion

STILL_TO_WAIT = timedelta(minutes=10)
REVIEWER = "S0101"


def ask_before_the_order(home: Path, at: datetime) -> None:
    """Her deletion as it was approved a week ago, and the order that she placed yesterday. Only in a demo just made."""
    customer = story("order-since")
    center = Center.open(home)
    try:
        asked = at - timedelta(days=center.settings.cooling_off_days) + STILL_TO_WAIT
        identities = {"email": [customer.email or ""]}
        drafted = draft_plan(center, identities, None, center.today(at))
        with center.database.transaction() as session:
            _approve(session, center, customer, drafted, asked)
        with center.sources.changing("shop").begin() as connection:
            _place_order(connection, customer, at - timedelta(days=1))
    finally:
        center.close()


def _approve(session: Session, center: Center, customer: Story, drafted: DraftedPlan, at: datetime) -> None:
    person = find_or_create_person(session, "email", customer.email or "", at)
    handed_in = Submission(
        person=person,
        identities={"email": [customer.email or ""]},
        level=Level.V2,
        verification_method="code",
        timezone=center.settings.timezone,
    )
    days = center.settings.cooling_off_days
    by_customer, by_staff = Actor("customer", str(person.id)), Actor("staff", REVIEWER, "reviewer")
    asked = {"cooling_off_days": days, "actor": by_customer, "at": at}
    request = take_in_deletion(session, center, drafted, handed_in, **asked)
    plan = current_plan(session, request.id)
    assert plan is not None
    sign_plan(session, plan, by=REVIEWER, at=at)
    approve(session, request, actor=by_staff, at=at)
    proceed(session, request, lambda *_run: None, at)


def _place_order(connection: sa.Connection, customer: Story, at: datetime) -> None:
    number = connection.scalar(sa.select(sa.func.max(orders.c.id))) + 1
    values = {"id": number, "order_no": f"{at:%Y%m%d}{number:07d}", "customer_id": customer.number, "store_id": 1}
    values |= {"status": "paid", "placed_at": at.replace(tzinfo=None), "total": Decimal("68.00")}
    connection.execute(orders.insert().values(**values, recipient_name=customer.name, recipient_phone=customer.phone))
    line = {"order_id": number, "line_no": 1, "product_id": 1, "quantity": 1, "price": Decimal("68.00")}
    connection.execute(order_line.insert().values(**line))
