"""What execution works with: planning's ground, our own database and the company's calendar."""

from datetime import date, datetime
from typing import Protocol

from privacy_center.config import Settings
from privacy_center.db import Database
from privacy_center.plans.ground import Ground


class Office(Ground, Protocol):
    """A center, as far as execution needs it."""

    settings: Settings
    database: Database

    def today(self, at: datetime) -> date:
        """The company's local date at a moment."""
        ...
