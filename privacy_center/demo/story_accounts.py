"""The accounts of the customers written by hand: one in the shop, one among the members."""

from datetime import date, timedelta
from typing import Any

from privacy_center.demo import crm_life, shop_life
from privacy_center.demo.books import Books, Row
from privacy_center.demo.numbers import in_crm_spelling
from privacy_center.demo.stories import Story

WOMEN = ["open-case", "unused-points", "family-mother", "wrong-dates", "two-numbers", "recycled-new", "seventy"]


def open_story_account(books: Books, one: Story, *, born: date | None = None, days: int = 900, **more: Any) -> Row:
    more.setdefault("gender", "female" if one.key in WOMEN else "male")
    return shop_life.open_account(
        books,
        one.number,
        one.name,
        email=one.email,
        phone=one.phone,
        birth_date=born,
        registered=books.ago(days, 9, 30),
        **more,
    )


def join_members(books: Books, customer: Row, **more: Any) -> Row:
    spelling = in_crm_spelling(customer["phone"], customer["id"])
    values = {"shop_customer_ref": str(customer["id"]), "mobile": spelling, "email": customer["email"], **more}
    return crm_life.join(books, customer["name"], customer["registered_at"] + timedelta(days=1), **values)
