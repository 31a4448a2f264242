"""The story of the order placed after the request, lived: it stays, the account is cleared, and the certificate says so."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
import time_machine

from privacy_center.center import Center
from privacy_center.demo.build import prepare_demo
from privacy_center.demo.stories import story
from privacy_center.execution.certify import certificates_of
from privacy_center.execution.due import begin_ready
from privacy_center.privacy_requests.models import PrivacyRequest
from tests import corner

AT = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)


def test_the_order_placed_since_the_request_outlives_it(tmp_path: Path):
    with time_machine.travel(AT, tick=False):
        prepare_demo(tmp_path / "demo", AT)
    center = Center.open(tmp_path / "demo")
    shop, number = center.sources.engine("shop"), story("order-since").number

    def ask(statement: str) -> list[tuple]:
        with shop.connect() as connection:
            return [tuple(row) for row in connection.execute(sa.text(statement), {"id": number})]

    unfinished = "SELECT id, status, recipient_phone FROM orders WHERE customer_id = :id AND completed_at IS NULL"
    new = ask(unfinished)
    assert len(new) == 1
    handed: list = []
    with time_machine.travel(AT + timedelta(minutes=11), tick=False):
        begin_ready(
            center, lambda _session, run, datasets: handed.append((run.id, datasets)), AT + timedelta(minutes=11)
        )
        corner.run_handed(corner.Corner(tmp_path / "demo", shop, shop, center), handed)
    assert ask(unfinished) == new
    assert ask("SELECT email FROM customer WHERE id = :id") != [(story("order-since").email,)]
    with center.database.reading() as session:
        request = session.scalars(sa.select(PrivacyRequest)).one()
        (certificate,) = certificates_of(session, request.id)
        assert request.state.value == "completed_with_holds"
        assert certificate.body["collections"]["shop.customer"]["cleared_instead"] == 1
    center.close()
