"""Runs of lost workers are taken over by one worker at a time, and by another one where that one stands still."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from privacy_center import workflows


def test_a_worker_that_stands_still_while_taking_over_is_cut_off_by_the_server(own_postgres, monkeypatch):
    monkeypatch.setattr(workflows, "FROZEN_AFTER", timedelta(seconds=1))
    wait = sa.text(f"SET lock_timeout = '30s'; SELECT pg_advisory_lock({workflows.TAKE_OVER_LOCK})")
    with own_postgres.reading() as frozen, own_postgres.engine.connect() as other:
        assert workflows._alone(frozen)
        with own_postgres.reading() as third:
            assert not workflows._alone(third)
        other.exec_driver_sql(wait.text)
        with pytest.raises(sa.exc.DBAPIError):
            frozen.execute(sa.select(1))
        frozen.invalidate()
        other.invalidate()
