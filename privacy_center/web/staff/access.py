"""The staff half of the access table: what each endpoint does with which class of data. Its roles follow from the permits."""

from privacy_center.people.staff.permits import Act, DataClass
from privacy_center.web.may import ANYONE, May, staff

_EVERYBODY = staff()
_LOOK = staff(Act.LOOK, DataClass.CASE)
_LOOK_AT_ALL = staff(Act.LOOK, DataClass.CASE, every=True)
_DECIDE = staff(Act.DECIDE, DataClass.CASE)
_HOLD = staff(Act.HOLD, DataClass.CASE)
_REVEAL = staff(Act.REVEAL, DataClass.GENERAL)
_VAULT = staff(Act.REVEAL, DataClass.RESTRICTED, sudo=True)
_ASSIGN = staff(Act.ASSIGN, DataClass.CASE)
_WRITE = staff(Act.WRITE, DataClass.GENERAL)
_ASSIST = staff(Act.ASSIST, DataClass.GENERAL)
_RUN = staff(Act.EXECUTE, DataClass.CASE, sudo=True)
_KEEP_RUNNING = staff(Act.EXECUTE, DataClass.HOUSE)
_RULES = staff(Act.READ_RULES, DataClass.HOUSE)
_FITNESS = staff(Act.ENTER_FITNESS, DataClass.HOUSE)
_ENTER = staff(Act.ENTER_FITNESS, DataClass.HOUSE, sudo=True)
_STAFF = staff(Act.MANAGE_STAFF, DataClass.HOUSE, sudo=True)
_REVIEWS = staff(Act.SIGN_REVIEW, DataClass.HOUSE)

STAFF_ACCESS: dict[str, May] = {
    "staff.sign_in": ANYONE,
    "staff.second_step": ANYONE,
    "staff.enrol": ANYONE,
    "staff.first_password": ANYONE,
    "staff.passkey_sign_in": ANYONE,
    "staff.leave": ANYONE,
    "staff.account": _EVERYBODY,
    "staff.revoke_login": _EVERYBODY,
    "staff.change_password": _EVERYBODY,
    "staff.declare_person": _EVERYBODY,
    "staff.new_codes": staff(sudo=True),
    "staff.new_passkey": staff(sudo=True),
    "staff.drop_passkey": staff(sudo=True),
    "staff.confirm": _EVERYBODY,
    "staff.pledge": _EVERYBODY,
    "staff.sign_own_pledge": _EVERYBODY,
    "staff.permits": _EVERYBODY,
    "staff.permits_people": staff(Act.READ_PERMITS, DataClass.HOUSE),
    "staff.people": _FITNESS,
    "staff.person": _FITNESS,
    "staff.add_training": _ENTER,
    "staff.set_dates": _ENTER,
    "staff.give_post": _STAFF,
    "staff.take_post": _STAFF,
    "staff.set_active": _STAFF,
    "staff.enrol_anew": _STAFF,
    "staff.end_logins": _STAFF,
    "staff.access_reviews": _REVIEWS,
    "staff.begin_review": staff(Act.SIGN_REVIEW, DataClass.HOUSE, sudo=True),
    "staff.access_review": _REVIEWS,
    "staff.sign_access_review": _REVIEWS,
    "staff.totals": staff(Act.LOOK, DataClass.TOTALS),
    "staff.queue": _LOOK,
    "staff.take": _DECIDE,
    "staff.hand_over": _ASSIGN,
    "staff.request_page": _LOOK,
    "staff.item": _DECIDE,
    "staff.decide_records": _DECIDE,
    "staff.people_apart": _DECIDE,
    "staff.tell_people_apart": _DECIDE,
    "staff.reveal": _REVEAL,
    "staff.reveal_contacts": _REVEAL,
    "staff.vault": _VAULT,
    "staff.answer_vault": _VAULT,
    "staff.read_vault": _VAULT,
    "staff.search": staff(Act.SEARCH, DataClass.GENERAL),
    "staff.assist_verify": _ASSIST,
    "staff.assist_what": _ASSIST,
    "staff.assist_preview": _ASSIST,
    "staff.assist_paper": _ASSIST,
    "staff.assist_choices": _ASSIST,
    "staff.assist_confirm": _ASSIST,
    "staff.assist_done": _ASSIST,
    "staff.assist_receipt": _ASSIST,
    "staff.assist_requests": _ASSIST,
    "staff.assist_cancel": _ASSIST,
    "staff.decision": _DECIDE,
    "staff.redraft": _DECIDE,
    "staff.keep_redraft": _DECIDE,
    "staff.extension": _DECIDE,
    "staff.extend": _DECIDE,
    "staff.certificate": _LOOK_AT_ALL,
    "staff.second_person": staff(Act.CONFIRM, DataClass.CASE),
    "staff.say": _WRITE,
    "staff.note": _WRITE,
    "staff.identity_cases": _ASSIST,
    "staff.take_at_counter": _ASSIST,
    "staff.identity_case": _ASSIST,
    "staff.verify_case": _ASSIST,
    "staff.look_at_evidence": _DECIDE,
    "staff.evidence_picture": _DECIDE,
    "staff.decide_case": _DECIDE,
    "staff.confirm_case": staff(Act.CONFIRM, DataClass.CASE),
    "staff.stop": _DECIDE,
    "staff.lift_stop": _DECIDE,
    "staff.retry": _RUN,
    "staff.explain_hit": _RUN,
    "staff.holds": _LOOK_AT_ALL,
    "staff.placed_hold": _LOOK_AT_ALL,
    "staff.place_hold_form": _HOLD,
    "staff.place_hold": _HOLD,
    "staff.end_placed_hold": _HOLD,
    "staff.confirm_placed_end": _HOLD,
    "staff.review_placed_hold": _HOLD,
    "staff.give_placed_hold": _HOLD,
    "staff.check_release": _RUN,
    "staff.rules": _RULES,
    "staff.levels": _RULES,
    "staff.map": _RULES,
    "staff.messages": _KEEP_RUNNING,
    "staff.resend": _KEEP_RUNNING,
    "staff.audit": staff(Act.READ_RECORD, DataClass.CASE),
    "staff.anomalies_page": staff(Act.READ_RECORD, DataClass.CASE),
    "staff.anomaly": staff(Act.READ_RECORD, DataClass.CASE),
    "staff.settle_anomaly": staff(Act.SETTLE, DataClass.CASE),
    "staff.look_questions": staff(Act.ANSWER_LOOKS, DataClass.CASE),
    "staff.look_question": staff(Act.ANSWER_LOOKS, DataClass.CASE),
    "staff.answer_question": staff(Act.ANSWER_LOOKS, DataClass.CASE),
    "staff.hidden_looks": staff(Act.HIDE_LOOKS, DataClass.CASE),
    "staff.hide_look": staff(Act.HIDE_LOOKS, DataClass.CASE),
    "staff.lift_hidden": staff(Act.HIDE_LOOKS, DataClass.CASE),
    "staff.hiding_asked": staff(Act.AGREE_HIDING, DataClass.CASE),
    "staff.answer_hiding": staff(Act.AGREE_HIDING, DataClass.CASE),
    "staff.audit_verify": staff(Act.VERIFY_RECORD, DataClass.CASE),
}
