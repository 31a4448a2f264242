"""About 300 ordinary customers, made by a seeded generator, and the shelves they shop from."""

from datetime import timedelta
from decimal import Decimal

from privacy_center.demo import crm_life, shop_life, visit_life, words
from privacy_center.demo import crm_tables as crm
from privacy_center.demo import shop_tables as shop
from privacy_center.demo.books import Books, Row
from privacy_center.demo.numbers import in_crm_spelling, resident_id

CROWD = 300
FIRST_NUMBER = 1001
"""Numbers below belong to the stories."""


def furnish(books: Books) -> None:
    """Stores, staff, products and campaigns."""
    for code, name, kind, city, address in words.STORES:
        books.add(shop.store, code=code, name=name, kind=kind, city=city, address=address, phone="400-000-6150")
    stores = {row["code"]: row["id"] for row in books.rows[shop.store]}
    for order, (staff_no, name, post, store) in enumerate(words.STAFF):
        books.add(
            shop.staff,
            staff_no=staff_no,
            name=name,
            post=post,
            work_email=f"{staff_no.lower()}@qinghe.example",
            store_id=stores[store],
            manager_id=1 if order else None,
        )
    for order, (name, department, price) in enumerate(words.PRODUCTS, 1):
        books.add(shop.product, sku=f"QHP{order:05d}", name=name, department=department, price=Decimal(price))
    for order, (name, channel) in enumerate(words.CAMPAIGNS):
        books.add(crm.campaign, name=name, channel=channel, budget=20000, started_at=books.ago(300 - 70 * order))


def add_crowd(books: Books, count: int = CROWD) -> None:
    """The ordinary customers; nobody has the same name, phone or e-mail as another."""
    names = [(family, given) for family in words.FAMILY_NAMES for given in words.GIVEN_NAMES]
    for order, (family, given) in enumerate(books.random.sample(names, count)):
        customer = _open_account(books, order, family, given)
        _shop_for_years(books, customer)
        visit_life.browse(books, customer, books.random.randint(3, 40))
        visit_life.search(books, customer, books.random.randint(0, 8))
        visit_life.sign_in(books, customer, books.random.randint(2, 12))
        if books.chance(0.72):
            _join_crm(books, customer, order)


def _open_account(books: Books, order: int, family: tuple[str, str], given: tuple[str, str, str]) -> Row:
    random = books.random
    born = books.years_ago(random.randint(19, 72), random.randint(0, 364))
    number = FIRST_NUMBER + order
    prefix = ("138", "139", "136", "150", "159", "186", "188", "177")[order % 8]
    phone = f"{prefix}20{order:03d}{random.randint(100, 999)}"
    return shop_life.open_account(
        books,
        number,
        family[0] + given[0],
        registered=books.some_time(random.randint(200, 2400)),
        nickname=random.choice((None, f"{given[0]}的小店", f"{family[1]}_{born:%y}")),
        email=f"{given[1]}.{family[1]}{number}@example.com" if random.random() < 0.85 else None,
        phone=f"+86{phone}" if random.random() < 0.1 else phone,
        id_number=resident_id(born, random.randint(0, 499) * 2 + (given[2] == "male"))
        if random.random() < 0.25
        else None,
        birth_date=born if random.random() < 0.6 else None,
        gender=given[2],
        avatar_url=f"avatars/{number}.jpg" if random.random() < 0.5 else None,
        invited_by_id=random.randint(FIRST_NUMBER, number - 1) if order and random.random() < 0.1 else None,
    )


def _shop_for_years(books: Books, customer: Row) -> None:
    random = books.random
    address = shop_life.move_in(books, customer)
    cards = [_bind_card(books, customer) for _ in range(random.random() < 0.35)]
    for _ in range(random.randint(0, 7)):
        placed = books.some_time(random.randint(5, 1900))
        order = shop_life.buy(books, customer, placed, address=address)
        shop_life.pay(books, order, card=random.choice([*cards, None]))
        shop_life.deliver(books, order, address)
        _follow_up(books, customer, order)
    if random.random() < 0.7:
        visit_life.collect_points(books, customer, random.choice((0, 0, 0, 80, 260, 1500)))
    visit_life.fill_cart(books, customer, random.randint(0, 3))
    if random.random() < 0.3:
        visit_life.write_review(books, customer)
    if random.random() < 0.4:
        visit_life.give_coupon(books, customer, days_left=random.randint(-200, 60))


def _bind_card(books: Books, customer: Row) -> Row:
    unbound = books.some_time(books.random.randint(1, 100)) if books.chance(0.6) else None
    return shop_life.bind_card(books, customer, books.some_time(books.random.randint(300, 900)), unbound=unbound)


def _follow_up(books: Books, customer: Row, order: Row) -> None:
    if books.chance(0.3):
        shop_life.invoice(books, order, customer, (order["placed_at"] + timedelta(days=3)).date())
    if books.chance(0.06):
        opened = order["placed_at"] + timedelta(days=3)
        shop_life.complain(books, order, customer, opened, closed=opened + timedelta(days=2))


def _join_crm(books: Books, customer: Row, order: int) -> None:
    random = books.random
    member = crm_life.join(
        books,
        customer["name"],
        customer["registered_at"] + timedelta(days=1),
        shop_customer_ref=str(customer["id"]),
        mobile=in_crm_spelling(customer["phone"].removeprefix("+86"), order),
        email=customer["email"],
        birthday=customer["birth_date"],
        city=random.choice(words.PLACES)[1],
        wechat_openid=f"o{random.getrandbits(80):020x}" if random.random() < 0.5 else None,
    )
    crm_life.tag(books, member, random.randint(0, 5))
    crm_life.consent(books, member, sms=random.random() < 0.5, email=random.random() < 0.3)
    crm_life.send_campaigns(books, member, random.randint(0, 3))
    sometimes = (
        (0.2, lambda: crm_life.note_guest(books, member, random.choice(("observed", "told_by_guest", "overheard")))),
        (0.1, lambda: crm_life.note_health(books, member, random.choice(words.ALLERGIES))),
        (0.05, lambda: crm_life.file_complaint(books, member, books.ago(random.randint(40, 900)), books.ago(30))),
        (0.1, lambda: crm_life.call_hotline(books, member, random.randint(1, 600))),
        (0.2, lambda: crm_life.book_table(books, member, random.randint(1, 400))),
        (0.1, lambda: crm_life.answer_survey(books, member)),
    )
    for part, happen in sometimes:
        if books.chance(part):
            happen()
