"""Who looked at the customer's data: when, which post, what for, what kind of data; and a question about one look."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from privacy_center import clock
from privacy_center.anomalies.items import being_checked
from privacy_center.audit.look import OUR_SYSTEM
from privacy_center.audit.purposes import ACTS, CHANNELS, PURPOSES, ROLES, words_for
from privacy_center.errors import Refusal, Words
from privacy_center.looks.mine import MyLook, count_looks, log_since, look_of, looks_at
from privacy_center.looks.models import LookQuestion
from privacy_center.looks.questions import Said, ask, question_about, questions_of, said_about
from privacy_center.web.customer.identity import me
from privacy_center.web.filters import today, words
from privacy_center.web.look_words import with_counts
from privacy_center.web.page import go, page
from privacy_center.web.units import center, reading, transaction

who_looked = Blueprint("who_looked", __name__, url_prefix="/me/who-looked")
PERIODS = {"30": 30, "90": 90, "365": 365, "all": 0}
SHOWN, LATELY = 25, 30


@dataclass(frozen=True, slots=True)
class ShownLook:
    """One look in words. `post`: department and role, never a name; `checked`: somebody is looking into it."""

    look: MyLook
    act: str
    post: str
    purpose: str
    data: str
    system: str
    channel: str
    checked: bool
    question: LookQuestion | None


@who_looked.get("/")
def show() -> Response:
    """The looks of a period, newest first, 25 to a page (ux P7)."""
    chosen = request.args.get("period", "30")
    chosen = chosen if chosen in PERIODS else "30"
    day, months = today(), center().settings.access_log_months
    since, until = period(day, PERIODS[chosen] or months * 31)
    with reading() as session:
        before = _number(request.args.get("before", ""))
        found = looks_at(session, me().person, since=since, until=until, today=day, limit=SHOWN + 1, before=before)
        looks = _shown(session, found[:SHOWN])
        context = {
            "recent": count_looks(session, me().person, since=period(day, LATELY)[0], today=day),
            "first_day": log_since(session, day, months),
            "asked": [] if before else list(questions_of(session, me().person).items()),
        }
    older = url_for("who_looked.show", period=chosen, before=found[SHOWN - 1].seq) if len(found) > SHOWN else ""
    return page(
        "customer/who_looked.html", looks=looks, chosen=chosen, periods=_periods(chosen), older=older, months=months,
        active="who_looked", **context,
    )  # fmt: skip


@who_looked.route("/<int:seq>", methods=["GET", "POST"])
def question(seq: int) -> Response:
    """One look, what was asked and answered about it, and a place to ask."""
    if request.method == "GET":
        return _question_page(seq, {}, {})
    settings, text = center().settings, request.form.get("text", "")
    try:
        with transaction() as session:
            ask(
                session, me().person, seq, text, at=clock.now(), timezone=settings.timezone,
                jurisdiction=settings.jurisdiction,
            )  # fmt: skip
    except Refusal as refusal:
        if refusal.field != "text":
            raise
        return _question_page(seq, {"text": text}, {"text": words(refusal.words)})
    return go(url_for("who_looked.question", seq=seq, asked="yes"))


def _question_page(seq: int, typed: Mapping[str, str], errors: Mapping[str, str]) -> Response:
    with reading() as session:
        (look,) = _shown(session, [look_of(session, me().person, seq, today())])
        asked = question_about(session, me().person, seq)
        said: list[Said] = said_about(session, asked.id) if asked else []
    return page(
        "customer/who_looked_question.html", one=look, asked=asked, said=said, typed=typed, errors=errors,
        done=request.args.get("asked") == "yes", active="who_looked", status=422 if errors else 200,
    )  # fmt: skip


def look_words(recent: int) -> str:
    """How often staff looked in the last 30 days, for the home page."""
    return _("最近 30 天被查看 %(n)d 次", n=recent) if recent else _("最近 30 天没有人查看")


def _shown(session: Session, looks: list[MyLook]) -> list[ShownLook]:
    checked, asked = being_checked(session, [one.seq for one in looks]), questions_of(session, me().person)
    return [_in_words(one, one.seq in checked, asked.get(one.seq)) for one in looks]


def _in_words(look: MyLook, checked: bool, asked: LookQuestion | None) -> ShownLook:
    catalogue = center().catalogue
    titles = dict.fromkeys(words(catalogue.category(one).title) for one in look.data)
    post = [one for one in (look.department, words(words_for(ROLES, look.role))) if one]
    return ShownLook(
        look=look,
        act=words(words_for(ACTS, look.act)),
        post=words(Words("，", ", ")).join(post) or _("没有写明"),
        purpose=words(words_for(PURPOSES, look.purpose)),
        data=with_counts(words(Words("、", ", ")).join(titles), look.counts),
        system=_("隐私中心") if look.system == OUR_SYSTEM else look.system,
        channel=words(words_for(CHANNELS, look.channel)),
        checked=checked,
        question=asked,
    )


def period(day: date, days: int) -> tuple[datetime, datetime]:
    """From the beginning of the local day that many days ago, to the end of today."""
    zone = ZoneInfo(center().settings.timezone)
    begin, end = (datetime.combine(one, time(), zone) for one in (day - timedelta(days=days), day + timedelta(days=1)))
    return begin, end


def _periods(chosen: str) -> list[tuple[str, str, bool]]:
    said = {"30": _("最近 30 天"), "90": _("最近 90 天"), "365": _("最近一年"), "all": _("全部")}
    return [(said[one], url_for("who_looked.show", period=one), one == chosen) for one in PERIODS]


def _number(said: str) -> int | None:
    return int(said) if said.isascii() and said.isdigit() and len(said) < 16 else None
