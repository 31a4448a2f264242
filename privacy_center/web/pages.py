"""The public and customer pages, put into the app."""

from flask import Flask

from privacy_center.web.health import health
from privacy_center.web.public import public


def register_pages(app: Flask) -> None:
    """Add every public and customer blueprint; each endpoint must also stand in `web/access.py`."""
    for blueprint in (health, public):
        app.register_blueprint(blueprint)
