"""What stands in the way of a plan, in words."""

from dataclasses import dataclass

from privacy_center.errors import Words


@dataclass(frozen=True, slots=True)
class Problem:
    """`blocking`: the plan cannot be approved while it stands. `collection` is `dataset.name`."""

    collection: str
    words: Words
    blocking: bool = True

    def as_json(self) -> dict[str, object]:
        return {"collection": self.collection, "words": self.words.as_json(), "blocking": self.blocking}
