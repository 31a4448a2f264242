"""One customer's login and device records, for the security officer: found by two exact identifiers, with a ticket and a
purpose; masked, newest first; every page and every value seen whole is in the record, for the customer to see.
"""

from flask import Response, request, url_for
from flask_babel import gettext as _

from privacy_center.access.dated_records import DatedRecord, dated_records
from privacy_center.access.show import said_of
from privacy_center.access.whole import whole_values
from privacy_center.audit.purposes import PURPOSES_TO_STAFF
from privacy_center.errors import Refusal
from privacy_center.web.filters import words, words_by_field
from privacy_center.web.page import go, page
from privacy_center.web.staff.blueprint import staff
from privacy_center.web.staff.find_customer import kind_choices, look_up, purpose_choices, ticket, wrong_in_form
from privacy_center.web.staff.login_lookup import (
    LoginLookup,
    begin_lookup,
    locate_records,
    lookup_of,
    note_login_look,
)
from privacy_center.web.staff.pages import Pages, read_page
from privacy_center.web.staff.reveal import LONGEST, Asked
from privacy_center.web.staff.shown_logins import ShownLogin, login_categories, login_fields, show_logins, sign_of
from privacy_center.web.units import center

PURPOSES = ("account.security", "security.incident", "fraud.prevention", "anomaly.check", "legal.duty")


@staff.route("/login-records", methods=["GET", "POST"])
def login_records() -> Response:
    """The form; whoever is found is shown on a page of their own."""
    if request.method == "GET":
        return _form()
    if wrong := wrong_in_form(PURPOSES):
        return _form(errors=wrong, status=422)
    try:
        found = look_up(beyond_known=True)
    except Refusal as refusal:
        if refusal.status not in (422, 429, 503):
            raise
        return _form(errors=words_by_field(refusal), status=refusal.status)
    if found is None:
        return _form(searched=True)
    person = found.person.id if found.person else None
    key = begin_lookup(person, [] if person else found.identifiers, ticket(), request.form["purpose"])
    return go(url_for("staff.login_records_of", key=key))


@staff.get("/login-records/<key>")
def login_records_of(key: str) -> Response:
    """The records, 25 a page, masked. Refuses (404) a look that is over, (403) a conflict of interest."""
    lookup, fields = lookup_of(key), login_fields()
    house = center()
    every = dated_records(house.sources, locate_records(lookup), fields, house.settings.timezone)
    cut = Pages(read_page(request.args.get("page", "")), len(every.records))
    records = show_logins(every.records[cut.skip : cut.skip + cut.size], fields)
    _note(lookup, records, fields, cut.page)
    return page(
        "staff/login_records_of.html",
        lookup=lookup,
        purpose=words(PURPOSES_TO_STAFF[lookup.purpose]),
        records=records,
        first=cut.skip + 1,
        silent=[house.catalogue.collection(one).title for one in every.silent],
        pages=cut.told(lambda number: url_for("staff.login_records_of", key=key, page=number)),
    )


@staff.route("/login-records/<key>/<record>/reveal/<path:field>", methods=["GET", "POST"])
def reveal_login_value(key: str, record: str, field: str) -> Response:
    """One value whole, with a reason. Refuses (404) a record or field that is not there or is no login data."""
    lookup, fields = lookup_of(key), login_fields()
    found = _record(lookup, fields, record)
    if field not in fields[found.collection]:
        raise Refusal("这里没有这一项内容。", "There is no such field here.", status=404)
    house = center()
    collection, told = house.data_map.collections[found.collection], house.catalogue.collection(found.collection)
    categories = said_of(collection.fields[field], collection)
    title = words(told.fields.get(field, house.catalogue.category(categories[0]).title))
    back = url_for("staff.login_records_of", key=key)
    about = Asked(_("登录与设备"), _("%(what)s：%(field)s", what=words(told.title), field=title), back)
    errors = _wrong_reason() if request.method == "POST" else {}
    if request.method == "GET" or errors:
        return _reveal_page(about, errors)
    values = whole_values(house.sources, house.catalogue, collection, found.key_fields, [found.key], field)
    code, text = request.form["reason"], request.form.get("text", "").strip()
    shown = {field: [masked for _whole, masked in values], **({"why": text} if text else {})}
    note_login_look(lookup, "data.reveal", data=categories, shown=shown, more={"reason": code})
    return _reveal_page(about, {}, [("", whole) for whole, _masked in values])


def _reasons() -> list[tuple[str, str]]:
    return [
        ("", _("选择理由")),
        ("trace", _("要确认是哪台设备、从哪里登录")),
        ("block", _("要停用一台设备或拦截一个地址")),
        ("compare", _("要与别的安全记录核对")),
        ("report", _("主管机关依法要求")),
        ("other", _("其他，写明原因")),
    ]


def _wrong_reason() -> dict[str, str]:
    wrong, text = {}, request.form.get("text", "").strip()
    if request.form.get("reason") not in {code for code, _words in _reasons() if code}:
        wrong["reason"] = _("选择理由。客户能看到有人完整查看过。")
    if len(text) > LONGEST or (request.form.get("reason") == "other" and not text):
        wrong["text"] = _("写明原因，最多 300 字。")
    return wrong


def _record(lookup: LoginLookup, fields: dict[str, list[str]], sign: str) -> DatedRecord:
    every = dated_records(center().sources, locate_records(lookup), fields, center().settings.timezone)
    found = next((one for one in every.records if sign_of(one) == sign), None)
    if found is None:
        raise Refusal(
            "没有这条记录，或业务系统里已经删除。请返回列表。",
            "There is no such record, or it is not in the company's system any more. Go back to the list.",
            status=404,
        )
    return found


def _note(lookup: LoginLookup, records: list[ShownLogin], fields: dict[str, list[str]], number: int) -> None:
    """A page into the record; where nothing is shown, that it was looked whether there is anything."""
    shown = {
        f"{place}.{value.path}": str(value.samples[0]) for place, one in enumerate(records, 1) for value in one.values
    }
    data = {category for one in records for value in one.values for category in value.categories}
    counted = set() if data else login_categories(fields)
    more = {"rows": len(records), "part": number}
    note_login_look(lookup, "data.look", data=data, counts_of=counted, shown=shown or None, more=more)


def _form(*, searched: bool = False, errors: dict[str, str] | None = None, status: int = 200) -> Response:
    return page(
        "staff/login_records.html",
        kinds=kind_choices(),
        purposes=purpose_choices(PURPOSES),
        typed=request.form,
        searched=searched,
        errors=errors or {},
        status=status,
    )


def _reveal_page(about: Asked, errors: dict[str, str], values: list[tuple[str, str]] | None = None) -> Response:
    return page(
        "staff/reveal.html",
        about=about,
        back=about.back,
        reasons=_reasons(),
        typed=request.form,
        values=values,
        errors=errors,
        status=422 if errors else 200,
    )
