"""The staff pages, put into the app: a module's views join the blueprint when it is imported."""

from flask import Flask

from privacy_center.web.staff import (  # noqa: F401
    access_review,
    account,
    anomalies,
    assist,
    assist_choices,
    assist_done,
    assist_requests,
    audit,
    certificate,
    confirm,
    data_map,
    decision,
    enrol_anew,
    extension,
    hand_over,
    hidden_looks,
    holds,
    identity_case_evidence,
    identity_cases,
    levels,
    login_records,
    messages,
    passkeys,
    people,
    people_apart,
    people_changes,
    permits,
    place_hold,
    placed_hold,
    pledge,
    questions,
    queue,
    records,
    redraft,
    request_page,
    reveal,
    rules,
    running,
    search,
    sign_in,
    stops,
    talk,
    totals,
    vault,
)
from privacy_center.web.staff.blueprint import staff
from privacy_center.web.staff.vocabulary import giver_words, name_words, period_words
from privacy_center.web.staff.who import staff_me, staff_rail, staff_start


def register_staff(app: Flask) -> None:
    """Add every staff page; each endpoint must also stand in `web/staff/access.py`."""
    app.jinja_env.filters["period_words"] = period_words
    app.jinja_env.filters["giver_words"] = giver_words
    app.jinja_env.filters["name_words"] = name_words
    app.context_processor(lambda: {"staff_me": staff_me, "staff_rail": staff_rail, "staff_start": staff_start})
    app.register_blueprint(staff)
