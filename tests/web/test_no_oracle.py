"""Nobody can tell from a public form whether we know somebody: same bytes, same headers, same cookies, same work."""

import pytest

from privacy_center import clock
from privacy_center.config import Orders
from privacy_center.people.identity import find_person
from privacy_center.people.models import Level
from privacy_center.people.password import set_password
from privacy_center.web.access import PUBLIC_ACCESS
from privacy_center.web.may import ANYONE
from privacy_center.web.staff.access import STAFF_ACCESS
from tests.web.customer_room import CustomerRoom
from tests.web.no_oracle import Form, visit
from tests.web.staff_room import BY_KEY, REVIEWER

EMAIL, PHONE = BY_KEY["open-case"].email, BY_KEY["open-case"].phone
NO_EMAIL = EMAIL[:2] + ("x" if EMAIL[2] != "x" else "y") + EMAIL[3:]
NO_PHONE = PHONE[:5] + str((int(PHONE[5]) + 1) % 10) + PHONE[6:]
PASSWORD = "correct horse battery staple"
CODE = (
    ("/sign-in", {}),
    ("/sign-in", {"contact": "{who}"}),
    ("/sign-in/code", {}),
    ("/sign-in/code", {"code": "123 456"}),
)
BY_PASSWORD = (("/sign-in/password", {}), ("/sign-in/password", {"contact": "{who}", "password": "not this one, no"}))
BY_ORDER = (
    ("/sign-in/order", {}),
    ("/sign-in/order", {"order": "QH20260001", "contact": "{who}"}),
    ("/sign-in/code", {}),
    ("/sign-in/code", {"code": "123456"}),
)
ORDERS = (*BY_ORDER[:1], ("/sign-in/order", {"order": "{who}", "contact": EMAIL}), *BY_ORDER[2:])
HELP = (
    ("/help/lost-number", {}),
    ("/help/lost-number", {"contact": "{who}"}),
    ("/help/lost-number/code", {}),
    ("/help/lost-number/code", {"code": "123456"}),
)
STAFF = (("/staff/sign-in", {}), ("/staff/sign-in", {"number": "{who}", "password": "not this one, no"}))
AGAIN = (*CODE[:3], ("/sign-in/code/again", {"by": "text"}))

FORMS = [
    Form("a code by e-mail", EMAIL, NO_EMAIL, CODE),
    Form("a code by text message", PHONE, NO_PHONE, CODE),
    Form("the code once more", PHONE, NO_PHONE, AGAIN),
    Form("password, by e-mail", EMAIL, NO_EMAIL, BY_PASSWORD),
    Form("password, by phone", PHONE, NO_PHONE, BY_PASSWORD),
    Form("order number and e-mail", EMAIL, NO_EMAIL, BY_ORDER),
    Form("order number", "QH20260001", "QH99999999", ORDERS),
    Form("lost number", EMAIL, NO_EMAIL, HELP),
    Form("staff number", REVIEWER, "S9876"[: len(REVIEWER)].ljust(len(REVIEWER), "7"), STAFF),
    Form(
        "staff e-mail",
        f"{REVIEWER.lower()}@qinghe.example",
        "s987x@qinghe.example"[-len(f"{REVIEWER}@qinghe.example") :],
        STAFF,
    ),
]


@pytest.fixture
def known(counter: CustomerRoom) -> CustomerRoom:
    """The sample company; the customer has been here before and has a password."""
    counter.sign_in("open-case")
    counter.center.settings.orders = Orders(number="shop.orders.number", contacts=["shop.customer.email"])
    with counter.center.database.transaction() as session:
        person = find_person(session, "email", EMAIL)
        set_password(session, person.id, PASSWORD, level=Level.V2, at=clock.now())
    visit(counter.app, counter.center.database.engine, FORMS[0], "warm.up@example.com")
    return counter


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_known_and_unknown_people_are_answered_alike_and_cost_the_same_work(known: CustomerRoom, form: Form):
    assert len(form.known) == len(form.unknown) and form.known != form.unknown
    visits = []
    for who in (form.known, form.unknown, form.known):
        known.forget_limits()
        visits.append(visit(known.app, known.center.database.engine, form, who))
    for step, (one, other, _) in enumerate(zip(*(each.seen for each in visits), strict=True)):
        assert one.status in {200, 303, 422, 429}, f"step {step} of {form.name}"
        assert one == other, f"step {step} of {form.name}"
    assert visits[0].statements == visits[2].statements, "the same visit twice"
    assert visits[0].statements == visits[1].statements


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_known_and_unknown_people_run_into_the_same_limits(known: CustomerRoom, form: Form):
    ends = []
    for who in (form.known, form.unknown):
        known.forget_limits()
        for _ in range(7):
            last = visit(known.app, known.center.database.engine, form, who)
        ends.append([(one.status, one.location, one.body) for one in last.seen])
    assert ends[0] == ends[1]


def test_every_public_form_is_walked_or_takes_no_identifier(counter: CustomerRoom):
    """A new public form has to be put into the list above, or here with the reason."""
    walked = {
        "identity_cases.path",
        "identity_cases.code",
        "sign_in.ask",
        "sign_in.code",
        "sign_in_again.send",
        "ways.password",
        "order.ask",
        "staff.sign_in",
    }
    reasons = {
        "identity_cases.form": "behind a code; everybody gets a reference, and only staff see who it concerns",
        "sign_in.leave": "nothing is typed",
        "ways.passkey": "the passkey names its owner; nothing is typed",
        "oidc.start": "the provider asks",
        "oidc.back": "the provider answers",
        "staff.passkey_sign_in": "the passkey names its owner; nothing is typed",
        "staff.second_step": "after the password",
        "staff.enrol": "after the password",
        "staff.first_password": "the link of a member who comes back, with a keyed hash: whoever has it was given it",
        "staff.leave": "nothing is typed",
        "on_the_phone.prove": "the number of a call, 8 random figures: whoever has it was told it",
        "public.verify": "the number of a certificate, 16 random letters: whoever has it was given it",
        "freeze.not_me": "the number at the end of a notice: whoever has it was given it",
        "freeze.by_number": "the number at the end of a notice: whoever has it was given it",
        "access_log.write": "another system, with its token",
        "suppression.check": "another system, with a token made for asking",
        "suppression.add": "another system, with a token made for changing",
        "suppression.remove": "another system, with a token made for changing",
    }
    public = {name for name, may in {**PUBLIC_ACCESS, **STAFF_ACCESS}.items() if may is ANYONE}
    forms = {rule.endpoint for rule in counter.app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    assert public & forms - walked - set(reasons) == set()
