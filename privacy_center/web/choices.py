"""What a customer can choose to delete: the groups of *My data* as boxes, and the kinds of record in each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from privacy_center.errors import Words
from privacy_center.plans.scope import select_collections
from privacy_center.plans.scope_titles import is_account, joined_titles, records_by_group, scope_titles
from privacy_center.privacy_requests.scope import EVERYTHING, RequestScope
from privacy_center.web.units import center


@dataclass(frozen=True, slots=True)
class RecordChoice:
    """One kind of record in a group; `key` is its collection. `count`: records found; None where nobody has counted."""

    key: str
    title: Words
    count: int | None


@dataclass(frozen=True, slots=True)
class GroupChoice:
    """One box to tick: a group of *My data* with its kinds of record."""

    key: str
    title: Words
    kinds: list[RecordChoice]

    @property
    def count(self) -> int | None:
        """Records found in the group; None where one of its kinds could not be counted."""
        counts = [one.count for one in self.kinds]
        return None if None in counts else sum(one for one in counts if one is not None)


def group_choices(counts: Mapping[str, int | None] | None = None) -> list[GroupChoice]:
    """The boxes, in the order of *My data*. `counts`: collection → records found; a kind that is not in it is left out.

    Without counts every group of the map is there: what to choose from before anybody has searched.
    """
    catalogue = center().catalogue
    found = []
    for key, members in records_by_group(catalogue, center().data_map).items():
        kinds = [
            RecordChoice(one.key, catalogue.collection(one.key).title, counts[one.key] if counts is not None else None)
            for one in members
            if counts is None or one.key in counts
        ]
        if kinds:
            found.append(GroupChoice(key, catalogue.group(key).title, kinds))
    return found


def known_groups(keys: Iterable[str]) -> list[str]:
    """Of what a form sent, the groups that there are."""
    known = records_by_group(center().catalogue, center().data_map)
    return [key for key in known if key in set(keys)]


def known_kinds(keys: Iterable[str]) -> list[str]:
    """Of what a form sent, the kinds of record that can be chosen."""
    wanted = set(keys)
    groups = records_by_group(center().catalogue, center().data_map)
    return [one.key for members in groups.values() for one in members if one.key in wanted]


def scope_chosen(scope: str, groups: Iterable[str], kinds: Iterable[str]) -> RequestScope:
    """The scope of a choice: whole groups, and single kinds of record beside them; "everything" is not narrowed."""
    if scope != "categories":
        return EVERYTHING
    members = records_by_group(center().catalogue, center().data_map)
    chosen = {one.key for group in groups for one in members.get(group, [])} | set(kinds)
    return select_collections(center().data_map, chosen)


def titles_of_scope(scope: RequestScope) -> list[Words]:
    """What a scope is about, in the customer's words."""
    return scope_titles(center().catalogue, center().data_map, scope)


def words_of_scope(scope: RequestScope) -> Words:
    """The same as one text."""
    return joined_titles(titles_of_scope(scope))


def takes_account(scope: RequestScope) -> bool:
    """Whether an account record is within the scope as a whole: choosing it is choosing to close it."""
    catalogue, collections = center().catalogue, center().data_map.collections
    if scope == EVERYTHING:
        return True
    chosen = (collections[key] for key, one in scope.collections.items() if not one.fields and key in collections)
    return any(is_account(catalogue, one) for one in chosen)


def low_risk(scope: RequestScope) -> bool:
    """Whether deleting at once may be offered: some records only, no account, and nothing sensitive among them."""
    catalogue, collections = center().catalogue, center().data_map.collections
    if scope == EVERYTHING or takes_account(scope):
        return False
    said = {
        category
        for key in scope.collections
        for field in collections[key].fields.values()
        for category in field.data_categories or collections[key].data_categories
    }
    return not any(catalogue.category(one).sensitive for one in said | set(scope.categories or ()))
