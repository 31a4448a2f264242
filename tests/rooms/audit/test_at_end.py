import pytest
import sqlalchemy as sa

from privacy_center.audit.append import Actor, record
from privacy_center.audit.at_end import record_at_end
from privacy_center.audit.queries import newest_entries
from privacy_center.audit.verify import verify_chain

CLERK = Actor("staff", "S-0007", "reviewer")


def acts(database):
    """What is in the trail, oldest first; the chain holds."""
    with database.reading() as session:
        assert verify_chain(session).ok
        return [one.act for one in reversed(newest_entries(session))]


def test_entries_for_the_end_stand_in_their_order_after_what_was_appended_at_once(either, at):
    with either.transaction() as session:
        record_at_end(session, actor=CLERK, act="last.but_one", at=at)
        record_at_end(session, actor=CLERK, act="last.one", at=at)
        assert newest_entries(session) == []
        record(session, actor=CLERK, act="at.once", at=at)
    assert acts(either) == ["at.once", "last.but_one", "last.one"]


def test_entries_for_the_end_of_a_transaction_that_is_taken_back_are_never_written(either, at):
    with pytest.raises(ZeroDivisionError), either.transaction() as session:
        record_at_end(session, actor=CLERK, act="taken.back", at=at)
        raise ZeroDivisionError
    assert acts(either) == []


def test_a_session_that_goes_on_after_it_was_taken_back_writes_only_what_came_after(either, at):
    with either.transaction() as session:
        record_at_end(session, actor=CLERK, act="taken.back", at=at)
        session.execute(sa.select(1))
        session.rollback()
        record_at_end(session, actor=CLERK, act="kept", at=at)
    assert acts(either) == ["kept"]


def test_a_savepoint_takes_back_its_own_entries_and_no_others(either, at):
    with either.transaction() as session:
        record_at_end(session, actor=CLERK, act="outside", at=at)
        inside = session.begin_nested()
        record_at_end(session, actor=CLERK, act="inside", at=at)
        inside.rollback()
        with session.begin_nested():
            record_at_end(session, actor=CLERK, act="kept", at=at)
    assert sorted(acts(either)) == ["kept", "outside"]
