"""From a token in a cookie to the visitor it stands for."""

from datetime import datetime

from privacy_center.web.visitor import Visitor


def find_customer(token: str, at: datetime) -> Visitor | None:
    """The customer whose login has this token and has not ended."""
    return None


def find_staff(token: str, at: datetime) -> Visitor | None:
    """The member of staff whose login has this token and has not ended."""
    return None
