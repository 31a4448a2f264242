"""What a customer's visits leave in the shop's database: points, coupons, history, devices, reviews."""

from datetime import timedelta

from privacy_center.demo import shop_tables as shop
from privacy_center.demo import visit_tables as visit
from privacy_center.demo import words
from privacy_center.demo.books import Books, Row


def collect_points(books: Books, customer: Row, balance: int, order: Row | None = None) -> None:
    """A points account with a history that adds up to its balance."""
    now = books.some_time(books.random.randint(3, 60))
    level = "gold" if balance > 5000 else "silver" if balance > 1000 else "green"
    books.add(visit.points_account, customer_id=customer["id"], balance=balance, level=level, updated_at=now)
    for points, reason in ((balance + 50, "消费累计"), (-50, "兑换抵扣")):
        books.add(
            visit.points_entry,
            customer_id=customer["id"],
            points=points,
            reason=reason,
            order_id=order and order["id"],
            at=now,
        )


def give_coupon(
    books: Books, customer: Row, *, days_left: int, used_for: Row | None = None, paid_for: bool = False
) -> Row:
    """A coupon that runs out in so many days (negative: it has run out)."""
    return books.add(
        visit.coupon,
        code=f"QHC{len(books.rows[visit.coupon]) + 1:07d}",
        customer_id=customer["id"],
        face_value=books.random.choice((5, 10, 20, 50)),
        paid_for=paid_for,
        valid_until=books.today + timedelta(days=days_left),
        used_at=used_for and used_for["placed_at"],
        used_order_id=used_for and used_for["id"],
    )


def browse(books: Books, customer: Row, views: int, days: int = 180) -> None:
    """So many page views over the last days, oldest first."""
    goods, random = books.rows[shop.product], books.random
    start = books.ago(days, 0)
    step = timedelta(days=days - 1) / max(views, 1)
    for turn in range(views):
        product = goods[int(random.random() * len(goods))]
        books.add(
            visit.browsing_history,
            customer_id=customer["id"],
            product_id=product["id"],
            page=f"/p/{product['sku']}",
            seconds=int(random.random() * 240),
            viewed_at=(start + step * turn).replace(microsecond=0),
        )


def search(books: Books, customer: Row, times: int) -> None:
    for _ in range(times):
        books.add(
            visit.search_history,
            customer_id=customer["id"],
            words=books.random.choice(words.SEARCHES),
            searched_at=books.some_time(books.random.randint(1, 180)),
        )


def fill_cart(books: Books, customer: Row, kinds: int) -> None:
    for product in books.random.sample(books.rows[shop.product], kinds):
        books.add(
            visit.cart_item,
            customer_id=customer["id"],
            product_id=product["id"],
            quantity=books.random.randint(1, 3),
            added_at=books.some_time(books.random.randint(0, 20)),
        )


def write_review(books: Books, customer: Row) -> None:
    books.add(
        visit.review,
        customer_id=customer["id"],
        product_id=books.random.randint(1, len(words.PRODUCTS)),
        stars=books.random.randint(2, 5),
        author_name=customer["nickname"] or customer["name"],
        body=books.random.choice(words.REVIEWS),
        written_at=books.some_time(books.random.randint(5, 700)),
    )


def sign_in(books: Books, customer: Row, times: int, within_days: int = 400) -> None:
    """Sign-ins from one or two devices, with their log lines."""
    random = books.random
    model = random.choice(words.PHONES)
    token = f"{random.getrandbits(128):032x}"
    books.add(
        visit.device,
        customer_id=customer["id"],
        device_id=f"d-{random.getrandbits(64):016x}",
        model=model,
        push_token=f"push-{token}",
        last_seen_at=books.some_time(random.randint(0, 30)),
    )
    for _ in range(times):
        books.add(
            visit.login_log,
            customer_id=customer["id"],
            ip=f"203.0.113.{random.randint(1, 254)}",
            user_agent=f"Qinghe/5.2 ({model})",
            succeeded=random.random() > 0.05,
            at=books.some_time(random.randint(0, within_days)),
        )
