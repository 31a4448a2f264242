"""One value seen whole: for one case, with a reason, written into the record; on the next page it is hidden again."""

from dataclasses import dataclass

from flask import Response, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from privacy_center.access.show import said_of
from privacy_center.access.whole import category_of_field, whole_values
from privacy_center.datamap.display import mask_for_display
from privacy_center.datamap.graph import Collection
from privacy_center.errors import Refusal, Words
from privacy_center.plans.freeze import current_plan, items_of, keys_in
from privacy_center.plans.models import PlanItem
from privacy_center.privacy_requests.models import PrivacyRequest
from privacy_center.privacy_requests.queries import identities_in, request_by_reference
from privacy_center.sources.rows import Key, Ownership
from privacy_center.web.filters import words
from privacy_center.web.page import page
from privacy_center.web.staff.blueprint import staff
from privacy_center.web.staff.looked import note_look
from privacy_center.web.staff.masking import check_may_reveal
from privacy_center.web.staff.shown_request import MASKS, identity_words
from privacy_center.web.units import center, reading, transaction

LONGEST = 300
CONTACT = "user.contact"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be seen whole: of which request, what it is called, and where the page leads back to."""

    reference: str
    title: str
    back: str


def reasons() -> list[tuple[str, str]]:
    """The grounds on which a value may be seen whole; which one was given stands in the record."""
    return [
        ("", _("选择理由")),
        ("decide", _("不看全文就不能作决定")),
        ("reach", _("要联系客户本人")),
        ("mismatch", _("两处记录对不上，要核对")),
        ("dispute", _("处理争议或投诉需要")),
        ("other", _("其他，写明原因")),
    ]


@staff.route("/requests/<reference>/items/<int:position>/reveal/<path:field>", methods=["GET", "POST"])
def reveal(reference: str, position: int, field: str) -> Response:
    """One field of one line of the plan. Refuses (404) a line that is not there, (403) a post that may not."""
    with reading() as session:
        asked = request_by_reference(session, reference)
        item = _item(session, asked, position)
        keys = _chosen_keys(keys_in(session, item), request.values.get("record", ""))
    collection = center().data_map.collections[item.collection]
    category = category_of_field(center().catalogue, collection, field)
    check_may_reveal(asked, said_of(collection.fields[field], collection))
    about = Asked(reference, _titled(collection, field, category.title), f"item-{position}")
    errors = _wrong() if request.method == "POST" else {}
    if request.method == "GET" or errors:
        return _reveal_page(about, errors)
    house = center()
    values = whole_values(house.sources, house.catalogue, collection, tuple(item.key_fields), keys, field)
    _note(reference, [category.key], {field: [masked for _, masked in values]})
    return _reveal_page(about, {}, [("", whole) for whole, _ in values])


@staff.route("/requests/<reference>/contacts/reveal", methods=["GET", "POST"])
def reveal_contacts(reference: str) -> Response:
    """The contacts that the customer has proven, whole: to reach them."""
    with reading() as session:
        asked = request_by_reference(session, reference)
        identities = identities_in(session, asked)
    check_may_reveal(asked, [CONTACT])
    about = Asked(reference, _("已证明的联系方式"), "identity")
    errors = _wrong() if request.method == "POST" else {}
    if request.method == "GET" or errors:
        return _reveal_page(about, errors)
    told = [(kind, value) for kind, values in identities.items() for value in values]
    _note(reference, [CONTACT], {kind: mask_for_display(value, MASKS.get(kind, "text")) for kind, value in told})
    return _reveal_page(about, {}, [(identity_words(kind), value) for kind, value in told])


def _chosen_keys(keys: list[Key], record: str) -> list[Key]:
    """The keys of the records to show: of one record (its number in the item, from 1), or of all."""
    if not record:
        return keys
    number = int(record) if record.isascii() and record.isdigit() and len(record) < 10 else 0
    if not 0 < number <= len(keys):
        raise Refusal("方案里没有这条记录。", "The plan has no such record.", status=404)
    return [keys[number - 1]]


def _item(session: Session, asked: PrivacyRequest, position: int) -> PlanItem:
    plan = current_plan(session, asked.id)
    item = next((one for one in items_of(session, plan.id) if one.position == position), None) if plan else None
    if item is None or item.ownership is Ownership.THIRD_PARTY:
        raise Refusal("方案里没有这一项。", "The plan has no such item.", status=404)
    return item


def _titled(collection: Collection, field: str, title: Words) -> str:
    told = center().catalogue.collection(collection.key)
    return _("%(what)s：%(field)s", what=words(told.title), field=words(told.fields.get(field, title)))


def _wrong() -> dict[str, str]:
    form, wrong = request.form, {}
    known = {code for code, _words in reasons() if code}
    if form.get("reason") not in known:
        wrong["reason"] = _("选择理由。客户能看到有人完整查看过。")
    text = form.get("text", "").strip()
    if len(text) > LONGEST or (form.get("reason") == "other" and not text):
        wrong["text"] = _("写明原因，最多 300 字。")
    return wrong


def _note(reference: str, data: list[str], shown: dict[str, object]) -> None:
    """Into the record before the value leaves the house."""
    with transaction() as session:
        asked = request_by_reference(session, reference)
        code, text = request.form["reason"], request.form.get("text", "").strip()
        told = {**shown, "why": text} if text else shown
        note_look(session, asked, "reveal", data=data, shown=told, act="data.reveal", more={"reason": code})


def _reveal_page(about: Asked, errors: dict[str, str], values: list[tuple[str, str]] | None = None) -> Response:
    return page(
        "staff/reveal.html",
        about=about,
        back=url_for("staff.request_page", reference=about.reference) + f"#{about.back}",
        reasons=reasons(),
        typed=request.form,
        values=values,
        errors=errors,
        status=422 if errors else 200,
    )
