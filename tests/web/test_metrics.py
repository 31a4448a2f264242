"""What a monitoring system reads."""

from datetime import timedelta

import pytest

from privacy_center import clock, create_app
from privacy_center.execution.models import WorkerBeat
from tests import corner


@pytest.fixture
def shop(tmp_path):
    opened = corner.open_corner(tmp_path)
    yield opened
    opened.center.close()


def test_numbers_are_totals_and_name_nobody(shop):
    corner.sign_and_run(shop, {"email": ["li@example.com"]})
    text = create_app(shop.center).test_client().get("/metrics").text
    assert 'privacy_requests{state="completed_with_holds"} 1' in text
    assert "privacy_held_rows 4" in text and "li@example.com" not in text


def test_numbers_are_not_for_strangers(shop):
    client = create_app(shop.center).test_client()
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "203.0.113.9"}).status_code == 404
    assert client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 404


def test_a_worker_that_was_killed_is_not_counted_among_those_at_work(shop):
    read = create_app(shop.center).test_client()
    with shop.center.database.transaction() as session:
        for name, age in (("killed", timedelta(seconds=9)), ("alive", timedelta(seconds=1))):
            session.add(WorkerBeat(name=name, host="here", pid=1, seen_at=clock.now() - age))
    assert "privacy_workers 1\n" in read.get("/metrics").text
