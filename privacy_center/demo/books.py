"""Where the sample company's rows are written down before they go into the databases."""

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

import sqlalchemy as sa
from dateutil.relativedelta import relativedelta

Row = dict[str, Any]


class Books:
    """All rows of both databases, in the order in which they were written; the same `today` gives the same rows."""

    def __init__(self, today: date, seed: int = 20261121) -> None:
        self.today = today
        self.random = Random(seed)
        self.rows: dict[sa.Table, list[Row]] = defaultdict(list)

    def add(self, table: sa.Table, **values: Any) -> Row:
        """Write a row down; `id` is the next number of the table. A name that the table lacks is refused."""
        unknown = values.keys() - table.columns.keys()
        if unknown:
            raise KeyError(f"{table.name} has no {', '.join(sorted(unknown))}")
        if "id" in table.columns:
            values.setdefault("id", len(self.rows[table]) + 1)
        row = {column: values.get(column) for column in table.columns.keys()}  # noqa: SIM118
        self.rows[table].append(row)
        return row

    def ago(self, days: int, hour: int = 10, minute: int = 0) -> datetime:
        """A moment so many days before today, by the company's clock."""
        return datetime.combine(self.today - timedelta(days=days), time(hour, minute))

    def some_time(self, days: int) -> datetime:
        """Some moment of the waking hours of the day that is so many days back."""
        return self.ago(days, self.random.randint(8, 21), self.random.randint(0, 59))

    def years_ago(self, years: int, days: int = 0) -> date:
        """The same day so many years (and days) before today."""
        return self.today - relativedelta(years=years, days=days)

    def chance(self, part: float) -> bool:
        return self.random.random() < part
