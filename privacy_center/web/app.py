"""The web app for one center: every cross-cutting thing is put in once, here, in the order in which it acts."""

from datetime import timedelta
from typing import TYPE_CHECKING

from flask import Flask
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from privacy_center.web.addresses import install_addresses
from privacy_center.web.components import install_components
from privacy_center.web.cookies import cookie_name
from privacy_center.web.fences import install_fences
from privacy_center.web.filters import install_filters
from privacy_center.web.guard import install_guard
from privacy_center.web.headers import install_headers
from privacy_center.web.house import house_folder
from privacy_center.web.language import install_choices
from privacy_center.web.logins import install_visitors
from privacy_center.web.pages import register_pages
from privacy_center.web.refusals import install_refusals
from privacy_center.web.security_log import install_security_log
from privacy_center.web.staff.register import register_staff
from privacy_center.web.surroundings import install_surroundings
from privacy_center.web.translations import install_languages
from privacy_center.web.uploads import install_uploads

if TYPE_CHECKING:
    from privacy_center.center import Center


def build_app(center: "Center") -> Flask:
    """The app that serves this center to customers and staff."""
    app = Flask(
        "privacy_center.web",
        static_folder=str(house_folder("static")),
        template_folder=str(house_folder("templates")),
    )
    app.extensions["center"] = center
    _configure(app, center)
    install_languages(app, center.settings.timezone)
    install_fences(app)
    install_uploads(app)
    CSRFProtect(app)
    install_visitors(app)
    install_guard(app)
    install_headers(app)
    install_choices(app)
    install_filters(app)
    install_addresses(app)
    install_surroundings(app)
    install_refusals(app)
    install_security_log(app)
    register_pages(app)
    register_staff(app)
    with app.app_context():
        install_components(app)
    return app


def _configure(app: Flask, center: "Center") -> None:
    settings = center.settings
    app.config.update(
        SECRET_KEY=center.keyring.keyed_hash("cookie signing", "web"),
        SESSION_COOKIE_NAME=cookie_name("pc_form", secure=settings.secure_cookies),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
        WTF_CSRF_TIME_LIMIT=12 * 3600,
        WTF_CSRF_SSL_STRICT=settings.secure_cookies,
    )
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
