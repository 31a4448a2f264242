"""Which items of a plan keep sensitive information, so that a second person must agree."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from privacy_center.datamap.catalogue import Catalogue
from privacy_center.datamap.graph import Collection, DataMap
from privacy_center.plans.models import PlanItem
from privacy_center.retention.verdict import Outcome
from privacy_center.review.overrides import Override, parts_of
from privacy_center.sources.rows import Ownership


class Words(Protocol):
    """Where the classes of categories are found."""

    catalogue: Catalogue
    data_map: DataMap


def keeps_sensitive(words: Words, items: Iterable[PlanItem], overrides: Mapping[str, Override]) -> set[str]:
    """The ids of items of the customer's own that stay and whose collection holds sensitive categories."""
    return {
        str(item.id)
        for item in items
        if item.ownership is Ownership.OWN
        and _outcomes(item, overrides) & {Outcome.RESTRICT, Outcome.KEEP}
        and holds_sensitive(words.catalogue, words.data_map.collections[item.collection])
    }


def holds_sensitive(catalogue: Catalogue, collection: Collection) -> bool:
    """Whether any field of a collection is of a sensitive category."""
    said = {category for one in collection.fields.values() for category in one.data_categories}
    return any(catalogue.category(category).sensitive for category in said | set(collection.data_categories))


def _outcomes(item: PlanItem, overrides: Mapping[str, Override]) -> set[Outcome]:
    """What becomes of the records of an item: one outcome, or several where records were decided one by one."""
    return {one.outcome if one else item.outcome for one, _numbers in parts_of(item, overrides)}
