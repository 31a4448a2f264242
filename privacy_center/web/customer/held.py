"""What the company holds on the signed-in customer, found and shown; each look is written down."""

from sqlalchemy.orm import Session

from privacy_center import clock
from privacy_center.access.groups import visible_rows
from privacy_center.access.show import show_person
from privacy_center.access.shown import PersonShown
from privacy_center.audit.append import record
from privacy_center.keys.sealing import seal_text
from privacy_center.people.models import Person
from privacy_center.plans.draft import facts_for, placed_on
from privacy_center.sources.changed_on import latest_change
from privacy_center.sources.locate import locate
from privacy_center.sources.rows import Located, Ownership
from privacy_center.web.customer.identity import NAME, as_actor, me, my_identities
from privacy_center.web.filters import today
from privacy_center.web.met import Met
from privacy_center.web.units import center, reading, transaction

NAME_CATEGORY = "user.name"


def search_held() -> Located:
    """The records of the signed-in customer; reads the company's databases and changes nothing."""
    house = center()
    with reading() as session:
        identities = my_identities(session)
    return locate(house.sources, house.data_map, identities, facts_for(house, today()))


def count_held() -> dict[str, int | None]:
    """Collection → how many records *My data* would show; None for one that did not answer. Collections without any are left out."""
    collections, located = center().data_map.collections, search_held()
    counts: dict[str, int | None] = {key: len(visible_rows(found)) for key, found in located.collections.items()}
    counts = {key: count for key, count in counts.items() if count}
    return counts | {key: None for key in located.skipped if not collections[key].skip_processing}


def find_held(located: Located | None = None) -> PersonShown:
    """Every group of those records, masked; `located`: where they have been searched for already."""
    house, found = center(), located or search_held()
    placed = placed_on(house, found, today())
    return show_person(house.sources, house.data_map, house.catalogue, house.rules, found, today(), placed)


def met_in(located: Located) -> Met:
    """The signs of risk in a search; one more statement to a company's database where `[risk]` names a field."""
    house = center()
    place = house.settings.risk.phone_changed_at
    found = located.collections.get(place.rpartition(".")[0])
    own = {found.collection: [row.key for row in found.owned(Ownership.OWN)]} if found else {}
    changed = latest_change(house.sources, place, {found.collection: found.key_fields}, own) if found else None
    return Met(located.disputed is not None, changed)


def masked_name(shown: PersonShown) -> str:
    """The first masked name on the customer's own records, or nothing."""
    for group in shown.groups:
        for item in group.items:
            for value in item.values:
                if value.category == NAME_CATEGORY and item.rows > item.shared:
                    return str(value.samples[0])
    return ""


def note_look(shown: PersonShown) -> None:
    """Write down that the customer looked, and the masked name to greet them by."""
    at, name = clock.now(), masked_name(shown)
    with transaction() as session:
        remember_name(session, name)
        record(session, actor=as_actor(), act="data.view", subject=me().person, details={"rows": shown.rows}, at=at)


def remember_name(session: Session, name: str) -> None:
    """Keep the masked name to greet the customer by, if there is none yet."""
    person = session.get_one(Person, me().person)
    if name and person.name_sealed is None:
        person.name_sealed = seal_text(session, name, NAME, subject=person.id)
