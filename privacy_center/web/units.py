"""Units of work for the web: the one place where a view opens a session on the privacy center's own database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

from flask import Flask, current_app
from sqlalchemy.orm import Session

if TYPE_CHECKING:
    from privacy_center.center import Center


def center_of(app: Flask) -> "Center":
    """The center that an app was built for."""
    return cast("Center", app.extensions["center"])


def center() -> "Center":
    """The center that this app was built for."""
    return center_of(current_app)


@contextmanager
def transaction() -> Iterator[Session]:
    """One unit of work: all of it is kept, or none of it. Views open it for POST, and for `noted` looks only."""
    with center().database.transaction() as session:
        yield session


@contextmanager
def reading() -> Iterator[Session]:
    """A look at our own database that changes nothing; what was read stays readable after it."""
    with center().database.looking() as session:
        yield session
        session.expunge_all()
