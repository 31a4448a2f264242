"""The sample company's shop database, second half: cases, rewards, and what a visit leaves behind."""

import sqlalchemy as sa

from privacy_center.demo.columns import Money, key, link, moment, one_of, text
from privacy_center.demo.shop_tables import SHOP

after_sales_case = sa.Table(
    "after_sales_case",
    SHOP,
    key(),
    text("case_no", 24, nullable=False, unique=True),
    link("customer_id", "customer.id", nullable=False, index=True),
    link("order_id", "orders.id", nullable=False, index=True),
    link("handled_by", "staff.id", ondelete="SET NULL"),
    text("kind", 20, nullable=False),
    text("description", 400, nullable=False),
    moment("opened_at", nullable=False),
    moment("closed_at"),
    one_of("kind", "return", "exchange", "refund", "quality"),
)

case_message = sa.Table(
    "case_message",
    SHOP,
    key(),
    link("case_id", "after_sales_case.id", ondelete="CASCADE", nullable=False, index=True),
    text("author", 10, nullable=False),
    link("staff_id", "staff.id", ondelete="SET NULL"),
    sa.Column("body", sa.Text, nullable=False),
    moment("sent_at", nullable=False),
    one_of("author", "customer", "staff"),
)

case_photo = sa.Table(
    "case_photo",
    SHOP,
    link("case_id", "after_sales_case.id", ondelete="CASCADE", primary_key=True),
    sa.Column("photo_no", sa.Integer, primary_key=True, autoincrement=False),
    text("file", 200, nullable=False),
    moment("taken_at"),
)

coupon = sa.Table(
    "coupon",
    SHOP,
    key(),
    text("code", 20, nullable=False, unique=True),
    link("customer_id", "customer.id", nullable=False, index=True),
    sa.Column("face_value", Money, nullable=False),
    sa.Column("paid_for", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("valid_until", sa.Date, nullable=False),
    moment("used_at"),
    link("used_order_id", "orders.id", ondelete="SET NULL", index=True),
)

points_account = sa.Table(
    "points_account",
    SHOP,
    link("customer_id", "customer.id", primary_key=True, autoincrement=False),
    sa.Column("balance", sa.Integer, nullable=False, server_default="0"),
    text("level", 12, nullable=False, server_default="green"),
    moment("updated_at", nullable=False),
    sa.CheckConstraint("balance >= 0", name="balance_not_negative"),
)

points_entry = sa.Table(
    "points_entry",
    SHOP,
    key(),
    link("customer_id", "points_account.customer_id", ondelete="CASCADE", nullable=False, index=True),
    sa.Column("points", sa.Integer, nullable=False),
    text("reason", 60, nullable=False),
    link("order_id", "orders.id", ondelete="SET NULL", index=True),
    moment("at", nullable=False),
)

browsing_history = sa.Table(  # as such tables often are: no primary key
    "browsing_history",
    SHOP,
    link("customer_id", "customer.id", ondelete="CASCADE", nullable=False, index=True),
    link("product_id", "product.id", nullable=False),
    text("page", 120, nullable=False),
    sa.Column("seconds", sa.Integer),
    moment("viewed_at", nullable=False),
)

search_history = sa.Table(
    "search_history",
    SHOP,
    key(),
    link("customer_id", "customer.id", nullable=False, index=True),
    text("words", 80, nullable=False),
    moment("searched_at", nullable=False),
)

cart_item = sa.Table(
    "cart_item",
    SHOP,
    link("customer_id", "customer.id", ondelete="CASCADE", primary_key=True),
    link("product_id", "product.id", primary_key=True),
    sa.Column("quantity", sa.Integer, nullable=False),
    moment("added_at", nullable=False),
)

review = sa.Table(
    "review",
    SHOP,
    key(),
    link("customer_id", "customer.id", ondelete="SET NULL", index=True),
    link("product_id", "product.id", nullable=False),
    sa.Column("stars", sa.Integer, nullable=False),
    text("author_name", 40, nullable=False),
    sa.Column("body", sa.Text),
    moment("written_at", nullable=False),
    sa.CheckConstraint("stars BETWEEN 1 AND 5", name="stars_one_to_five"),
)

login_log = sa.Table(
    "login_log",
    SHOP,
    key(),
    link("customer_id", "customer.id", nullable=False, index=True),
    text("ip", 45, nullable=False),
    text("user_agent", 200),
    sa.Column("succeeded", sa.Boolean, nullable=False),
    moment("at", nullable=False),
)

device = sa.Table(
    "device",
    SHOP,
    link("customer_id", "customer.id", primary_key=True),
    text("device_id", 40, primary_key=True),
    text("model", 60),
    text("push_token", 80, unique=True),
    moment("last_seen_at", nullable=False),
)
