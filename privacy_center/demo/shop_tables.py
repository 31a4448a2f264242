"""The sample company's shop database, first half: stores, customers, orders and the money that moved."""

import sqlalchemy as sa

from privacy_center.demo.columns import NAMES, Money, Number, key, link, moment, one_of, text

SHOP = sa.MetaData(naming_convention=NAMES)

store = sa.Table(
    "store",
    SHOP,
    key(),
    text("code", 10, nullable=False, unique=True),
    text("name", 60, nullable=False),
    text("kind", 20, nullable=False),
    text("city", 30, nullable=False),
    text("address", 120, nullable=False),
    text("phone", 20),
    one_of("kind", "retail", "restaurant", "online"),
)

staff = sa.Table(
    "staff",
    SHOP,
    key(),
    text("staff_no", 12, nullable=False, unique=True),
    text("name", 40, nullable=False),
    text("post", 40, nullable=False),
    text("work_email", 120, nullable=False),
    link("store_id", "store.id"),
    link("manager_id", "staff.id", ondelete="SET NULL"),
)

product = sa.Table(
    "product",
    SHOP,
    key(),
    text("sku", 20, nullable=False, unique=True),
    text("name", 80, nullable=False),
    text("department", 30, nullable=False),
    sa.Column("price", Money, nullable=False),
    sa.CheckConstraint("price >= 0", name="price_not_negative"),
)

customer = sa.Table(
    "customer",
    SHOP,
    key(),
    text("customer_no", 20, nullable=False, unique=True),
    text("name", 40, nullable=False),
    text("nickname", 40),
    text("email", 120, index=True),
    text("recovery_email", 120, index=True),
    text("phone", 20, index=True),
    text("id_number", 18),
    sa.Column("birth_date", sa.Date),
    text("gender", 10),
    text("avatar_url", 200),
    text("status", 10, nullable=False, server_default="active"),
    moment("registered_at", nullable=False),
    moment("service_ended_at"),
    link("guardian_id", "customer.id", ondelete="SET NULL"),
    link("invited_by_id", "customer.id", ondelete="SET NULL"),
    one_of("status", "active", "dormant", "closed"),
)

address = sa.Table(
    "address",
    SHOP,
    key(),
    text("recipient", 40, nullable=False),
    text("phone", 20, nullable=False),
    text("province", 20, nullable=False),
    text("city", 20, nullable=False),
    text("district", 20, nullable=False),
    text("street", 120, nullable=False),
    text("postcode", 10),
)

customer_address = sa.Table(
    "customer_address",
    SHOP,
    link("customer_id", "customer.id", ondelete="CASCADE", primary_key=True),
    link("address_id", "address.id", primary_key=True),
    text("label", 20),
    sa.Column("is_default", sa.Boolean, nullable=False, server_default=sa.false()),
)

orders = sa.Table(
    "orders",
    SHOP,
    key(),
    text("order_no", 24, nullable=False, unique=True),
    link("customer_id", "customer.id", nullable=False, index=True),
    link("store_id", "store.id", nullable=False),
    text("status", 12, nullable=False),
    moment("placed_at", nullable=False),
    moment("completed_at"),
    sa.Column("total", Money, nullable=False),
    text("recipient_name", 40, nullable=False),
    text("recipient_phone", 20, nullable=False),
    text("delivery_address", 200),
    text("remark", 200),
    moment("restricted_at"),
    sa.Column("latest_payment_id", Number),
    sa.ForeignKeyConstraint(["latest_payment_id"], ["payment.id"], name="fk_orders_latest_payment_id", use_alter=True),
    one_of("status", "placed", "paid", "shipped", "completed", "cancelled"),
)

order_line = sa.Table(
    "order_line",
    SHOP,
    link("order_id", "orders.id", ondelete="CASCADE", primary_key=True),
    sa.Column("line_no", sa.Integer, primary_key=True, autoincrement=False),
    link("product_id", "product.id", nullable=False),
    sa.Column("quantity", sa.Integer, nullable=False),
    sa.Column("price", Money, nullable=False),
    sa.CheckConstraint("quantity > 0", name="quantity_positive"),
)

bank_card = sa.Table(
    "bank_card",
    SHOP,
    key(),
    link("customer_id", "customer.id", nullable=False),
    text("holder", 40, nullable=False),
    text("card_number", 32, nullable=False),
    text("bank", 40, nullable=False),
    moment("bound_at", nullable=False),
    moment("unbound_at"),
    sa.UniqueConstraint("customer_id", "card_number"),
)

payment = sa.Table(
    "payment",
    SHOP,
    key(),
    link("order_id", "orders.id", nullable=False, index=True),
    link("card_id", "bank_card.id", ondelete="SET NULL"),
    text("method", 12, nullable=False),
    sa.Column("amount", Money, nullable=False),
    text("trade_no", 40, nullable=False, unique=True),
    text("payer_account", 60),
    moment("paid_at", nullable=False),
    one_of("method", "card", "wechat", "alipay", "cash"),
)

refund = sa.Table(
    "refund",
    SHOP,
    key(),
    link("payment_id", "payment.id", nullable=False, index=True),
    sa.Column("amount", Money, nullable=False),
    text("reason", 200),
    moment("requested_at", nullable=False),
    moment("settled_at"),
)

invoice = sa.Table(
    "invoice",
    SHOP,
    key(),
    text("invoice_no", 24, nullable=False, unique=True),
    link("customer_id", "customer.id", nullable=False, index=True),
    link("order_id", "orders.id", ondelete="SET NULL", index=True),
    text("title", 80, nullable=False),
    text("tax_no", 24),
    text("sent_to", 120),
    sa.Column("amount", Money, nullable=False),
    sa.Column("issued_on", sa.Date, nullable=False),
)

accounting_voucher = sa.Table(
    "accounting_voucher",
    SHOP,
    key(),
    text("voucher_no", 24, nullable=False, unique=True),
    link("order_id", "orders.id", ondelete="SET NULL", index=True),
    text("summary", 120, nullable=False),
    sa.Column("amount", Money, nullable=False),
    sa.Column("booked_on", sa.Date, nullable=False),
)

delivery = sa.Table(
    "delivery",
    SHOP,
    key(),
    link("order_id", "orders.id", nullable=False, index=True),
    link("address_id", "address.id", ondelete="SET NULL", index=True),
    text("carrier", 30, nullable=False),
    text("tracking_no", 40, nullable=False, unique=True),
    text("recipient", 40, nullable=False),
    text("recipient_phone", 20, nullable=False),
    moment("shipped_at", nullable=False),
    moment("delivered_at"),
)
