"""kill -9 at every boundary and inside steps: another process goes on, and nobody can tell from what is there."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from tests import corner
from tests.journeys.blows import Blow
from tests.journeys.children import Child, Homes, Nursery
from tests.journeys.conftest import only_reference
from tests.journeys.outcome import outcome_of

Scene = Callable[[Nursery, Path, Blow], str | None]
"""Kills somebody in a home, lets it be finished, and says what went otherwise than planned (None: nothing)."""


def undisturbed(homes: Homes, nursery: Nursery) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """What a run leaves behind that nobody killed, and what it committed and said on the way."""
    if homes.undisturbed is None:
        with homes.copy() as home:
            child = nursery.start(home).ends_well()
            homes.undisturbed = outcome_of(home), child.counts()
    return homes.undisturbed


def killed_at(nursery: Nursery, home: Path, blow: Blow) -> str | None:
    """A worker dies; the next one finds everything and finishes."""
    if not nursery.start(home, blow=blow).is_killed():
        return "it was never reached"
    child = nursery.start(home)
    return None if child.ends() == 0 else child.log.read_text()


def strike(
    homes: Homes, nurseries: list[Nursery], blows: Iterable[Blow], scene: Scene, expected: dict
) -> dict[Blow, Any]:
    """Play a scene for every blow, several at a time; returns those after which something was different, with what."""
    free: SimpleQueue[Nursery] = SimpleQueue()
    for nursery in nurseries:
        free.put(nursery)

    def play(blow: Blow) -> tuple[Blow, Any]:
        nursery = free.get()
        try:
            with homes.copy() as home:
                trouble = scene(nursery, home, blow)
                return blow, trouble or differences(expected, outcome_of(home))
        finally:
            free.put(nursery)

    with ThreadPoolExecutor(len(nurseries)) as pool:
        return {blow: trouble for blow, trouble in pool.map(play, blows) if trouble}


def differences(expected: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    return {key: (expected[key], found[key]) for key in expected if expected[key] != found[key]}


def boundaries(counts: dict[str, list[str]], step: int = 1) -> list[Blow]:
    """Just before and just after every commit, or every `step`-th."""
    numbers = range(1, len(counts["commits"]) + 1, step)
    return [Blow(where, number) for number in numbers for where in ("before", "after")]


def inside(counts: dict[str, list[str]], step: int) -> list[Blow]:
    """Before every `step`-th statement of a run, and before each that changes the company's databases."""
    said = list(enumerate(counts["statements"], 1))
    changing = [
        number for number, text in said if text.startswith(("DELETE FROM", "UPDATE customer", "UPDATE invoice"))
    ]
    return [Blow("statement", number) for number in sorted({*range(1, len(said) + 1, step), *changing[1::3]})]


def test_a_worker_killed_at_any_commit_is_finished_by_the_next_as_if_nothing_had_been(on_sqlite, nurseries):
    expected, counts = undisturbed(on_sqlite, nurseries[0])
    assert expected["requests"] == ["completed_with_holds"] and expected["chain holds"]
    assert expected["suppressed"] == [repr(("email", "email", True))], "what she refused outlives the rows that said so"
    assert len(counts["commits"]) >= 10 and expected["inbox"].count("completed_with_holds") == 1
    assert strike(on_sqlite, nurseries, boundaries(counts), killed_at, expected) == {}


def test_a_worker_killed_inside_a_step_is_finished_by_the_next_as_if_nothing_had_been(on_sqlite, nurseries):
    expected, counts = undisturbed(on_sqlite, nurseries[0])
    assert strike(on_sqlite, nurseries, inside(counts, 20), killed_at, expected) == {}


def test_the_same_on_postgresql(on_postgres, nurseries):
    expected, counts = undisturbed(on_postgres, nurseries[0])
    blows = [*boundaries(counts, 4), *inside(counts, 60)]
    assert strike(on_postgres, nurseries, blows, killed_at, expected) == {}


def test_a_sweep_killed_at_any_commit_leaves_no_release_undone_and_makes_none_twice(case_closed, nurseries):
    with case_closed.copy() as home:
        child = sweep(nurseries[0], home).ends_well()
        expected, counts = outcome_of(home), child.counts()
    assert expected["company"]["shop"]["after_sales_case"] == [] and expected["inbox"].count("hold_released") == 1

    def killed_sweeping(nursery: Nursery, home: Path, blow: Blow) -> str | None:
        if not sweep(nursery, home, blow).is_killed():
            return "it was never reached"
        nursery.start(home).ends_well()
        sweep(nursery, home).ends_well()
        return None

    assert strike(case_closed, nurseries, boundaries(counts, 3), killed_sweeping, expected) == {}


def sweep(nursery: Nursery, home: Path, blow: Blow | None = None) -> Child:
    return nursery.start(home, "command", blow, arguments=["--home", str(home), "sweep"])


def test_a_web_process_killed_while_a_decision_is_sent_has_both_decided_and_handed_in_or_neither(undecided, nurseries):
    with undecided.copy() as home:
        child = send_decision(nurseries[0], home).ends_well()
        before = outcome_of(home)
        nurseries[0].start(home).ends_well()
        expected, commits = outcome_of(home), child.counts()["commits"]
    assert "review_decision" in commits[-1], "the decision is the last thing that the web commits"
    assert before["runs"] == ["('erasure', 'waiting', 1)"] and expected["requests"] == ["completed_with_holds"]
    ends = []

    def killed_deciding(nursery: Nursery, home: Path, blow: Blow) -> str | None:
        if not send_decision(nursery, home, blow).is_killed():
            return "it was never reached"
        nursery.start(home).ends_well()
        found = outcome_of(home)
        ends.append(found["requests"])
        if found["requests"] == ["in_review"]:
            send_decision(nursery, home).ends_well()
            nursery.start(home).ends_well()
        return None

    expected.pop("audit")
    assert strike(undecided, nurseries, boundaries({"commits": commits})[-2:], killed_deciding, expected) == {}
    assert ["in_review"] in ends and ["completed_with_holds"] in ends


def send_decision(nursery: Nursery, home: Path, blow: Blow | None = None) -> Child:
    center = corner.Center.open(home)
    reference = only_reference(center)
    center.close()
    return nursery.start(home, "decide in web", blow, reference=reference, reviewer="R9")
