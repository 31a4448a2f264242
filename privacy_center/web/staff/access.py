"""The staff half of the access table: every staff endpoint and the roles that may open it."""

from privacy_center.people.staff.models import Role
from privacy_center.web.may import ANYONE, May, staff

_REVIEW = (Role.REVIEWER, Role.SENIOR_REVIEWER, Role.PRIVACY_OFFICER)
_LOOK = (*_REVIEW, Role.OPERATOR)
_EVERYBODY = staff()

STAFF_ACCESS: dict[str, May] = {
    "staff.sign_in": ANYONE,
    "staff.second_step": ANYONE,
    "staff.enrol": ANYONE,
    "staff.leave": ANYONE,
    "staff.account": _EVERYBODY,
    "staff.revoke_login": _EVERYBODY,
    "staff.change_password": _EVERYBODY,
    "staff.queue": staff(*_LOOK, Role.AUDITOR),
    "staff.take": staff(*_REVIEW),
    "staff.request_page": staff(*_LOOK, Role.AUDITOR),
    "staff.sample": staff(*_REVIEW),
    "staff.decision": staff(*_REVIEW),
    "staff.redraft": staff(*_REVIEW),
    "staff.keep_redraft": staff(*_REVIEW),
    "staff.extension": staff(*_REVIEW),
    "staff.extend": staff(*_REVIEW),
    "staff.certificate": staff(*_LOOK, Role.AUDITOR),
    "staff.second_person": staff(Role.SENIOR_REVIEWER, Role.PRIVACY_OFFICER),
    "staff.say": staff(*_REVIEW),
    "staff.note": staff(*_REVIEW),
    "staff.retry": staff(Role.OPERATOR, Role.PRIVACY_OFFICER),
    "staff.explain_hit": staff(Role.OPERATOR, Role.PRIVACY_OFFICER),
    "staff.holds": staff(*_LOOK, Role.AUDITOR),
    "staff.check_release": staff(Role.OPERATOR, Role.PRIVACY_OFFICER),
    "staff.rules": staff(*_LOOK, Role.AUDITOR),
    "staff.map": staff(*_LOOK, Role.AUDITOR),
    "staff.messages": staff(Role.OPERATOR, Role.PRIVACY_OFFICER),
    "staff.resend": staff(Role.OPERATOR, Role.PRIVACY_OFFICER),
    "staff.audit": staff(Role.AUDITOR, Role.PRIVACY_OFFICER),
    "staff.audit_verify": staff(Role.AUDITOR, Role.PRIVACY_OFFICER),
}
