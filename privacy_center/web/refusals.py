"""The one place that answers what went wrong: in words, as a page, or as a notice for htmx."""

import logging

from flask import Flask, Response, make_response, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from privacy_center.errors import Refusal, Words
from privacy_center.web.language import language
from privacy_center.web.page import render_block, wants_fragment
from privacy_center.web.visitor import staff_side

_log = logging.getLogger("privacy_center.web")


def show_refusal(refusal: Refusal) -> Response:
    """A refusal that no form took up, in words."""
    return answer(refusal.status, _title(refusal.status), refusal.words.spoken(language()))


def show_expired_form(error: CSRFError) -> Response:
    """A form whose token is missing or too old: nothing was done, send it again."""
    said = _("这一页放得太久了，我们没有收到您填的内容。返回上一页，刷新后再提交一次。")
    return answer(400, _("请再提交一次"), said)


def show_http_error(error: HTTPException) -> Response:
    """404, 405, 413 and their kin."""
    if error.response is not None:
        return error.response  # type: ignore[return-value]
    status = error.code or 500
    said = {
        404: _("网址可能写错了，或者这一页不属于您。您可以从首页重新开始。"),
        405: _("这一页不能这样打开。您可以从首页重新开始。"),
        413: _("内容太大了。请减少一些再提交。"),
    }
    return answer(status, _title(status), said.get(status, _("这一步没有办成。您可以从首页重新开始。")))


def show_breakdown(error: Exception) -> Response:
    """What nobody foresaw: logged without the visitor's data, answered by a page that needs nothing to work."""
    _log.exception("unforeseen error at %s %s", request.method, request.endpoint)
    try:
        return answer(500, _title(500), _breakdown_words().spoken(language()))
    except Exception:
        _log.exception("the error page itself failed")
        return _bare_page()


def answer(status: int, title: str, said: str) -> Response:
    """The error page; for htmx its notice alone, sent to the page's notice place so that what was there stays."""
    if wants_fragment():
        html = render_block("errors/error.html", "notice", title=title, said=said)
        response = make_response(html, status, {"HX-Retarget": "#notice", "HX-Reswap": "innerHTML"})
    else:
        response = make_response(render_template("errors/error.html", title=title, said=said, spoken=""), status)
    response.vary.update(["HX-Request", "HX-History-Restore-Request"])
    return response


def _title(status: int) -> str:
    titles = {
        403: _("这一步不能办"),
        404: _("没有找到这一页"),
        405: _("没有找到这一页"),
        413: _("内容太大"),
        422: _("有一处要改"),
        429: _("次数太多，先歇一会儿"),
        500: _("我们这边出了问题"),
    }
    return titles.get(status, _("这一步没有办成"))


def _breakdown_words() -> Words:
    if staff_side():
        return Words(
            "系统出了错，这一步可能没有办成。先刷新上一页，看清有没有办成，再决定要不要重做。还是出错，把现在的时间和这一页的网址告诉运维。",
            "The system failed, and this step may not have been done. Load the page before this one again to see whether it "
            "was, then decide whether to repeat it. If it fails again, give the operator the time and the address of this page.",
        )
    return Words(
        "不是您的原因，您的信息没有改动。过几分钟再试；还不行，就打我们的电话。",
        "This is our fault, and none of your data was changed. Try again in a few minutes; if it happens again, call us.",
    )


def _bare_page() -> Response:
    words = _breakdown_words()
    html = (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>我们这边出了问题</title></head>'
        f'<body><main><h1>我们这边出了问题</h1><p>{words.zh}</p><p lang="en">{words.en}</p></main></body></html>'
    )
    return make_response(html, 500)


def install_refusals(app: Flask) -> None:
    """One handler for each kind of trouble, for the whole app."""
    app.register_error_handler(Refusal, show_refusal)
    app.register_error_handler(CSRFError, show_expired_form)
    app.register_error_handler(HTTPException, show_http_error)
    app.register_error_handler(Exception, show_breakdown)
