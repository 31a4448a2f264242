"""The public and customer pages, put into the app."""

from flask import Flask

from privacy_center.web.api.access_log import access_log
from privacy_center.web.api.suppression import suppression
from privacy_center.web.customer.contact import contact
from privacy_center.web.customer.deletion import deletion
from privacy_center.web.customer.for_others import for_others
from privacy_center.web.customer.fresh_page import fresh
from privacy_center.web.customer.home import home
from privacy_center.web.customer.in_full import in_full
from privacy_center.web.customer.inbox import inbox
from privacy_center.web.customer.my_data import my_data
from privacy_center.web.customer.papers import papers
from privacy_center.web.customer.prove import prove
from privacy_center.web.customer.requests import requests
from privacy_center.web.customer.security_passkeys import security
from privacy_center.web.customer.who_looked import who_looked
from privacy_center.web.freeze import freeze
from privacy_center.web.health import health
from privacy_center.web.identity_cases import identity_cases
from privacy_center.web.metrics import metrics
from privacy_center.web.oidc import oidc
from privacy_center.web.on_the_phone import on_the_phone
from privacy_center.web.public import public
from privacy_center.web.sign_in import sign_in
from privacy_center.web.sign_in_again import again
from privacy_center.web.sign_in_order import order
from privacy_center.web.sign_in_ways import ways
from privacy_center.web.units import center_of

BLUEPRINTS = (
    health,
    metrics,
    access_log,
    suppression,
    public,
    sign_in,
    again,
    ways,
    order,
    oidc,
    freeze,
    on_the_phone,
    home,
    fresh,
    security,
    my_data,
    who_looked,
    in_full,
    prove,
    deletion,
    requests,
    papers,
    inbox,
    contact,
    for_others,
    identity_cases,
)


def register_pages(app: Flask) -> None:
    """Add every public and customer blueprint; each endpoint must also stand in `web/access.py`."""
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.extensions["csrf"].exempt(access_log)
    app.extensions["csrf"].exempt(suppression)
    if center_of(app).settings.demo:
        from privacy_center.web.demo_pages import demo

        app.register_blueprint(demo)
