import pytest
import sqlalchemy as sa

from privacy_center.keys.sealing import open_json
from privacy_center.outbox.inbox import notices_for
from privacy_center.outbox.models import OutboxMessage
from privacy_center.outbox.queue import CONTEXT
from privacy_center.outbox.words import TEMPLATES
from privacy_center.people.identity import add_identity, find_or_create_person
from privacy_center.people.tell import tell_person


def test_a_person_is_told_in_full_inside_and_hardly_anything_outside(either, at):
    with either.transaction() as session:
        person = find_or_create_person(session, "email", "zhang@example.com", at, language="en")
        add_identity(session, person, "email", "work@example.com", method="code", at=at)
        add_identity(session, person, "phone_number", "13800138000", method="code", at=at)
        told = {"reference": "PC-7K3M-9QXD-2F4T", "due_on": "2026-12-11"}
        assert tell_person(session, person.id, "request_received", told, dedupe_key="d", at=at)
        assert not tell_person(session, person.id, "request_received", told, dedupe_key="d", at=at)
    with either.reading() as session:
        assert "11 December 2026" in notices_for(session, person.id)[0].body.en
        letters = session.scalars(sa.select(OutboxMessage)).all()
        assert [(one.template, one.language, one.kind) for one in letters] == [("notice", "en", "email")] * 2
        for letter in letters:
            assert set(open_json(session, letter.context_sealed, CONTEXT)) == {"reference", "site", "stop"}


@pytest.mark.parametrize(("kind", "value"), [("email", "zhang@example.com"), ("phone_number", "13800010009")])
def test_what_has_no_number_names_none_in_an_email_or_a_text(either, at, kind, value):
    with either.transaction() as session:
        person = find_or_create_person(session, kind, value, at, language="zh-CN")
        told = {"reference": "—", "what_zh": "密码", "what_en": "the password"}
        assert tell_person(session, person.id, "way_removed", told, dedupe_key="d", at=at, ways=(kind,))
    with either.reading() as session:
        letter = session.scalars(sa.select(OutboxMessage)).one()
        said = open_json(session, letter.context_sealed, CONTEXT)
        body = TEMPLATES[letter.template].body.filled(**said)
        assert "—" not in body.zh + body.en and "编号" not in body.zh and "/not-me/" in body.zh
