"""What must come after what: `after` and `erase_after`, checked."""

from collections.abc import Mapping

from privacy_center.datamap.finding import Place, did_you_mean
from privacy_center.datamap.graph import Collection


def check_order(collections: Mapping[str, Collection], places: Mapping[str, Place]) -> None:
    """Finds orders that name no collection, and collections that would each have to be erased after the other."""
    for key, one in collections.items():
        for word, named in (("after", one.after), ("erase_after", one.erase_after)):
            for other in sorted(named - collections.keys()):
                hint = did_you_mean(other, collections, 0.75)
                places[key].error(
                    f"{word} 写了 {other}，但地图里没有。请改正。{hint.zh}",
                    f"{word} names {other}, which the map does not have. Correct it.{hint.en}",
                )
    for circle in _circles(collections):
        said = " → ".join([*circle, circle[0]])
        places[circle[0]].error(
            f"erase_after 成了一个圈：{said}。谁也无法先删。请去掉其中一个。",
            f"erase_after goes in a circle: {said}. None of them can be erased first. Remove one of them.",
        )


def _circles(collections: Mapping[str, Collection]) -> list[list[str]]:
    """Each circle of `erase_after` once, beginning with its first collection in the map."""
    done: set[str] = set()
    circles = []
    for start in collections:
        path: list[str] = []
        stack = [(start, iter(_earlier(collections, start)))] if start not in done else []
        path += [start] if stack else []
        while stack:
            ahead = next(stack[-1][1], None)
            if ahead is None:
                done.add(stack.pop()[0])
                path.pop()
            elif ahead in path:
                circles.append(path[path.index(ahead) :])
            elif ahead not in done:
                stack.append((ahead, iter(_earlier(collections, ahead))))
                path.append(ahead)
    return circles


def _earlier(collections: Mapping[str, Collection], key: str) -> list[str]:
    return sorted(collections[key].erase_after & collections.keys())
