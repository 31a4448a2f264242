"""Somebody new is taken up as a person of ours, and as nobody else."""

import threading
from datetime import timedelta

import sqlalchemy as sa

from privacy_center.errors import Refusal
from privacy_center.people.identity import find_or_create_person, identities_of
from privacy_center.review.find_subject import take_up

PHONE, NUMBER = ("phone_number", "13800000001"), ("customer_number", "C1")


def test_who_signs_in_at_the_same_moment_keeps_what_is_theirs_and_gets_nothing_added(own_postgres, at):
    database = own_postgres
    begun, refused = threading.Event(), []

    def help_somebody():
        try:
            with database.transaction() as session:
                take_up(session, [PHONE, NUMBER], method="counter", language="zh-CN", at=at)
        except Refusal as refusal:
            refused.append(refusal.status)

    def notice(_connection, _cursor, said, *_rest):
        if threading.current_thread() is helper and said.startswith("INSERT INTO person "):
            begun.set()

    helper = threading.Thread(target=help_somebody)
    sa.event.listen(database.engine, "before_cursor_execute", notice)
    with database.transaction() as session:
        owner = find_or_create_person(session, *PHONE, at - timedelta(seconds=1)).id
        helper.start()
        assert begun.wait(10)
    helper.join()
    with database.reading() as session:
        assert identities_of(session, owner) == {PHONE[0]: [PHONE[1]]}
    assert refused == [409]
    database.close()
