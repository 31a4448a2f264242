"""The customer is a child: whoever takes the deletion in reads it with the preview, and records the guardian who stands there."""

from dataclasses import dataclass

from flask import request
from flask_babel import gettext as _

from privacy_center import clock
from privacy_center.audit.append import record
from privacy_center.errors import Refusal
from privacy_center.people.age import AgeSign
from privacy_center.people.identity_cases.decide import DOCUMENTS
from privacy_center.plans.draft import DraftedPlan
from privacy_center.review.guardian import GUARDIAN_SEEN
from privacy_center.web.filters import words
from privacy_center.web.staff.assist_proof import COUNTER
from privacy_center.web.staff.assist_visit import Visit, keep_visit, ticket_of
from privacy_center.web.staff.who import actor
from privacy_center.web.units import transaction


@dataclass(frozen=True, slots=True)
class ToldOfAge:
    """`recordable`: the customer is at the counter, so a guardian can be; `seen`: by what document one was seen, in words."""

    title: str
    said: str
    recordable: bool
    seen: str
    documents: list[tuple[str, str]]


def told_of_age(visit: Visit, drafted: DraftedPlan) -> ToldOfAge | None:
    """What the plan noticed, without a date; nothing while nobody was verified, as what we hold is not told then."""
    if drafted.age is None or not visit.proven:
        return None
    under = drafted.age is AgeSign.UNDER_14
    title = _("按出生日期未满 14 岁：应由监护人申请。") if under else _("登记的出生日期互相矛盾，有的未满 14 岁。")
    seen = words(DOCUMENTS[visit.guardian]) if visit.guardian and visit.how == COUNTER else ""
    documents = [("", _("选一种")), *((key, words(said)) for key, said in DOCUMENTS.items())]
    return ToldOfAge(title, _what_to_do(visit, seen), visit.how == COUNTER, seen, documents)


def _what_to_do(visit: Visit, seen: str) -> str:
    if seen:
        return _("监护人在场，看过其证件原件（%(document)s），已经记下。审核时由两人看。", document=seen)
    if visit.how == COUNTER:
        return _(
            "监护人在场的，在下面记下。不在场的，请客户和监护人一起来，或由监护人在网上办：“替未满 14 岁的孩子办”。"
        )
    return _("请告诉来电的人：由监护人在网上“替未满 14 岁的孩子办”，或带证件到门店办。现在提交也会受理，由两人审核。")


def see_guardian(visit: Visit) -> None:
    """A guardian stands beside the child at the counter: the kind of their document is kept and on record, never its number.

    Refuses (409) on the telephone, (422) without the kind of document or the tick.
    """
    document = request.form.get("guardian_document", "")
    if visit.how != COUNTER:
        raise Refusal(
            "电话里看不到监护人的证件。请监护人到门店，或在网上办理。",
            "On the telephone no document of a guardian can be seen. Let the guardian come to a counter or apply on the website.",
        )
    if document not in DOCUMENTS:
        raise Refusal(
            "选一下看的是什么证件。", "Choose which document was seen.", status=422, field="guardian_document"
        )
    if request.form.get("guardian_seen") != "yes":
        raise Refusal(
            "看过监护人的证件原件和监护关系的材料，再勾选。没有材料，请监护人下次带来，或在网上办理。",
            "Tick this once you have seen the guardian's original document and what shows the relation. Without it, the guardian "
            "comes again with it, or applies on the website.",
            status=422,
            field="guardian_seen",
        )
    visit.guardian = document
    told = {**ticket_of(visit), "channel": visit.channel, "document": document}
    with transaction() as session:
        record(
            session, actor=actor(), act="customer.guardian_seen", subject=visit.subject, details=told, at=clock.now()
        )
    keep_visit(visit)


def with_guardian(visit: Visit, drafted: DraftedPlan, method: str) -> str:
    """By what the request was verified, and that a guardian of the child was seen beside."""
    told = told_of_age(visit, drafted)
    return f"{method}+{GUARDIAN_SEEN}" if told and told.seen else method
