"""Conflicts of interest: one's own data and that of people one is close to. Only blind indexes are kept."""

import uuid
from collections.abc import Iterable, Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.errors import Refusal
from privacy_center.people.identity import identity_index
from privacy_center.people.models import PersonIdentity
from privacy_center.people.staff.models import Relation, StaffIdentity, StaffMember

KINDS = ("phone_number", "email", "customer_number", "member_number")


def declare(session: Session, staff: StaffMember, kind: str, value: str, relation: Relation) -> None:
    """Remember somebody whom the member knows. Refuses (422) an empty value and a kind that is not known."""
    if kind not in KINDS or not value.strip() or len(value) > 200:
        raise Refusal(
            "写下手机号、邮箱或客户编号，再提交。",
            "Write a phone number, an e-mail address or a customer number, then send it.",
            status=422,
            field="value",
        )
    index = identity_index(session, kind, value.strip())
    known = sa.select(StaffIdentity).where(
        StaffIdentity.staff_id == staff.id, StaffIdentity.kind == kind, StaffIdentity.value_index == index
    )
    if session.scalars(known).one_or_none() is None:
        session.add(StaffIdentity(staff_id=staff.id, kind=kind, value_index=index, relation=relation))
    session.flush()


def declared_counts(session: Session, staff: StaffMember) -> dict[Relation, int]:
    """How many identities are declared of each relation; what they are cannot be read any more."""
    counted = sa.select(StaffIdentity.relation, sa.func.count()).where(StaffIdentity.staff_id == staff.id)
    found = {row[0]: row[1] for row in session.execute(counted.group_by(StaffIdentity.relation))}
    return {relation: found.get(relation, 0) for relation in Relation}


def relation_to(
    session: Session, staff: StaffMember, identities: Mapping[str, Iterable[str]], person: uuid.UUID | None = None
) -> Relation | None:
    """How the member stands to whoever has one of these identities, or is this person: themself, somebody declared, or
    nobody (None).
    """
    mine = session.scalars(sa.select(StaffIdentity).where(StaffIdentity.staff_id == staff.id)).all()
    kinds = identities.keys() & {one.kind for one in mine}
    asked = {(kind, identity_index(session, kind, value)) for kind in kinds for value in identities[kind]}
    proven = sa.select(PersonIdentity.kind, PersonIdentity.value_index).where(PersonIdentity.person_id == person)
    asked |= {(row.kind, row.value_index) for row in session.execute(proven)} if person is not None else set()
    found = {one.relation for one in mine if (one.kind, one.value_index) in asked}
    return next((relation for relation in Relation if relation in found), None)


def refuse_conflict(
    session: Session, staff: StaffMember, identities: Mapping[str, Iterable[str]], person: uuid.UUID | None = None
) -> None:
    """Refuses (403) a case of one's own or of somebody declared: not to look, decide, confirm or assist."""
    relation = relation_to(session, staff, identities, person)
    if relation is Relation.OWN:
        raise Refusal(
            "这是您本人的申请，须由其他人审核。请转给同事。",
            "This is your own case. Hand it to a colleague.",
            status=403,
        )
    if relation is Relation.RELATIVE:
        raise Refusal(
            "这位客户是您申报过的亲友，须由其他人办理。请转给同事。",
            "This customer is somebody close to you, as you declared. Hand the case to a colleague.",
            status=403,
        )


def numbers_of(session: Session, staff: StaffMember) -> frozenset[str]:
    """Every staff number of the human behind a member: their own, and those that declare one of their own identities.

    Whoever has two numbers is still one person where two are asked for.
    """
    mine = sa.select(StaffIdentity).where(StaffIdentity.staff_id == staff.id, StaffIdentity.relation == Relation.OWN)
    own = mine.subquery()
    same = sa.and_(StaffIdentity.kind == own.c.kind, StaffIdentity.value_index == own.c.value_index)
    others = sa.select(StaffMember.number).join(StaffIdentity, StaffIdentity.staff_id == StaffMember.id)
    found = others.join(own, same).where(StaffIdentity.relation == Relation.OWN)
    return frozenset({staff.number, *session.scalars(found)})


def indexes_close_to(session: Session, staff: StaffMember) -> frozenset[bytes]:
    """The blind indexes of what the member declared, their own included, and of every contact that those people have
    proven: what tells of them where an entry of the record names no person.
    """
    declared = sa.select(StaffIdentity.value_index).where(StaffIdentity.staff_id == staff.id)
    proven = sa.select(PersonIdentity.value_index).where(PersonIdentity.person_id.in_(persons_close_to(staff)))
    return frozenset(session.scalars(declared.union(proven)))


def persons_close_to(staff: StaffMember) -> sa.Select:
    """The ids of customers who are the member or somebody declared: what lists must leave out."""
    same = sa.and_(StaffIdentity.kind == PersonIdentity.kind, StaffIdentity.value_index == PersonIdentity.value_index)
    found = sa.select(PersonIdentity.person_id).join(StaffIdentity, same)
    return found.where(StaffIdentity.staff_id == staff.id)
