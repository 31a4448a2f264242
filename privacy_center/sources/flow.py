"""The order in which collections are searched: what is found in one is mostly asked of later ones."""

from collections.abc import Iterable

from privacy_center.sources.site import Site
from privacy_center.sources.ties import Tie


def in_order_of_flow(sites: dict[str, Site], ties: Iterable[Tie]) -> dict[str, Site]:
    """Collections in an order in which what is found in one is mostly asked of later ones; `after` counts as flow."""
    flow = _flow(sites, ties)
    entered = [key for key, site in sites.items() if site.identities]
    finished: dict[str, None] = {}
    begun: set[str] = set()
    for start in [*reversed(entered), *sites]:
        _visit(start, flow, begun, finished)
    return {key: sites[key] for key in reversed(finished)}


def _flow(sites: dict[str, Site], ties: Iterable[Tie]) -> dict[str, list[str]]:
    flow: dict[str, list[str]] = {key: [] for key in sites}
    for tie in ties:
        before, then = (tie.parent, tie.child) if tie.belongs else (tie.child, tie.parent)
        if before in flow and then in flow and then not in flow[before]:
            flow[before].append(then)
    for key, site in sites.items():
        for earlier in site.after & flow.keys():
            flow[earlier].append(key)
    return flow


def _visit(start: str, flow: dict[str, list[str]], begun: set[str], finished: dict[str, None]) -> None:
    if start in begun:
        return
    begun.add(start)
    stack = [(start, iter(flow[start]))]
    while stack:
        key, rest = stack[-1]
        step = next((one for one in rest if one not in begun), None)
        if step is None:
            finished[key] = None
            stack.pop()
        else:
            begun.add(step)
            stack.append((step, iter(flow[step])))
