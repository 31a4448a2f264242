"""The one table of every endpoint and who may open it. An endpoint that is not here is refused."""

from privacy_center.web.may import ANYONE, CUSTOMER, CUSTOMER_FRESH, May
from privacy_center.web.staff.access import STAFF_ACCESS

PUBLIC_ACCESS: dict[str, May] = {
    "static": ANYONE,
    "health.alive": ANYONE,
    "health.ready": ANYONE,
    "metrics.numbers": ANYONE,
    "public.entry": ANYONE,
    "public.privacy_notice": ANYONE,
    "public.how_long": ANYONE,
    "public.accessibility": ANYONE,
    "public.help_page": ANYONE,
    "public.verify_form": ANYONE,
    "public.verify": ANYONE,
    "sign_in.ask": ANYONE,
    "sign_in.code": ANYONE,
    "sign_in.leave": ANYONE,
    "freeze.not_me": ANYONE,
    "demo.mailbox": ANYONE,
    "demo.people": ANYONE,
}

CUSTOMER_ACCESS: dict[str, May] = {
    "home.show": CUSTOMER,
    "home.confirm": CUSTOMER,
    "freeze.stop": CUSTOMER,
    "inbox.show": CUSTOMER,
    "my_data.show": CUSTOMER,
    "prove.ask": CUSTOMER,
    "deletion.what": CUSTOMER,
    "deletion.preview_page": CUSTOMER,
    "deletion.verify": CUSTOMER,
    "deletion.check": CUSTOMER_FRESH,
    "deletion.done": CUSTOMER,
    "requests.listed": CUSTOMER,
    "requests.show": CUSTOMER,
    "requests.say": CUSTOMER,
    "requests.cancel": CUSTOMER,
    "requests.give_up": CUSTOMER,
    "papers.letter": CUSTOMER,
    "papers.certificate": CUSTOMER,
}

ACCESS: dict[str, May] = {**PUBLIC_ACCESS, **CUSTOMER_ACCESS, **STAFF_ACCESS}
