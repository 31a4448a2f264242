"""kill -9 at every boundary and inside steps: another process goes on, and nobody can tell from what is there."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from tests.journeys.blows import Blow
from tests.journeys.children import Homes, Nursery
from tests.journeys.outcome import outcome_of

Scene = Callable[[Nursery, Path, Blow], str | None]
"""Kills somebody in a home, lets it be finished, and says what went otherwise than planned (None: nothing)."""


def undisturbed(homes: Homes, nursery: Nursery) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """What a run leaves behind that nobody killed, and what it committed and said on the way."""
    with homes.copy() as home:
        child = nursery.start(home).ends_well()
        return outcome_of(home), child.counts()


def killed_at(nursery: Nursery, home: Path, blow: Blow) -> str | None:
    """A worker dies; the next one finds everything and finishes."""
    if not nursery.start(home, blow=blow).is_killed():
        return "it was never reached"
    child = nursery.start(home)
    return None if child.ends() == 0 else child.log.read_text()


def strike(
    homes: Homes, nurseries: list[Nursery], blows: Iterable[Blow], scene: Scene, expected: dict
) -> dict[Blow, Any]:
    """Play a scene for every blow, two at a time; returns those after which something was different, with what."""
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
    assert len(counts["commits"]) >= 10 and expected["inbox"].count("completed_with_holds") == 1
    assert strike(on_sqlite, nurseries, boundaries(counts), killed_at, expected) == {}


def test_a_worker_killed_inside_a_step_is_finished_by_the_next_as_if_nothing_had_been(on_sqlite, nurseries):
    expected, counts = undisturbed(on_sqlite, nurseries[0])
    assert strike(on_sqlite, nurseries, inside(counts, 16), killed_at, expected) == {}


def test_the_same_on_postgresql(on_postgres, nurseries):
    expected, counts = undisturbed(on_postgres, nurseries[0])
    blows = [*boundaries(counts, 3), *inside(counts, 60)]
    assert strike(on_postgres, nurseries, blows, killed_at, expected) == {}
