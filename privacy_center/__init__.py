"""Privacy Center: the place where a company's customers see, correct, take away and delete what it knows about them."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from privacy_center.center import Center


def create_app(center: "Center | None" = None) -> "Flask":
    """The web application of a center; without one, of the home folder that the environment names."""
    from privacy_center.center import Center
    from privacy_center.desk import DeskWhenNeeded
    from privacy_center.web.app import build_app

    center = center or Center.open()
    app = build_app(center)
    app.extensions["desk"] = DeskWhenNeeded(center)
    return app
