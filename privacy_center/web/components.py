"""Every component macro under one name, `ui`, so that a block rendered alone finds it too."""

from functools import lru_cache
from types import SimpleNamespace

from flask import Flask
from jinja2 import StrictUndefined
from markupsafe import Markup

from privacy_center.web.addresses import url_for
from privacy_center.web.house import house_folder


def install_components(app: Flask) -> None:
    """Refuse unknown names in templates, and gather the macros of `components/*.html` as `ui`.

    A macro receives everything as arguments: context processors do not reach it.
    """
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals |= {"icons": _icons, "icon": draw_icon}
    ui = SimpleNamespace(icon=draw_icon)
    app.jinja_env.globals["ui"] = ui
    for path in sorted((house_folder("templates") / "components").glob("*.html")):
        macros = app.jinja_env.get_template(f"components/{path.name}").module
        for name in dir(macros):
            if not name.startswith("_"):
                setattr(ui, name, getattr(macros, name))


def draw_icon(name: str) -> Markup:
    """One icon of the sprite, drawn beside words that say the same; pages have dozens, so it is no macro."""
    return _drawn(_icons(name))


@lru_cache(maxsize=512)
def _drawn(address: str) -> Markup:
    return Markup('<svg class="icon" aria-hidden="true"><use href="{}"/></svg>').format(address)


def _icons(name: str) -> str:
    return f"{url_for('static', filename='icons.svg')}#{name}"
