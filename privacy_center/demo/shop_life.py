"""What a customer leaves in the shop's database, piece by piece."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from privacy_center.demo import shop_tables as shop
from privacy_center.demo import visit_tables as visit
from privacy_center.demo import words
from privacy_center.demo.books import Books, Row
from privacy_center.demo.numbers import card_number


def open_account(books: Books, number: int, name: str, *, registered: datetime, **more: Any) -> Row:
    """A customer by the number that the shop gave them."""
    more.setdefault("status", "active")
    return books.add(
        shop.customer, id=number, customer_no=f"QH{number:08d}", name=name, registered_at=registered, **more
    )


def move_in(books: Books, customer: Row, address: Row | None = None, label: str = "家") -> Row:
    """An address in the customer's address book: a new one, or one that somebody else has too."""
    address = address or _new_address(books, customer)
    books.add(
        shop.customer_address,
        customer_id=customer["id"],
        address_id=address["id"],
        label=label,
        is_default=label == "家",
    )
    return address


def _new_address(books: Books, customer: Row) -> Row:
    province, city, district, post = books.random.choice(words.PLACES)
    street = f"{books.random.choice(words.STREETS)} {books.random.randint(1, 400)} 弄 {books.random.randint(1, 40)} 号"
    return books.add(
        shop.address,
        recipient=customer["name"],
        phone=customer["phone"],
        province=province,
        city=city,
        district=district,
        street=f"{street} {books.random.randint(101, 1802)} 室",
        postcode=f"{post}{books.random.randint(0, 999):03d}",
    )


def buy(
    books: Books, customer: Row, placed: datetime, *, status: str = "completed", address: Row | None = None, **more: Any
) -> Row:
    """An order with its lines; completed two days after it was placed unless told. It is not paid yet."""
    goods = books.random.sample(books.rows[shop.product], books.random.randint(1, 3))
    count = len(books.rows[shop.orders]) + 1
    done = placed + timedelta(days=2, hours=3) if status == "completed" else None
    values = {
        "store_id": books.random.randint(1, len(words.STORES)),
        "completed_at": done,
        "recipient_name": customer["name"],
        "recipient_phone": customer["phone"] or "",
        "delivery_address": in_one_line(address) if address else None,
        "total": sum((product["price"] for product in goods), Decimal(0)),
        **more,
    }
    order = books.add(
        shop.orders,
        order_no=f"{placed:%Y%m%d}{count:07d}",
        customer_id=customer["id"],
        status=status,
        placed_at=placed,
        **values,
    )
    for line, product in enumerate(goods, 1):
        books.add(
            shop.order_line,
            order_id=order["id"],
            line_no=line,
            product_id=product["id"],
            quantity=1,
            price=product["price"],
        )
    return order


def in_one_line(address: Row) -> str:
    return "".join(address[part] for part in ("province", "city", "district", "street"))


def pay(books: Books, order: Row, *, card: Row | None = None, method: str = "wechat") -> Row:
    """A payment of the whole order, by a card (whoever's it is) or otherwise."""
    count = len(books.rows[shop.payment]) + 1
    return books.add(
        shop.payment,
        order_id=order["id"],
        card_id=card and card["id"],
        method="card" if card else method,
        amount=order["total"],
        trade_no=f"T{order['placed_at']:%y%m%d}{count:08d}",
        payer_account=None if card else f"{method}-{books.random.randint(10**7, 10**8)}",
        paid_at=order["placed_at"] + timedelta(minutes=6),
    )


def bind_card(books: Books, customer: Row, bound: datetime, *, unbound: datetime | None = None, tail: str = "") -> Row:
    return books.add(
        shop.bank_card,
        customer_id=customer["id"],
        holder=customer["name"],
        card_number=card_number(books.random, tail),
        bank=books.random.choice(words.BANKS),
        bound_at=bound,
        unbound_at=unbound,
    )


def deliver(books: Books, order: Row, address: Row) -> Row:
    count = len(books.rows[shop.delivery]) + 1
    return books.add(
        shop.delivery,
        order_id=order["id"],
        address_id=address["id"],
        carrier=books.random.choice(words.CARRIERS),
        tracking_no=f"QF{count:010d}",
        recipient=order["recipient_name"],
        recipient_phone=order["recipient_phone"],
        shipped_at=order["placed_at"] + timedelta(hours=20),
        delivered_at=order["completed_at"],
    )


def invoice(books: Books, order: Row, customer: Row, issued: date) -> Row:
    """An invoice and the accounting voucher that books it."""
    count = len(books.rows[shop.invoice]) + 1
    books.add(
        shop.accounting_voucher,
        voucher_no=f"JZ{issued:%Y%m}{count:05d}",
        order_id=order["id"],
        summary=f"销售收入 {order['order_no']}",
        amount=order["total"],
        booked_on=issued,
    )
    return books.add(
        shop.invoice,
        invoice_no=f"{issued:%y}3100{count:08d}",
        customer_id=customer["id"],
        order_id=order["id"],
        title=customer["name"],
        sent_to=customer["email"],
        amount=order["total"],
        issued_on=issued,
    )


def complain(
    books: Books, order: Row, customer: Row, opened: datetime, *, closed: datetime | None = None, handler: int = 3
) -> Row:
    """An after-sales case with its messages and photos; open where `closed` is None."""
    kind, text = books.random.choice(words.CASE_STORIES)
    case = books.add(
        visit.after_sales_case,
        case_no=f"SH{opened:%Y%m%d}{len(books.rows[visit.after_sales_case]) + 1:05d}",
        customer_id=customer["id"],
        order_id=order["id"],
        handled_by=handler,
        kind=kind,
        description=text,
        opened_at=opened,
        closed_at=closed,
    )
    said = (
        ("customer", text),
        ("staff", "您好，已收到，我们核实后回复您。"),
        ("customer", f"好的，我电话 {customer['phone']}。"),
    )
    for turn, (author, body) in enumerate(said):
        books.add(
            visit.case_message,
            case_id=case["id"],
            author=author,
            staff_id=handler if author == "staff" else None,
            body=body,
            sent_at=opened + timedelta(minutes=20 * turn),
        )
    for photo in (1, 2):
        file = f"cases/{case['case_no']}/{photo}.jpg"
        books.add(visit.case_photo, case_id=case["id"], photo_no=photo, file=file, taken_at=opened)
    return case
