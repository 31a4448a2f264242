"""What a reviewer asks the queue for: the tab, the filters and the page, read from the address line."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from privacy_center.review.queue import Order, Tab
from privacy_center.web.staff.pages import read_page

FIELDS = ("kind", "state", "channel", "due", "hold", "assignee", "reference")


@dataclass(frozen=True)
class Wanted:
    """One look at the queue. Every value that is not known is read as not said, so that an old link still opens."""

    tab: str = Tab.TODO.value
    kind: str = ""
    state: str = ""
    channel: str = ""
    due: str = ""
    hold: str = ""
    assignee: str = ""
    reference: str = ""
    sort: str = Order.DUE.value
    page: int = 1

    @property
    def order(self) -> Order:
        """What it is sorted by."""
        return Order(self.sort.removeprefix("-"))

    @property
    def descending(self) -> bool:
        """Whether the last comes first: a minus before the order's name."""
        return self.sort.startswith("-")

    def turned(self, order: Order) -> str:
        """The sort that a click on a column's head asks for: that column, or the other way round."""
        return f"-{order.value}" if self.sort == order.value else order.value

    @classmethod
    def read(cls, args: Mapping[str, str], choices: Mapping[str, frozenset[str]]) -> "Wanted":
        """The look that the query string asks for; `choices` names the values that each closed field may take."""
        said = {name: args.get(name, "").strip()[:40] for name in FIELDS}
        for name, known in choices.items():
            said[name] = said[name] if said[name] in known else ""
        tab = args.get("tab", "")
        known_tab = tab if tab in {one.value for one in Tab} else Tab.TODO.value
        sort = args.get("sort", "")
        known_sort = sort if sort.removeprefix("-") in {one.value for one in Order} else Order.DUE.value
        return cls(tab=known_tab, sort=known_sort, page=read_page(args.get("page", "")), **said)

    def arguments(self) -> dict[str, str]:
        """The query string of this look, without its page and without what is left at its default."""
        plain = Wanted()
        return {
            name: said for name in ("tab", *FIELDS, "sort") if (said := getattr(self, name)) != getattr(plain, name)
        }

    def narrowed(self) -> Iterator[tuple[str, str]]:
        """The filters that are set, in the order in which the page shows them."""
        return ((name, getattr(self, name)) for name in FIELDS if getattr(self, name))
