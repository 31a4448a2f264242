"""A few masked values of one line of a plan, shown on demand; each look is written into the audit trail."""

from flask import Response

from privacy_center.access.sample import sample_rows
from privacy_center.access.shown import ShownValue
from privacy_center.errors import Refusal
from privacy_center.plans.freeze import current_plan, items_of, keys_in
from privacy_center.plans.models import PlanItem
from privacy_center.privacy_requests.queries import request_by_reference
from privacy_center.sources.rows import Key, Ownership
from privacy_center.web.page import page
from privacy_center.web.staff.blueprint import staff
from privacy_center.web.staff.looked import categories_of, note_look
from privacy_center.web.staff.masking import may_reveal, split_by_sight
from privacy_center.web.units import center, reading, transaction


@staff.post("/requests/<reference>/items/<int:position>/sample")
def sample(reference: str, position: int) -> Response:
    """The first three rows of a line, masked. Refuses (404) a line that is not in the plan or is somebody else's."""
    with reading() as session:
        asked = request_by_reference(session, reference)
        plan = current_plan(session, asked.id)
        item = next((one for one in items_of(session, plan.id) if one.position == position), None) if plan else None
        if item is None or item.ownership is Ownership.THIRD_PARTY:
            raise Refusal("方案里没有这一项。", "The plan has no such item.", status=404)
        keys = keys_in(session, item)
    values, unseen = split_by_sight(asked, _values(item, keys))
    with transaction() as session:
        shown = {one.path: [str(sample) for sample in one.samples] for one in values}
        data = {one.category for one in values if one.category}
        note_look(session, asked, "sample", data=data, counts_of=categories_of(item.collection), shown=shown)
    return page(
        "staff/sample.html",
        fragment="values",
        reference=reference,
        item=item,
        title=center().catalogue.collection(item.collection).title,
        values=values,
        unseen=unseen,
        revealable={one.path for one in values if may_reveal(asked, one.category)},
    )


def _values(item: PlanItem, keys: list[Key]) -> tuple[ShownValue, ...]:
    house = center()
    collection = house.data_map.collections[item.collection]
    return sample_rows(house.sources, house.catalogue, collection, tuple(item.key_fields), keys)
