"""What is turned away before any view is asked: another host's name, forms of other sites, addresses with odd signs."""

from urllib.parse import urlsplit

from flask import Flask, request

from privacy_center.errors import Refusal
from privacy_center.web.signs import UNPRINTABLE
from privacy_center.web.units import center

_SAFE = {"GET", "HEAD", "OPTIONS"}
_PROBES = {"/healthz", "/readyz", "/metrics"}


def check_host() -> None:
    """Refuse (404) a Host header that is not the host of `base_url`; a demo and the health probes may use any."""
    settings = center().settings
    if settings.demo or request.path in _PROBES:
        return
    if request.headers.get("Host", "") != urlsplit(settings.base_url).netloc:
        raise Refusal(
            f"这个网址不对。请打开 {settings.base_url}",
            f"This is not our address. Open {settings.base_url}",
            status=404,
        )


def check_site() -> None:
    """Refuse (403) a changing request that the browser says was made by another site's page."""
    if request.method not in _SAFE and request.headers.get("Sec-Fetch-Site") in {"cross-site", "same-site"}:
        raise Refusal(
            "这个请求来自别的网站，我们没有办理。请回到本站再做一次。",
            "This came from another website, so nothing was done. Go back to our own pages and do it there.",
            status=403,
        )


def check_address() -> None:
    """Refuse (404) an address with control signs: nobody types them, and databases and headers cannot hold them."""
    told = [request.path, *(part for pair in request.args.items(multi=True) for part in pair)]
    if any(UNPRINTABLE.search(part) or {*"\t\r\n"} & {*part} for part in told):
        raise Refusal("没有这一页。", "There is no such page.", status=404)


def install_fences(app: Flask) -> None:
    """Put the checks in front of every view."""
    app.before_request(check_host)
    app.before_request(check_site)
    app.before_request(check_address)
