"""What the company holds on the customer: by group, masked, with where from, what for, until when."""

from flask import Blueprint, Response, request

from privacy_center import clock
from privacy_center.access.own import OwnItem, held_here
from privacy_center.web.customer.held import find_held, note_look
from privacy_center.web.customer.identity import me
from privacy_center.web.page import page
from privacy_center.web.units import reading

my_data = Blueprint("my_data", __name__, url_prefix="/me/data")


@my_data.get("/")
def show() -> Response:
    """Every group with its records (ux P4); `?group=` narrows to one. The look itself is written to the audit trail."""
    shown = find_held()
    note_look(shown)
    wanted = request.args.get("group", "")
    groups = [one for one in shown.groups if one.key == wanted] or shown.groups
    return page(
        "customer/my_data.html",
        fragment="held",
        shown=shown,
        groups=groups,
        wanted=wanted if len(groups) == 1 and groups[0].key == wanted else "",
        at=clock.now(),
        systems=len({item.dataset for group in shown.groups for item in group.items}),
        items=sum(len(group.items) for group in shown.groups),
        ours=_held_here(),
        active="my_data",
    )


def _held_here() -> list[OwnItem]:
    with reading() as session:
        return held_here(session, me().person)
