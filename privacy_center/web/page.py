"""How a view answers: the whole page, the one block of it that htmx asked for, or somewhere else to go."""

from flask import Response, current_app, make_response, render_template, request
from jinja2.utils import concat


def wants_fragment() -> bool:
    """htmx asks for a piece of this page; boosts and history restores ask for the whole."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and "HX-Boosted" not in headers
        and "HX-History-Restore-Request" not in headers
        and headers.get("HX-Request-Type", "partial") == "partial"
    )


def page(
    template: str, *, fragment: str | None = None, spoken: str = "", status: int = 200, **context: object
) -> Response:
    """The page, or the block `fragment` of it when htmx asked, with what a screen reader should hear (`spoken`)."""
    if fragment and wants_fragment():
        html = render_block(template, fragment, **context) + render_template("layout/spoken.html", spoken=spoken)
    else:
        html = render_template(template, spoken=spoken, **context)
    response = make_response(html, status)
    response.vary.update(["HX-Request", "HX-History-Restore-Request"])
    return response


def render_block(template: str, block: str, **context: object) -> str:
    """One named block of a template, rendered alone; top-level imports and sets of that template do not exist in it."""
    current_app.update_template_context(context)
    found = current_app.jinja_env.get_template(template)
    return concat(found.blocks[block](found.new_context(context)))


def go(url: str) -> Response:
    """Leave for another page: a plain 303, or the same said to htmx, which would follow a 303 itself."""
    if request.headers.get("HX-Request") == "true":
        return make_response("", 204, {"HX-Redirect": url})
    return make_response("", 303, {"Location": url})
