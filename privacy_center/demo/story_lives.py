"""The dozen customers written by hand: what the stories say, as rows."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

from privacy_center.demo import crm_life, shop_life, visit_life
from privacy_center.demo import crm_tables as crm
from privacy_center.demo import shop_tables as shop
from privacy_center.demo.books import Books, Row
from privacy_center.demo.numbers import resident_id
from privacy_center.demo.stories import STORIES, Story, story
from privacy_center.demo.story_accounts import join_members, open_story_account

MANY = 40_000
GUARDIAN = 20
HANDLER = 7
"""The employee among the customers, by her number in `staff`."""


def add_stories(books: Books) -> None:
    """Everybody in STORIES, and the guardian of the child."""
    for one in STORIES:
        LIVES[one.key](books, one)


def _old_order(books: Books, customer: Row, address: Row, days: int) -> Row:
    order = shop_life.buy(books, customer, books.ago(days, 14, 20), address=address)
    shop_life.pay(books, order)
    shop_life.deliver(books, order, address)
    return order


def open_case(books: Books, one: Story) -> None:
    born = books.years_ago(34, 40)
    customer = open_story_account(
        books, one, born=born, id_number=resident_id(born, 122), nickname="晓霞的厨房", avatar_url="avatars/1.jpg"
    )
    address = shop_life.move_in(books, customer)
    _old_order(books, customer, address, 1500)
    shop_life.invoice(books, _old_order(books, customer, address, 400), customer, books.years_ago(1, 33))
    recent = _old_order(books, customer, address, 20)
    shop_life.complain(books, recent, customer, books.ago(12, 16, 5))
    shop_life.complain(books, recent, customer, books.ago(15), closed=books.ago(14))
    visit_life.collect_points(books, customer, 0)
    visit_life.give_coupon(books, customer, days_left=-40)
    visit_life.browse(books, customer, 128)
    visit_life.search(books, customer, 16)
    visit_life.sign_in(books, customer, 24)
    visit_life.fill_cart(books, customer, 2)
    visit_life.write_review(books, customer)
    member = join_members(
        books, customer, level="silver", city="上海", birthday=born, wechat_openid="o00000000000000000001"
    )
    crm_life.tag(books, member, 5)
    crm_life.note_guest(books, member, "overheard")
    crm_life.note_health(books, member, "花生、海鲜")
    crm_life.consent(books, member, sms=True, email=True, phone=False)
    crm_life.file_complaint(books, member, books.ago(700), books.ago(690))
    crm_life.call_hotline(books, member, 12)
    crm_life.book_table(books, member, 60)
    crm_life.send_campaigns(books, member, 2)
    crm_life.answer_survey(books, member)


def bound_card(books: Books, one: Story) -> None:
    customer = open_story_account(books, one, born=books.years_ago(47, 9))
    address = shop_life.move_in(books, customer)
    card = shop_life.bind_card(books, customer, books.ago(500), tail="1234")
    order = shop_life.buy(books, customer, books.ago(25), address=address, total=Decimal("68.00"))
    payment = shop_life.pay(books, order, card=card)
    shop_life.deliver(books, order, address)
    books.add(
        shop.refund, payment_id=payment["id"], amount=Decimal("68.00"), reason="商品缺货", requested_at=books.ago(2, 11)
    )
    visit_life.sign_in(books, customer, 6)
    join_members(books, customer)


def unused_points(books: Books, one: Story) -> None:
    customer = open_story_account(books, one, born=books.years_ago(52, 100))
    address = shop_life.move_in(books, customer)
    order = _old_order(books, customer, address, 45)
    visit_life.collect_points(books, customer, 320, order)
    visit_life.give_coupon(books, customer, days_left=50, paid_for=True)
    visit_life.give_coupon(books, customer, days_left=-5, used_for=order)
    visit_life.browse(books, customer, 40)
    crm_life.consent(books, join_members(books, customer), sms=True)


def family_mother(books: Books, one: Story) -> None:
    mother = open_story_account(books, one, born=books.years_ago(45, 210))
    home = shop_life.move_in(books, mother)
    shop_life.move_in(books, mother, label="公司")
    card = shop_life.bind_card(books, mother, books.ago(800), unbound=books.ago(10))
    order = shop_life.buy(books, mother, books.ago(1300), address=home)
    shop_life.pay(books, order, card=card)
    shop_life.deliver(books, order, home)
    household = books.add(crm.household, name="周家", address=shop_life.in_one_line(home), landline="021-55550104")
    join_members(books, mother, household_id=household["id"])


def family_son(books: Books, one: Story) -> None:
    son = open_story_account(books, one, born=books.years_ago(19, 12), days=600)
    mother, home = story("family-mother").number, books.rows[shop.customer_address]
    shared = next(row["address_id"] for row in home if row["customer_id"] == mother and row["is_default"])
    address = next(row for row in books.rows[shop.address] if row["id"] == shared)
    card = next(row for row in books.rows[shop.bank_card] if row["customer_id"] == mother)
    shop_life.move_in(books, son, address)
    order = shop_life.buy(
        books, son, books.ago(30), address=address, recipient_name="周敏", recipient_phone="13800010004"
    )
    shop_life.pay(books, order, card=card)
    shop_life.deliver(books, order, address)
    visit_life.browse(books, son, 30)
    join_members(books, son, household_id=books.rows[crm.household][-1]["id"])


def invoices(books: Books, one: Story) -> None:
    customer = open_story_account(books, one, born=books.years_ago(41, 77), days=12 * 366 + 60)
    address = shop_life.move_in(books, customer)
    last_month = books.today.replace(day=1) - timedelta(days=1)
    for issued in (last_month, books.years_ago(12)):
        order = _old_order(books, customer, address, (books.today - issued).days + 4)
        shop_life.invoice(books, order, customer, issued)
    join_members(books, customer, level="gold")


def wrong_dates(books: Books, one: Story) -> None:
    customer = open_story_account(books, one, born=books.years_ago(38, 3))
    address = shop_life.move_in(books, customer)
    order = shop_life.buy(books, customer, books.ago(1200, 15), address=address, completed_at=books.ago(1203, 15))
    shop_life.pay(books, order)
    _old_order(books, customer, address, 1250)
    visit_life.browse(books, customer, 12)
    join_members(books, customer)


def two_numbers(books: Books, one: Story) -> None:
    customer = open_story_account(books, one, born=books.years_ago(29, 300))
    address = shop_life.move_in(books, customer)
    _old_order(books, customer, address, 1400)
    visit_life.sign_in(books, customer, 4)
    member = join_members(books, customer, shop_customer_ref=None, mobile="+86 139-0001-0088", level="silver")
    crm_life.tag(books, member, 3)
    crm_life.consent(books, member, sms=True, email=False)
    crm_life.note_guest(books, member)
    crm_life.book_table(books, member, 25)


def recycled_old(books: Books, one: Story) -> None:
    customer = open_story_account(books, one, days=2600, status="dormant", service_ended_at=books.ago(1600))
    address = shop_life.move_in(books, customer)
    _old_order(books, customer, address, 2300)
    crm_life.tag(books, join_members(books, customer), 2)


def recycled_new(books: Books, one: Story) -> None:
    customer = open_story_account(books, one, born=books.years_ago(26, 55), days=300)
    address = shop_life.move_in(books, customer)
    _old_order(books, customer, address, 90)
    visit_life.browse(books, customer, 20)
    member = join_members(books, customer)
    crm_life.consent(books, member, sms=True)
    crm_life.book_table(books, member, 15)


def child(books: Books, one: Story) -> None:
    guardian = shop_life.open_account(
        books,
        GUARDIAN,
        "马志军",
        registered=books.ago(1000),
        email="ma.zhijun@example.com",
        phone="13800010020",
        birth_date=books.years_ago(43, 5),
        gender="male",
    )
    born = books.years_ago(12, 60)
    customer = open_story_account(
        books, one, born=born, days=200, guardian_id=GUARDIAN, id_number=resident_id(born, 245), gender="female"
    )
    address = shop_life.move_in(books, guardian)
    shop_life.move_in(books, customer, address)
    visit_life.browse(books, customer, 60)
    visit_life.search(books, customer, 8)
    visit_life.sign_in(books, customer, 5, within_days=150)
    crm_life.tag(books, join_members(books, customer, birthday=born), 2)


def seventy(books: Books, one: Story) -> None:
    born = books.years_ago(70, 20)
    customer = open_story_account(books, one, born=born, id_number=resident_id(born, 86), days=3000)
    address = shop_life.move_in(books, customer)
    _old_order(books, customer, address, 1700)
    _old_order(books, customer, address, 1210)
    member = join_members(books, customer, birthday=born, level="gold")
    crm_life.note_health(books, member, "青霉素、海鲜")
    crm_life.note_guest(books, member, "told_by_guest")
    crm_life.call_hotline(books, member, 80)
    crm_life.call_hotline(books, member, 9)
    crm_life.consent(books, member, phone=True, sms=False)


def nothing(books: Books, one: Story) -> None:
    open_story_account(books, one, days=30)


def forty_thousand(books: Books, one: Story) -> None:
    customer = open_story_account(books, one, born=books.years_ago(31, 160), days=2000)
    visit_life.browse(books, customer, MANY, days=1800)
    visit_life.search(books, customer, 40)
    visit_life.sign_in(books, customer, 60)
    crm_life.tag(books, join_members(books, customer), 4)


def employee(books: Books, one: Story) -> None:
    customer = open_story_account(books, one, born=books.years_ago(28, 30), gender="female")
    address = shop_life.move_in(books, customer)
    order = _old_order(books, customer, address, 1350)
    shop_life.complain(books, order, customer, books.ago(1340), closed=books.ago(1338), handler=3)
    others = [row for row in books.rows[shop.orders] if row["customer_id"] == story("invoices").number]
    other = next(row for row in books.rows[shop.customer] if row["id"] == story("invoices").number)
    shop_life.complain(books, others[0], other, books.ago(18), closed=books.ago(16), handler=HANDLER)
    join_members(books, customer)


def two_e_mails(books: Books, one: Story) -> None:
    customer = open_story_account(books, one, gender="female", recovery_email="yutong.backup@example.org")
    _old_order(books, customer, shop_life.move_in(books, customer), 1300)
    visit_life.browse(books, customer, 4)
    join_members(books, customer)


def held_by_hand(books: Books, one: Story) -> None:
    customer = open_story_account(books, one, born=books.years_ago(36, 90))
    address = shop_life.move_in(books, customer)
    _old_order(books, customer, address, 1450)
    member = join_members(books, customer)
    crm_life.note_health(books, member, "虾蟹、花生")
    crm_life.consent(books, member, sms=True, email=False)


def order_since(books: Books, one: Story) -> None:
    customer = open_story_account(books, one, days=40, gender="female")
    shop_life.move_in(books, customer)
    visit_life.browse(books, customer, 6)


def ill_after_meal(books: Books, one: Story) -> None:
    customer = open_story_account(books, one, born=books.years_ago(44, 20))
    address = shop_life.move_in(books, customer)
    _old_order(books, customer, address, 200)
    member = join_members(books, customer)
    crm_life.note_health(books, member, "芒果、坚果")
    crm_life.book_table(books, member, 9)
    crm_life.file_complaint(books, member, books.ago(8), None, "餐后全身起疹并呕吐，已就医，要求查明原因。")


def no_marketing(books: Books, one: Story) -> None:
    customer = open_story_account(books, one, days=700, gender="female")
    visit_life.browse(books, customer, 9)
    crm_life.consent(books, join_members(books, customer), email=False)


LIVES: dict[str, Callable[[Books, Story], None]] = {
    "open-case": open_case,
    "bound-card": bound_card,
    "unused-points": unused_points,
    "family-mother": family_mother,
    "family-son": family_son,
    "invoices": invoices,
    "wrong-dates": wrong_dates,
    "two-numbers": two_numbers,
    "recycled-old": recycled_old,
    "recycled-new": recycled_new,
    "child": child,
    "seventy": seventy,
    "nothing": nothing,
    "forty-thousand": forty_thousand,
    "employee": employee,
    "two-e-mails": two_e_mails,
    "held-by-hand": held_by_hand,
    "order-since": order_since,
    "ill-after-meal": ill_after_meal,
    "no-marketing": no_marketing,
}
