"""What the company holds on the customer: by group, masked, with where from, what for, until when."""

from flask import Blueprint, Response, request, url_for

from privacy_center import clock
from privacy_center.access.count import count_person
from privacy_center.access.own import OwnItem, held_here
from privacy_center.access.shown import PersonShown
from privacy_center.execution.held import what_is_kept
from privacy_center.people.levels import Action
from privacy_center.web.customer.held import find_held, met_in, note_look, search_held
from privacy_center.web.customer.identity import me
from privacy_center.web.customer.kept import kept_lines
from privacy_center.web.customer.sight import Sight, ask_first, sight_of
from privacy_center.web.met import met_before
from privacy_center.web.page import go, page, wants_fragment
from privacy_center.web.units import center, reading

my_data = Blueprint("my_data", __name__, url_prefix="/me/data")


@my_data.get("/")
def show() -> Response:
    """Every group with its records (ux P4); `?group=` narrows to one. The look itself is written to the audit trail.

    Who is not as sure as the table of levels asks sees kinds and counts instead; the search itself may be what tells.
    """
    sight = sight_of(Action.SEE_DATA, _here())
    if (asks := ask_first(sight)) is not None:
        return asks
    located = search_held()
    met = met_in(located)
    if met != met_before():
        sight = sight_of(Action.SEE_DATA, _here(), met)
        if (asks := ask_first(sight)) is not None:
            return asks
    if not sight.whole:
        return _show_less(sight, count_person(center().data_map, center().catalogue, located))
    return _show_whole(find_held(located))


def _here() -> str:
    return request.full_path.rstrip("?") if request.args.get("group") else url_for("my_data.show")


def _show_whole(shown: PersonShown) -> Response:
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
        systems=_systems(shown),
        items=_items(shown),
        ours=_held_here(),
        kept=_kept(shown),
        active="my_data",
    )


def _show_less(sight: Sight, shown: PersonShown) -> Response:
    """Kinds and counts. htmx, which asks for a piece of the whole page, is sent to this one."""
    if wants_fragment():
        return go(_here())
    note_look(shown)
    return page(
        "customer/my_data_less.html",
        sight=sight,
        shown=shown,
        at=clock.now(),
        systems=_systems(shown),
        items=_items(shown),
        ours=_held_here(),
        kept=_kept(shown),
        active="my_data",
    )


def _systems(shown: PersonShown) -> int:
    return len({item.dataset for group in shown.groups for item in group.items})


def _items(shown: PersonShown) -> int:
    return sum(len(group.items) for group in shown.groups)


def _kept(shown: PersonShown) -> int:
    """Rows that stay after a deletion, where nothing leads to them any more; 0 while the search finds something."""
    if shown.groups:
        return 0
    with reading() as session:
        left = what_is_kept(session, me().person)
        return sum(line.count for line in kept_lines(one.HeldRows for one in left))


def _held_here() -> list[OwnItem]:
    with reading() as session:
        return held_here(session, me().person)
