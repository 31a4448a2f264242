"""What a reviewer asks the queue for: the tab, the filters, the order and the page, read from the address line."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from privacy_center.web.staff.pages import read_page

TABS = ("todo", "unassigned", "mine", "second", "customer", "failed", "today", "all")
SORTS = ("due", "-due", "received", "-received", "reference", "-reference")
DUE = ("overdue", "today", "week")
FIELDS = ("state", "kind", "channel", "due", "assignee", "reference")


@dataclass(frozen=True, slots=True)
class Wanted:
    """One look at the queue. Every value that is not known is read as not said, so that an old link still opens."""

    tab: str = "todo"
    state: str = ""
    kind: str = ""
    channel: str = ""
    due: str = ""
    assignee: str = ""
    reference: str = ""
    sort: str = "due"
    page: int = 1

    @classmethod
    def read(cls, args: Mapping[str, str], choices: Mapping[str, frozenset[str]]) -> "Wanted":
        """The look that the query string asks for; `choices` names the values that each closed field may take."""
        said = {name: args.get(name, "").strip()[:40] for name in FIELDS}
        for name, known in choices.items():
            said[name] = said[name] if said[name] in known else ""
        return cls(
            tab=args.get("tab", "") if args.get("tab", "") in TABS else "todo",
            sort=args.get("sort", "") if args.get("sort", "") in SORTS else "due",
            page=read_page(args.get("page", "")),
            **said,
        )

    def arguments(self, **changes: str | int) -> dict[str, str | int]:
        """The query string of this look with `changes` made; defaults are left out and any change goes to page 1."""
        asked = replace(self, **({"page": 1} | changes))  # type: ignore[arg-type]
        plain = Wanted()
        return {name: value for name in self.__slots__ if (value := getattr(asked, name)) != getattr(plain, name)}

    def narrowed(self) -> Iterator[tuple[str, str]]:
        """The filters that are set, in the order in which the page shows them."""
        return ((name, getattr(self, name)) for name in FIELDS if getattr(self, name))

    def turned(self, column: str) -> str:
        """The order that a press on a column's head asks for: that column, or the other way round if it is on already."""
        return f"-{column}" if self.sort == column else column

    def direction(self, column: str) -> str:
        """What `aria-sort` says of a column."""
        return {column: "ascending", f"-{column}": "descending"}.get(self.sort, "none")
