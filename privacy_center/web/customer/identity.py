"""Who the signed-in customer is, for the rooms below: their proven identities, and how they are shown."""

from flask_login import current_user
from sqlalchemy.orm import Session

from privacy_center import clock
from privacy_center.audit.append import Actor
from privacy_center.keys.sealing import show_text
from privacy_center.people.contact import Contact, mask_contact
from privacy_center.people.contact_change import without_given_up
from privacy_center.people.enough import Has, Verdict
from privacy_center.people.identity import identities_of, search_identities_of
from privacy_center.people.levels import Action
from privacy_center.people.models import Person
from privacy_center.web.proven import seeing
from privacy_center.web.visitor import Visitor, signed_in

NAME = "person.name"


def me() -> Visitor:
    """The signed-in customer."""
    assert current_user.is_authenticated
    return signed_in()


def as_actor() -> Actor:
    """The signed-in customer as the timeline and the audit name them: by person id."""
    return Actor("customer", str(me().person))


def my_identities(session: Session) -> dict[str, list[str]]:
    """Kind → values that the signed-in customer has proven, with contacts given up since: records may carry them.

    Never a contact that somebody else gave up before: a number that was issued anew does not lead to its first owner.
    """
    return without_given_up(session, me().person, search_identities_of(session, me().person))


def my_contact(session: Session) -> Contact:
    """The contact that codes go to: the first that was proven."""
    return first_contact(identities_of(session, me().person))


def first_contact(identities: dict[str, list[str]]) -> Contact:
    """The contact among identities that was proven first."""
    for kind, values in identities.items():
        if kind in ("email", "phone_number"):
            return Contact(kind, values[0])
    raise LookupError("a customer without any proven contact cannot be signed in")


def own_contact(mine: Has, place: str, *, otherwise: int) -> Contact:
    """The proven contact at a place of the list that pages show; the one at `otherwise` for any other word."""
    known = place.isascii() and place.isdigit() and int(place[:3]) < len(mine.contacts)
    return mine.contacts[int(place[:3]) if known else otherwise]


def my_contact_masked(session: Session) -> str:
    """That contact as it may be shown."""
    return mask_contact(my_contact(session))


def sees_values(session: Session) -> bool:
    """Whether the signed-in customer may see, masked, what the company's records say."""
    return seeing(session, me(), Action.SEE_DATA, clock.now())[1] is Verdict.ENOUGH


def my_name(session: Session) -> str:
    """The masked name, if the company's databases told one; else nothing."""
    person = session.get(Person, me().person)
    return show_text(session, person.name_sealed if person else None, NAME)
