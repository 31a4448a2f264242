"""Adding, replacing and removing contacts. For 72 hours after it the old contact can undo it and nothing is given away."""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.errors import Refusal
from privacy_center.keys.sealing import keyring_of, open_text, seal_text
from privacy_center.outbox.days import on_the_wall, say_days
from privacy_center.people.contact import Contact
from privacy_center.people.identity import FORMER, VALUE, add_identity, find_person, identity_index
from privacy_center.people.models import Person, PersonIdentity
from privacy_center.people.not_me.models import ChangeKind, ContactChange

HOLD = timedelta(hours=72)
CONTACTS = ("email", "phone_number")


def hold_until(session: Session, person: uuid.UUID, at: datetime) -> datetime | None:
    """Until when nothing of this person may be exported or deleted because a contact was changed; None without one."""
    latest = sa.select(sa.func.max(ContactChange.hold_until)).where(_held(person, at))
    return session.scalar(latest)


def refuse_held(session: Session, person: uuid.UUID, at: datetime) -> None:
    """Refuses (409) export and deletion within 72 hours of a change of contact, and says until when."""
    until = hold_until(session, person, at)
    if until is not None:
        wall = {"until": on_the_wall(session, until)}
        zh, en = (say_days(wall, language)["until"] for language in ("zh-CN", "en"))
        raise Refusal(
            f"联系方式刚改过。为防止别人冒用，{zh} 之后才能申请删除。到时再来办就行。",
            f"A contact was just changed. To keep impostors out, deletion opens again after {en}. Come back then.",
        )


def contacts_of(session: Session, person: uuid.UUID) -> list[PersonIdentity]:
    """The e-mail addresses and phone numbers of a person that work now, in the order in which they were proven."""
    mine = sa.select(PersonIdentity).where(PersonIdentity.person_id == person, PersonIdentity.kind.in_(CONTACTS))
    return list(session.scalars(mine.order_by(PersonIdentity.proven_at)))


def contact_of(session: Session, person: uuid.UUID, identity: uuid.UUID) -> PersonIdentity:
    """One contact of a person; refuses (404) what is not theirs."""
    row = session.get(PersonIdentity, identity)
    if row is None or row.person_id != person or row.kind not in CONTACTS:
        raise Refusal("没有这个联系方式。请回到列表。", "There is no such contact. Go back to the list.", status=404)
    return row


def add_contact(session: Session, person: Person, new: Contact, at: datetime) -> ContactChange:
    """One more contact, proven by a code; refuses (409) one that is theirs already or somebody else's."""
    _refuse_known(session, person, new)
    add_identity(session, person, new.kind, new.value, method="change", at=at)
    return _note(session, person.id, ChangeKind.ADDED, at, new=_row_of(session, new).id)


def replace_contact(session: Session, person: Person, old: PersonIdentity, new: Contact, at: datetime) -> ContactChange:
    """`new` in the place of `old`, both proven by a code. The old one still finds data, but lets nobody in any more."""
    _refuse_known(session, person, new)
    add_identity(session, person, new.kind, new.value, method="change", at=at)
    retire(session, old)
    return _note(session, person.id, ChangeKind.REPLACED, at, old=old.id, new=_row_of(session, new).id)


def remove_contact(session: Session, person: Person, old: PersonIdentity, at: datetime) -> ContactChange:
    """A contact is given up, and deleted when the 72 hours are over; refuses (409) the last one."""
    if len(contacts_of(session, person.id)) < 2:
        raise Refusal(
            "这是您唯一的联系方式，删去后就登录不了。请先添加一个新的，再删这个。",
            "This is your only contact; without it you could not sign in. Add another first, then remove this one.",
        )
    retire(session, old)
    return _note(session, person.id, ChangeKind.REMOVED, at, old=old.id)


def put_in_place_of_lost(
    session: Session, person: Person, lost: PersonIdentity | None, new: PersonIdentity, at: datetime
) -> ContactChange:
    """After a check at the counter: a contact that somebody proved as a stranger becomes this person's."""
    moved_from, new.method, new.proven_at = new.person_id, "counter", at
    _give(session, new, person.id)
    if lost is not None:
        retire(session, lost)
    session.flush()
    old = lost.id if lost is not None else None
    return _note(session, person.id, ChangeKind.COUNTER, at, old=old, new=new.id, moved_from=moved_from)


def retire(session: Session, row: PersonIdentity) -> None:
    """The contact still finds data that carries it; it lets nobody in, and gets no code and no notice."""
    value = open_text(session, row.value_sealed, VALUE)
    row.kind = FORMER + row.kind
    row.value_index = keyring_of(session).blind_index(value, f"identity.{row.kind}.{row.person_id}")
    session.flush()


def undo_changes(session: Session, person: uuid.UUID, at: datetime) -> int:
    """Take back every change of the last 72 hours, the latest first; answers how many.

    An old contact that somebody else has proven in the meantime stays retired: a number may have a new owner.
    """
    open_ones = sa.select(ContactChange).where(_held(person, at)).order_by(ContactChange.at.desc())
    changes = list(session.scalars(open_ones))
    for change in changes:
        _drop_new(session, change)
        _restore_old(session, change)
        change.undone_at = at
        session.flush()
    return len(changes)


def settle_changes(session: Session, at: datetime) -> int:
    """Delete the contacts that were removed, once their 72 hours are over; answers how many changes were settled."""
    over = sa.select(ContactChange).where(ContactChange.hold_until <= at, ContactChange.settled_at.is_(None))
    changes = list(session.scalars(over))
    for change in changes:
        if change.kind is ChangeKind.REMOVED and change.undone_at is None and change.old_identity:
            session.execute(sa.delete(PersonIdentity).where(PersonIdentity.id == change.old_identity))
        change.settled_at = at
    session.flush()
    return len(changes)


def open_changes(session: Session, person: uuid.UUID, at: datetime) -> list[ContactChange]:
    """The changes that can still be undone, the latest first."""
    return list(session.scalars(sa.select(ContactChange).where(_held(person, at)).order_by(ContactChange.at.desc())))


def without_given_up(session: Session, person: uuid.UUID, identities: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """The identities by which this person's data may be looked for: without contacts that somebody else gave up.

    Numbers are issued anew (in China after some 90 days): what the company holds under such a one is the earlier owner's.
    """
    told = [(kind, value) for kind, values in identities.items() for value in values]
    by_index = {identity_index(session, kind, value): (kind, value) for kind, value in told if kind in CONTACTS}
    theirs = sa.select(ContactChange.old_index).where(
        ContactChange.old_index.in_(by_index), ContactChange.person_id != person, ContactChange.undone_at.is_(None)
    )
    others = {by_index[one] for one in session.scalars(theirs) if one is not None}
    return {
        kind: left for kind in identities if (left := [one for one in identities[kind] if (kind, one) not in others])
    }


def _held(person: uuid.UUID, at: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(ContactChange.person_id == person, ContactChange.hold_until > at, ContactChange.undone_at.is_(None))


def _drop_new(session: Session, change: ContactChange) -> None:
    row = session.get(PersonIdentity, change.new_identity) if change.new_identity else None
    if row is None:
        return
    if change.moved_from is not None and session.get(Person, change.moved_from) is not None:
        _give(session, row, change.moved_from)
    else:
        session.delete(row)
    session.flush()


def _restore_old(session: Session, change: ContactChange) -> None:
    row = session.get(PersonIdentity, change.old_identity) if change.old_identity else None
    if row is None:
        return
    kind, value = row.kind.removeprefix(FORMER), open_text(session, row.value_sealed, VALUE)
    if find_person(session, kind, value) is None:
        row.kind, row.value_index = kind, identity_index(session, kind, value)
    session.flush()


def _give(session: Session, row: PersonIdentity, person: uuid.UUID) -> None:
    """The contact becomes another person's, sealed by their key."""
    value = open_text(session, row.value_sealed, VALUE)
    row.person_id, row.value_sealed = person, seal_text(session, value, VALUE, subject=person)


def _refuse_known(session: Session, person: Person, new: Contact) -> None:
    owner = find_person(session, new.kind, new.value)
    if owner is not None and owner.id == person.id:
        raise Refusal(
            "这个联系方式已经是您的了。请写另一个。",
            "This contact is yours already. Enter another one.",
            status=422,
            field="contact",
        )


def _row_of(session: Session, contact: Contact) -> PersonIdentity:
    index = identity_index(session, contact.kind, contact.value)
    same = sa.select(PersonIdentity).where(PersonIdentity.kind == contact.kind, PersonIdentity.value_index == index)
    return session.scalars(same).one()


def _index_of(session: Session, identity: uuid.UUID) -> bytes:
    row = session.get_one(PersonIdentity, identity)
    return identity_index(session, row.kind.removeprefix(FORMER), open_text(session, row.value_sealed, VALUE))


def _note(
    session: Session,
    person: uuid.UUID,
    kind: ChangeKind,
    at: datetime,
    *,
    old: uuid.UUID | None = None,
    new: uuid.UUID | None = None,
    moved_from: uuid.UUID | None = None,
) -> ContactChange:
    change = ContactChange(
        id=uuid.uuid4(),
        person_id=person,
        kind=kind,
        old_identity=old,
        old_index=_index_of(session, old) if old else None,
        new_identity=new,
        moved_from=moved_from,
        at=at,
        hold_until=at + HOLD,
    )
    session.add(change)
    session.flush()
    return change
