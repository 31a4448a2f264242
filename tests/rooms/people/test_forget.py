import uuid
from datetime import timedelta

from privacy_center.people.contact import Contact
from privacy_center.people.forget import forget_old
from privacy_center.people.login import open_login
from privacy_center.people.models import LoginKind
from privacy_center.people.password import keep_wrong
from privacy_center.people.sign_in import start_sign_in


def test_what_is_of_no_use_any_more_is_forgotten(either, at):
    with either.transaction() as session:
        start_sign_in(session, typed="a@b.cn", browser_token="b", address="192.0.2.1", language="en", at=at)
        keep_wrong(session, Contact("email", "a@b.cn"), "192.0.2.1", at)
        open_login(session, kind=LoginKind.CUSTOMER, owner=uuid.uuid4(), at=at)
        assert forget_old(session, at + timedelta(hours=1)) == {
            "codes": 0,
            "wrong_passwords": 0,
            "logins": 0,
            "counts": 0,
            "devices": 0,
            "stop_tokens": 0,
            "contacts": 0,
            "evidence": 0,
        }
        assert forget_old(session, at + timedelta(days=32)) == {
            "codes": 1,
            "wrong_passwords": 1,
            "logins": 1,
            "counts": 5,
            "devices": 0,
            "stop_tokens": 0,
            "contacts": 0,
            "evidence": 0,
        }
