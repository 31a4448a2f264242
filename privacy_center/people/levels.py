"""How sure we must be of who is there, for each thing a customer can do. One table; staff read it on a page.

V0 nobody proven; V1 one proof (a code to a contact on file, the password, the company's own account); V2 two proofs that
do not depend on each other, or a passkey, which is two in one; V3 the original document at a counter, or V2 and 72 hours
with notices. The table follows EDPB Guidelines 01/2022, para 69: by kind of data, request, and damage of a mistake.
"""

import enum
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from privacy_center.errors import Misconfigured, Words
from privacy_center.people.models import Level
from privacy_center.people.risk import Signal, signals_of

WAIT = timedelta(hours=72)


class Action(enum.StrEnum):
    """What a customer can do here."""

    SEE_NOTICES = "see_notices"
    TRACK = "track"
    SEE_DATA = "see_data"
    REVEAL = "reveal"
    CHANGE_CONTACT = "change_contact"
    DELETE_SOME = "delete_some"
    DELETE_ALL = "delete_all"
    MANAGE_WAYS = "manage_ways"
    ACT_FOR_MINOR = "act_for_minor"
    ACT_AS_AGENT = "act_as_agent"
    DECEASED = "deceased"


@dataclass(frozen=True, slots=True)
class Needed:
    """What one action needs. `fresh`: a proof for this very thing in the last five minutes; signing in is none.

    `both_channels`: the old and the new contact must answer; `wait`: how long nothing is handed out or carried out;
    `or_wait`: who has no way to the level may wait that long instead, with notices to every contact on file (None: not
    possible, only another channel, the counter or the hotline helps). `as_request`: that wait is made by the request itself,
    which is taken in at once. `signals`: why the level is one higher than usual.
    """

    level: Level
    words: Words
    fresh: bool = False
    both_channels: bool = False
    wait: timedelta = timedelta()
    or_wait: timedelta | None = None
    as_request: bool = False
    signals: tuple[Signal, ...] = ()


NEEDED: Mapping[Action, Needed] = {
    Action.SEE_NOTICES: Needed(Level.V0, Words("看隐私政策和保存期限", "Read notices and retention periods")),
    Action.TRACK: Needed(Level.V1, Words("看申请进度", "Follow a request"), or_wait=WAIT),
    Action.SEE_DATA: Needed(Level.V1, Words("看遮盖后的信息", "See information, masked"), or_wait=WAIT),
    # who has not reached these two sees less: kinds and counts, state and dates (`web/customer/sight.py`)
    Action.REVEAL: Needed(
        Level.V2, Words("看完整的敏感信息", "See sensitive information in full"), fresh=True, or_wait=WAIT
    ),
    Action.CHANGE_CONTACT: Needed(
        Level.V2,
        Words("改登记的手机号或邮箱", "Change the phone or e-mail on file"),
        fresh=True,
        both_channels=True,
        wait=WAIT,
        or_wait=WAIT,
        as_request=True,
    ),  # the 72 hours in which the old contact can undo it are the wait
    Action.DELETE_SOME: Needed(
        Level.V1, Words("删除几类信息", "Delete some kinds of information"), fresh=True, or_wait=WAIT, as_request=True
    ),
    Action.DELETE_ALL: Needed(
        Level.V2, Words("删除全部信息或注销", "Delete everything"), fresh=True, or_wait=WAIT, as_request=True
    ),
    Action.MANAGE_WAYS: Needed(
        Level.V2, Words("设置密码、通行密钥", "Set a password or a passkey"), fresh=True, or_wait=WAIT, as_request=True
    ),  # who has one proof only may set the second at once; it counts after 72 hours (`step_up.counts_from`)
    Action.ACT_FOR_MINOR: Needed(Level.V2, Words("替未成年人办理", "Act for a minor"), fresh=True),
    Action.ACT_AS_AGENT: Needed(Level.V1, Words("受委托代办", "Act as an agent")),
    Action.DECEASED: Needed(Level.V3, Words("办理逝者的信息", "Handle a deceased relative's information")),
}

LEVEL_WORDS: Mapping[Level, Words] = {
    Level.V0: Words("不核验", "No proof"),
    Level.V1: Words(
        "一种证明：发到登记联系方式的验证码、密码，或公司账号登录",
        "One proof: a code to a contact on file, the password, or the company's own account",
    ),
    Level.V2: Words(
        "两种互不依赖的证明，或者一个通行密钥",
        "Two proofs that do not depend on each other, or a passkey",
    ),
    Level.V3: Words(
        "柜台当面核对证件原件；或 V2 再等 72 小时并通知全部联系方式",
        "The original document seen at a counter; or V2 and 72 hours with notices to every contact",
    ),
}

PROOF_FOR: Mapping[Action, str] = {
    Action.TRACK: "track",
    Action.SEE_DATA: "see_data",
    Action.REVEAL: "reveal",
    Action.CHANGE_CONTACT: "change_contact",
    Action.DELETE_SOME: "delete",
    Action.DELETE_ALL: "delete",
    Action.MANAGE_WAYS: "manage_ways",
    Action.ACT_FOR_MINOR: "act_for_minor",
}
"""What a code for the action is asked for; its words stand in the message (`outbox.words.ACTIONS`)."""


def needed_for(
    session: Session, person: uuid.UUID, action: Action, at: datetime, signals: tuple[Signal, ...] | None = None
) -> Needed:
    """What this person needs for the action now: the table with the company's own settings, one level higher on risk.

    `signals`: those already known to the caller (a search in the company's databases may have found more); else they are
    asked for. Actions that need no proof are never made harder, and V3 is the highest.
    """
    usual = needed_here(session, action)
    if usual.level is Level.V0:
        return usual
    found = tuple(signals_of(session, person, at)) if signals is None else signals
    return replace(usual, level=one_higher(usual.level), signals=found) if found else usual


def needed_here(session: Session, action: Action) -> Needed:
    """The table's line with this company's `[levels]`, which may only raise."""
    raised: Mapping[str, str] = session.info.get("levels") or {}
    return raised_by(NEEDED[action], raised.get(action.value))


def raised_by(needed: Needed, level: str | None) -> Needed:
    """The same line at the given level, if that is higher."""
    return replace(needed, level=Level(level)) if level and Level(level) > needed.level else needed


def check_levels(levels: Mapping[str, str]) -> Mapping[str, str]:
    """`[levels]` as it may be: refuses (Misconfigured) an action that does not exist, and a level below the table's."""
    for name, level in levels.items():
        if name not in list(Action):
            known = ", ".join(Action)
            raise Misconfigured(
                f"settings.toml 的 [levels]：没有 {name}。可以写的是：{known}",
                f"[levels] in settings.toml: there is no {name}. You may write: {known}",
            )
        least = NEEDED[Action(name)].level
        if level < least:
            raise Misconfigured(
                f"settings.toml 的 [levels]：{name} 不能低于 {least}，只能调高。",
                f"[levels] in settings.toml: {name} may not be lower than {least}; levels can only be raised.",
            )
    return levels


def one_higher(level: Level) -> Level:
    """The next level; V3 stays."""
    order = list(Level)
    return order[min(order.index(level) + 1, len(order) - 1)]
