"""How far a request is, as its customer sees it: five dots, the state with its tone, the lines of the timeline."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from privacy_center.privacy_requests.models import Channel, Kind, PrivacyRequest, State
from privacy_center.privacy_requests.states import CANCELLABLE, CLOSED, DOTS, NAMES, NEXT, dot_of
from privacy_center.privacy_requests.timeline import Happening
from privacy_center.web.filters import day_text, words

Dot = tuple[str, str, datetime | None]

_TONES = {
    State.WAITING_CUSTOMER: ("warn", "hand"),
    State.NEEDS_ATTENTION: ("warn", "clock"),
    State.REFUSED: ("stop", "circle-alert"),
    State.COMPLETED: ("good", "circle-check"),
    State.COMPLETED_WITH_HOLDS: ("good", "circle-check"),
    State.CANCELLED: ("", "undo-2"),
}
_RUNNING = frozenset({State.EXECUTING, State.CHECKING})


@dataclass(frozen=True, slots=True)
class Progress:
    """A request with what the pages say of it."""

    asked: PrivacyRequest
    kind: str
    state: str
    tone: str
    icon: str
    next: str
    dots: list[Dot]
    waiting: bool
    can_cancel: bool
    closed: bool
    decided: bool
    running: bool


def progress_of(asked: PrivacyRequest, timeline: Sequence[Happening] = ()) -> Progress:
    """The request as its customer sees it; `timeline` gives the dots their days."""
    tone, icon = _TONES.get(asked.state, ("info", "clock"))
    return Progress(
        asked=asked,
        kind=kind_words(asked.kind),
        state=words(NAMES[asked.state]),
        tone=tone,
        icon=icon,
        next=_next_words(asked),
        dots=dots_of(asked, timeline),
        waiting=asked.state is State.WAITING_CUSTOMER,
        can_cancel=asked.state in CANCELLABLE,
        closed=asked.state in CLOSED,
        decided=asked.decided_at is not None and asked.state is not State.IN_REVIEW,
        running=asked.state in _RUNNING,
    )


def _next_words(asked: PrivacyRequest) -> str:
    if asked.state is State.NEEDS_ATTENTION and asked.completed_at:
        return _("办完以后复查，又发现可能与您有关的记录，我们正在核对，结果会告诉您。")
    return words(NEXT[asked.state])


def dots_of(asked: PrivacyRequest, timeline: Sequence[Happening]) -> list[Dot]:
    """Five dots: done with their day, now, still to come. A cancelled request stops where it was."""
    reached: dict[int, datetime] = {}
    for one in reversed(timeline):
        reached.setdefault(dot_of(one.state), one.at)
    finished = asked.state in CLOSED and asked.state is not State.CANCELLED
    now = dot_of(asked.state)
    if asked.state is State.CANCELLED:
        now = max([number for number in reached if number < len(DOTS)], default=1)
    days = {1: asked.received_at, 2: asked.verified_at, 3: asked.decided_at, 4: asked.completed_at, 5: asked.closed_at}
    dots: list[Dot] = []
    for number, said in enumerate(DOTS, start=1):
        if number < now or finished:
            dots.append((words(said), "done", days[number] or reached.get(number)))
        else:
            dots.append((words(said), "now" if number == now and not asked.closed_at else "next", None))
    return dots


def kind_words(kind: Kind) -> str:
    """What the request is for."""
    return {
        Kind.DELETION: _("删除个人信息"),
        Kind.ACCESS: _("查阅个人信息"),
        Kind.CORRECTION: _("更正个人信息"),
        Kind.WITHDRAWAL: _("撤回同意"),
    }[kind]


def event_words(one: Happening, *, brief: bool = False) -> str:
    """One line of the timeline, in words; `brief`: without what anybody wrote."""
    if one.what == "extended" and brief:
        return _("答复期限延长到 %(day)s", day=day_text(one.details["due_on"]))
    if one.what == "extended":
        return _(
            "答复期限延长到 %(day)s。原因：%(why)s", day=day_text(one.details["due_on"]), why=one.details["reason"]
        )
    if one.what == "cancelled_for":
        return _cancelled_for(one)
    return {
        "submitted": _("我们收到了您的申请"),
        "confirmed": _("核验了您本人，您看过每一项并确认"),
        "review_started": _("交给工作人员审核"),
        "asked": _("我们请您补充信息"),
        "unanswered": _("到期未收到补充，我们按现有信息审核"),
        "closed_unanswered": _("到期未收到补充，申请已关闭，没有删除任何信息"),
        "answered": _("您作了补充"),
        "message": _("您给我们留了言"),
        "reply": _("我们回复了您"),
        "approved": _("审核通过"),
        "partly_approved": _("审核部分通过"),
        "refused": _("审核没有通过，原因在决定书里"),
        "cooling_off": _("撤回期开始"),
        "execution_started": _("开始在各个系统里删除"),
        "checking_started": _("删完了，正在回查"),
        "completed": _("全部完成，并已回查确认"),
        "completed_with_holds": _("已删除并回查确认，一部分暂时保留"),
        "found_again": _("办完以后复查，又发现了记录，正在核对"),
        "finds_settled": _("复查发现的都核对完了"),
        "hold_released": _("保留的原因结束，又删除了一部分"),
        "frozen": _("有人说不是本人操作，申请已停住"),
        "unfrozen": _("重新核验了本人，解除停住"),
        "put_off": _("联系方式刚改过，执行时间推后"),
        "waived": _("您放弃了为您保留的权益"),
        "cancelled": _("申请已撤回，什么都没有删除"),
        "guardian_instead": _("您的监护人替您申请了，接替这个申请，什么都没有删除"),
    }.get(one.what, words(NAMES[one.state]))


def _cancelled_for(one: Happening) -> str:
    at_counter, by_telephone = (
        _("按您在门店的要求，替您撤回了申请，什么都没有删除"),
        _("按您在热线的要求，替您撤回了申请，什么都没有删除"),
    )
    return at_counter if one.details.get("channel") == Channel.COUNTER else by_telephone


def event_by(one: Happening) -> str:
    """Who did it: you, the privacy team, or the system; never a name."""
    return {"customer": _("您"), "staff": _("隐私部")}.get(one.actor.kind, _("系统"))
