"""The one table of what each role may do with which class of data on which case. What is not in it is not permitted.

Least privilege bound to the post (GB/T 35273-2020, 7.1; PIPL Art. 51). The access table of the staff pages, the masks and
the printed list of who may see what are all read from here.
"""

import enum
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from privacy_center.people.staff.roles import Role


class DataClass(enum.StrEnum):
    """Classes of what staff pages show, from harmless to guarded."""

    HOUSE = "house"  # rules, map, state of the system, who works here: nothing of any customer
    TOTALS = "totals"  # counted, small cells hidden
    CASE = "case"  # a case without personal data: reference, state, deadline, counts, what was carried out
    GENERAL = "general"  # personal data that is not sensitive
    SENSITIVE = "sensitive"  # sensitive personal data by law or by the company's classes
    FINANCIAL = "financial"  # bank cards, accounts, payments
    SECURITY = "security"  # logins, devices, credentials
    RESTRICTED = "restricted"  # values held by a rule after erasure, sealed in the vault


OF_CASES = frozenset(DataClass) - {DataClass.HOUSE, DataClass.TOTALS}


class Act(enum.StrEnum):
    """What is done. To look is to see masked values; to reveal is to see one of them whole."""

    LOOK = "look"
    REVEAL = "reveal"
    SEARCH = "search"
    ASSIST = "assist"
    WRITE = "write"
    DECIDE = "decide"
    CONFIRM = "confirm"
    HOLD = "hold"
    ASSIGN = "assign"
    EXECUTE = "execute"
    SETTLE = "settle"
    READ_RULES = "read_rules"
    CHANGE_RULES = "change_rules"
    READ_RECORD = "read_record"
    VERIFY_RECORD = "verify_record"
    ANSWER_LOOKS = "answer_looks"
    HIDE_LOOKS = "hide_looks"
    AGREE_HIDING = "agree_hiding"
    READ_PERMITS = "read_permits"
    ENTER_FITNESS = "enter_fitness"
    MANAGE_STAFF = "manage_staff"
    SIGN_REVIEW = "sign_review"


class Scope(enum.StrEnum):
    """On which cases. `ASSIGNED`: given to the member by name; `OPENED_BY_ME`: taken in by the member."""

    ANY = "any"
    ASSIGNED = "assigned"
    OPENED_BY_ME = "opened_by_me"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Permit:
    """A permission that holds, and what it asks for: a written reason, a second person."""

    scope: Scope
    needs_reason: bool = False
    needs_second: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table: these acts on these classes, for the cases in scope."""

    acts: frozenset[Act]
    classes: frozenset[DataClass]
    permit: Permit


class Holder(Protocol):
    """Whoever holds roles: a member of staff."""

    roles: Collection[str]
    active: bool


_C, _A = DataClass, Act


def _line(acts: Collection[Act], classes: Collection[DataClass], scope: Scope = Scope.ANY, **asks: bool) -> Line:
    return Line(frozenset(acts), frozenset(classes), Permit(scope, **asks))


_RULES = _line([_A.READ_RULES], [_C.HOUSE])
_PEOPLE = _line([_A.READ_PERMITS], [_C.HOUSE])
_SEE_ANY = _line([_A.LOOK], [_C.CASE, _C.GENERAL, _C.SENSITIVE, _C.FINANCIAL])
_HANDLE = _line([_A.SEARCH, _A.WRITE, _A.DECIDE, _A.HOLD, _A.ASSIST], [_C.CASE, _C.GENERAL])
_GENERAL = _line([_A.REVEAL], [_C.GENERAL], needs_reason=True)
_VAULT = _line([_A.REVEAL], [_C.RESTRICTED], needs_reason=True, needs_second=True)
_RECORD = _line([_A.READ_RECORD, _A.VERIFY_RECORD], [_C.CASE])
_STAFF = _line([_A.MANAGE_STAFF, _A.ENTER_FITNESS, _A.SIGN_REVIEW, _A.READ_PERMITS], [_C.HOUSE])
_SEALED_VALUES = [_C.SENSITIVE, _C.FINANCIAL]

PERMITS: Mapping[Role, tuple[Line, ...]] = {
    Role.AGENT: (
        _line([_A.LOOK, _A.SEARCH, _A.ASSIST], [_C.CASE, _C.GENERAL], Scope.OPENED_BY_ME),
    ),
    Role.COMPLAINT_SPECIALIST: (
        _line([_A.LOOK, _A.SEARCH, _A.WRITE], [_C.CASE, _C.GENERAL], Scope.ASSIGNED),
        _line([_A.REVEAL], [_C.GENERAL], Scope.ASSIGNED, needs_reason=True),
    ),
    Role.REVIEWER: (
        _RULES, _SEE_ANY, _HANDLE, _GENERAL,
        _line([_A.REVEAL], _SEALED_VALUES, Scope.ASSIGNED, needs_reason=True),
    ),
    Role.SENIOR_REVIEWER: (
        _RULES, _SEE_ANY, _HANDLE, _GENERAL, _VAULT,
        _line([_A.CONFIRM, _A.ASSIGN], [_C.CASE, _C.GENERAL]),
        _line([_A.REVEAL], _SEALED_VALUES, needs_reason=True),
    ),
    Role.PRIVACY_OFFICER: (
        _line([_A.ANSWER_LOOKS], [_C.CASE]),
        _line([_A.HIDE_LOOKS], [_C.CASE], needs_reason=True, needs_second=True),
        _RULES, _SEE_ANY, _HANDLE, _GENERAL, _VAULT, _RECORD, _STAFF,
        _line([_A.CONFIRM, _A.ASSIGN, _A.EXECUTE], [_C.CASE, _C.GENERAL]),
        _line([_A.EXECUTE], [_C.HOUSE]),
        _line([_A.REVEAL], _SEALED_VALUES, needs_reason=True),
        _line([_A.LOOK], [_C.TOTALS]),
    ),
    Role.SECURITY_OFFICER: (
        _PEOPLE, _RECORD,
        _line([_A.LOOK, _A.SEARCH], [_C.SECURITY]),
        _line([_A.REVEAL], [_C.SECURITY], needs_reason=True),
        _line([_A.SETTLE], [_C.CASE, _C.SECURITY]),
        _line([_A.AGREE_HIDING], [_C.CASE]),
    ),
    Role.MANAGER: (_STAFF, _line([_A.LOOK], [_C.TOTALS])),
    Role.AUDITOR: (
        _RULES, _PEOPLE, _RECORD,
        _line([_A.LOOK], [_C.TOTALS, _C.CASE, _C.GENERAL]),
    ),
    Role.STEWARD: (_RULES, _PEOPLE, _line([_A.CHANGE_RULES, _A.ENTER_FITNESS], [_C.HOUSE])),
    Role.OPERATOR: (_RULES, _line([_A.LOOK, _A.EXECUTE], [_C.CASE]), _line([_A.EXECUTE], [_C.HOUSE])),
}  # fmt: skip


def permit(
    staff: Holder, act: Act, data_class: DataClass, *, assigned: bool = False, opened: bool = False
) -> Permit | None:
    """What permits a member this act on data of this class, or None where nothing does.

    `assigned`: the case is given to them; `opened`: they took it in. With several roles the permission counts that asks
    for least. Conflicts of interest and missing training are asked elsewhere (`conflict.py`, `fit.py`).
    """
    if not staff.active:
        return None
    covered = {Scope.ANY: True, Scope.ASSIGNED: assigned, Scope.OPENED_BY_ME: opened, Scope.NONE: False}
    found = [one for one in permits_of(staff.roles, act, data_class) if covered[one.scope]]
    return min(found, key=lambda one: (one.needs_second, one.needs_reason), default=None)


def permits_of(roles: Collection[str], act: Act, data_class: DataClass) -> Iterator[Permit]:
    """Every permission that these roles give for an act on a class, whatever its scope."""
    for role, lines in PERMITS.items():
        if role.value in roles:
            yield from (one.permit for one in lines if act in one.acts and data_class in one.classes)


def roles_that_may(act: Act, data_class: DataClass, scopes: Collection[Scope] = tuple(Scope)) -> frozenset[Role]:
    """The roles that may do this on at least one case of these scopes."""
    return frozenset(role for role in Role if any(one.scope in scopes for one in permits_of([role], act, data_class)))


def sees_all_cases(staff: Holder, data_class: DataClass = DataClass.CASE) -> bool:
    """Whether a member may look through every case, and not only at those given to them or opened by them."""
    return any(one.scope is Scope.ANY for one in permits_of(staff.roles, Act.LOOK, data_class))


FINANCIAL = ("user.financial", "user.payment")
SECURITY = ("user.device", "user.telemetry", "user.authorization", "system.authentication")


def class_of(category: str, *, sensitive: bool) -> DataClass:
    """The class of a data category. `sensitive`: what the catalogue says of it (`CategoryWords.sensitive`).

    Money comes first, then logins and devices, so that neither is shown to whoever may see sensitive data in general.
    """
    for data_class, roots in ((DataClass.FINANCIAL, FINANCIAL), (DataClass.SECURITY, SECURITY)):
        if any(category == root or category.startswith(f"{root}.") for root in roots):
            return data_class
    return DataClass.SENSITIVE if sensitive else DataClass.GENERAL
