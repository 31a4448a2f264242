"""What a command was asked about, held against the data map: a word that nothing knows would find nothing, silently."""

from argparse import Namespace

from privacy_center.center import Center
from privacy_center.datamap.finding import did_you_mean
from privacy_center.datamap.vocabulary import default_categories
from privacy_center.errors import Refusal, Words
from privacy_center.privacy_requests.scope import EVERYTHING, RequestScope
from privacy_center.sources.identities import kind_of
from privacy_center.terminal.say import complain


def asked_identities(center: Center, arguments: Namespace) -> dict[str, list[str]]:
    """Kind → values. Refuses when the map searches by none of the kinds; one that it does not know is told on stderr."""
    known = {kind_of(kind) for kind in center.data_map.identity_kinds}
    unknown = [kind for kind, _ in arguments.identity if kind_of(kind) not in known]
    for kind in dict.fromkeys(unknown):
        hint, names = did_you_mean(kind, known), ", ".join(sorted(known))
        words = Words(
            f"数据地图里没有 {kind} 这种身份，用它什么也找不到。可用：{names}。{hint.zh}",
            f"No field of the data map is an identity of the kind {kind}, so nothing is found by it. There are: {names}."
            f"{hint.en}",
        )
        if len(unknown) == len(arguments.identity):
            raise Refusal(words.zh, words.en, status=422)
        complain(words)
    identities: dict[str, list[str]] = {}
    for kind, value in arguments.identity:
        identities.setdefault(kind, []).append(value)
    return identities


def asked_scope(center: Center, arguments: Namespace) -> RequestScope:
    """The scope asked for: the fields of the `--category` options, else everything. Refuses one that neither the map, the catalogue nor Fideslang knows."""
    known = set(default_categories()) | set(center.catalogue.extra_categories)
    for collection in center.data_map.collections.values():
        known.update(category for field in collection.fields.values() for category in field.data_categories)
    for category in arguments.category or ():
        if not any(one == category or one.startswith(f"{category}.") for one in known):
            hint = did_you_mean(category, known)
            raise Refusal(
                f"没有 {category} 这个数据类别。{hint.zh}",
                f"There is no data category {category}.{hint.en}",
                status=422,
            )
    return RequestScope.of_categories(arguments.category) if arguments.category else EVERYTHING


def asked_collection(center: Center, name: str | None) -> str | None:
    """A collection of the map, as dataset.name; refuses one that the map does not have."""
    if name is not None and name not in center.data_map.collections:
        hint = did_you_mean(name, center.data_map.collections)
        raise Refusal(
            f"数据地图里没有集合 {name}。{hint.zh}", f"The data map has no collection {name}.{hint.en}", status=422
        )
    return name
