"""What a machine asks: are you alive, can you work."""

import sqlalchemy as sa
from flask import Blueprint, Response, make_response

from privacy_center.web.units import reading

health = Blueprint("health", __name__)


@health.get("/healthz")
def alive() -> Response:
    """The process answers."""
    return _plain("ok", 200)


@health.get("/readyz")
def ready() -> Response:
    """Our own database answers too; 503 when it does not."""
    try:
        with reading() as session:
            session.execute(sa.text("SELECT 1"))
    except sa.exc.SQLAlchemyError:
        return _plain("database", 503)
    return _plain("ok", 200)


def _plain(text: str, status: int) -> Response:
    return make_response(text + "\n", status, {"Content-Type": "text/plain; charset=utf-8"})
