"""A customer with 40,000 rows beside one with a few: run in a process of its own, so that memory can be told.

`python -m tests.journeys.large_customer HOME` prints how many MB more Python held at its peak for the large one.
"""

import json
import sys
import tracemalloc
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from privacy_center import clock
from privacy_center.audit.append import Actor
from privacy_center.center import Center
from privacy_center.people.identity import find_or_create_person
from privacy_center.people.models import Level
from privacy_center.plans.draft import draft_plan
from privacy_center.privacy_requests.submit import Submission
from privacy_center.review.intake import take_in_deletion
from tests import corner

ORDERS, PAGES = 10_000, 10_000
ROWS = 3 * ORDERS + PAGES
"""An order has two lines; pages are rows without a key."""


def fill_large(shop: sa.Engine) -> None:
    """Li orders 10,000 times and looks at 10,000 pages: 40,000 rows of hers."""
    first = datetime(2025, 1, 1)
    numbers = range(1_000, 1_000 + ORDERS)
    with shop.begin() as connection:
        made = {"customer_id": corner.LI, "address_id": None, "placed_at": first, "completed_at": first, "note": "门口"}
        connection.execute(corner.orders.insert(), [{"id": number, **made} for number in numbers])
        lines = [
            {"order_id": number, "line_no": line, "item": "商品", "engraving": None}
            for number in numbers
            for line in (1, 2)
        ]
        connection.execute(corner.line.insert(), lines)
        pages = [
            {"customer_id": corner.LI, "at": first + timedelta(seconds=number), "page": "/p"} for number in range(PAGES)
        ]
        connection.execute(corner.browsing.insert(), pages)


def take_in(center: Center, email: str) -> None:
    """Locate, plan and freeze."""
    at, identities = clock.now(), {"email": [email]}
    with center.database.transaction() as session:
        take_in_deletion(
            session,
            center,
            draft_plan(center, identities, None, center.today(at)),
            Submission(
                person=find_or_create_person(session, "email", email, at),
                identities=identities,
                level=Level.V2,
                verification_method="counter",
                timezone=center.settings.timezone,
            ),
            cooling_off_days=0,
            actor=Actor("staff", "A1", "agent"),
            at=at,
        )


def peak_of(center: Center, email: str) -> float:
    """MB that Python held at its peak beyond what it held before."""
    before, _ = tracemalloc.get_traced_memory()
    tracemalloc.reset_peak()
    take_in(center, email)
    return (tracemalloc.get_traced_memory()[1] - before) / 1e6


def measure(home: Path) -> dict[str, float]:
    """The peaks for Wang, who has a few rows, and for Li, after everything was warmed up on a stranger."""
    center = Center.open(home)
    take_in(center, "nobody@example.com")
    tracemalloc.start()
    small, large = peak_of(center, "wang@example.com"), peak_of(center, "li@example.com")
    return {"small": round(small, 1), "large": round(large, 1)}


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]))))
