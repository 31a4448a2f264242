"""Contacts met on the customer's own records that nobody has proven: theirs as well? Never followed without a proof."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import session as browser
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from privacy_center.errors import Refusal
from privacy_center.keys.sealing import keyring_of
from privacy_center.people.contact import Contact, mask_contact, read_contact
from privacy_center.sources.locate import locate
from privacy_center.sources.rows import Ownership
from privacy_center.web.customer.identity import me, my_identities, sees_values
from privacy_center.web.met import Met, met_before, remember_met
from privacy_center.web.units import center, reading

NOT_MINE = "not_mine"
SEEN = "also_seen"
SEEN_WITH = "also_seen_with"
REACHABLE = ("phone_number", "email")


@dataclass(frozen=True, slots=True)
class Offer:
    """A contact that may be the customer's as well. `token` names it in addresses and forms without telling it."""

    token: str
    masked: str
    contact: Contact


def offers_in(session: Session, offered: Mapping[str, Iterable[str]]) -> list[Offer]:
    """What a search met (kind → values): contacts that a code can reach, without those the customer said no to.

    Under signs of risk only the kind of a contact is told: whoever it belongs to knows it.
    """
    found, masks = {}, sees_values(session)
    for kind in REACHABLE:
        for value in sorted(offered.get(kind, ())):
            contact = _reachable(kind, value)
            if contact is not None:
                said = mask_contact(contact) if masks else _kind_words(kind)
                offer = Offer(token_of(session, contact), said, contact)
                found.setdefault(offer.token, offer)
    return [offer for token, offer in found.items() if token not in browser.get(NOT_MINE, [])]


def offers_now() -> list[Offer]:
    """The same from a search made now; a database that does not answer offers nothing."""
    house = center()
    with reading() as session:
        identities = my_identities(session)
    located = locate(house.sources, house.data_map, identities)
    remember_met(Met(located.disputed is not None, met_before().number_changed_at))
    unclear = any(any(found.owned(Ownership.UNCLEAR)) for found in located.collections.values())
    return offers_from(identities, located.offered, unclear=unclear)


def offers_from(
    identities: Mapping[str, list[str]], offered: Mapping[str, Iterable[str]], *, unclear: bool
) -> list[Offer]:
    """What a search met, and where it left rows `unclear`, also what each kind of proven value meets alone.

    Somebody who has proven one of two phones has rows with the other, which count as unclear until that is proven too.
    """
    house, met = center(), {kind: set(values) for kind, values in offered.items()}
    for kind in identities if unclear and len(identities) > 1 else ():
        alone = locate(house.sources, house.data_map, {kind: identities[kind]})
        for one, values in alone.offered.items():
            met.setdefault(one, set()).update(values)
    proven = {(kind, value) for kind, values in identities.items() for value in values}
    with reading() as session:
        found = offers_in(session, met)
    return [one for one in found if (one.contact.kind, one.contact.value) not in proven]


def offer_of(token: str) -> Offer:
    """The offer with this token; refuses (404) one that is not on the customer's own records, or no longer open."""
    for offer in offers_now():
        if secrets.compare_digest(offer.token, token):
            return offer
    raise Refusal(
        "没有要您确认的这个联系方式。可能已经确认过了，请回首页看看。",
        "There is no such contact to confirm. It may be confirmed already; go to your home page.",
        status=404,
    )


def token_of(session: Session, contact: Contact) -> str:
    """The name of a contact for this customer; another customer's name for the same contact is another."""
    return keyring_of(session).keyed_hash(f"{me().person}|{contact.kind}|{contact.value}", "offered_contact")[:32]


def seen_offers(under_way: list[str]) -> list[tuple[str, str]]:
    """Token and masked form, searched for once in a login and kept in the customer's signed cookie (masked only).

    `under_way`: the references of the open requests. When they change it is searched again: a deletion that was carried
    out may have taken the contact away.
    """
    if SEEN not in browser or browser.get(SEEN_WITH) != under_way:
        remember_seen(offers_now())
        browser[SEEN_WITH] = under_way
    return seen_before()


def seen_before() -> list[tuple[str, str]]:
    """The same, of an earlier search in this login only; nothing is searched for now."""
    kept = [(token, said) for token, said in browser.get(SEEN, []) if token not in browser.get(NOT_MINE, [])]
    return [(token, _kind_words(said) if said in REACHABLE else said) for token, said in kept]


def remember_seen(offers: list[Offer]) -> None:
    """What the home page shows until the next search. Of a contact that is not shown its kind is kept, not words: the
    reader may change the language.
    """
    browser[SEEN] = [[one.token, one.contact.kind if _only_kind(one) else one.masked] for one in offers]


def forget_seen() -> None:
    """A deletion was asked for: the next home page searches again."""
    browser.pop(SEEN, None)


def say_not_mine(token: str) -> None:
    """Not asked again in this login."""
    browser[NOT_MINE] = sorted({*browser.get(NOT_MINE, []), token})


def _only_kind(offer: Offer) -> bool:
    return offer.masked == _kind_words(offer.contact.kind)


def _kind_words(kind: str) -> str:
    return _("登记的手机号") if kind == "phone_number" else _("登记的邮箱")


def _reachable(kind: str, value: str) -> Contact | None:
    """The contact as people are signed in by it, or None where no code could reach it."""
    try:
        contact = read_contact(value)
    except Refusal:
        return None
    return contact if contact.kind == kind else None
