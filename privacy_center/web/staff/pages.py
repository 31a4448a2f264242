"""Cutting a long list into pages."""

from collections.abc import Callable
from dataclasses import dataclass

PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class Pages:
    """One page of a list with `total` rows. A page beyond the end is the last one."""

    asked: int
    total: int
    size: int = PAGE_SIZE

    @property
    def page(self) -> int:
        return max(1, min(self.asked, -(-self.total // self.size)))

    @property
    def skip(self) -> int:
        return (self.page - 1) * self.size

    def told(self, url: Callable[[int], str]) -> dict[str, object]:
        """What a pager shows: first and last row, how many in all, and the addresses of the neighbours."""
        last = min(self.skip + self.size, self.total)
        return {
            "first": self.skip + 1 if self.total else 0,
            "last": last,
            "total": self.total,
            "previous": url(self.page - 1) if self.page > 1 else "",
            "next": url(self.page + 1) if last < self.total else "",
        }


def read_page(said: str) -> int:
    """The page number in an address; 1 when there is none or it is no number."""
    return max(1, int(said)) if said.isascii() and said.isdigit() and len(said) < 7 else 1
