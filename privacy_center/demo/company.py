"""The sample company 青禾 (Qinghe), a retailer with restaurants: both of its databases, filled."""

from datetime import date

import sqlalchemy as sa

from privacy_center.datamap.compare import RESTRICTION_TABLE
from privacy_center.demo.books import Books
from privacy_center.demo.people import add_crowd, furnish
from privacy_center.demo.schema import CRM, SHOP
from privacy_center.demo.shop_tables import orders, payment
from privacy_center.demo.story_lives import add_stories
from privacy_center.sources.restriction_table import restriction_table

BATCH = 2_000


def create_company(shop: sa.Engine, crm: sa.Engine, today: date) -> None:
    """Create both databases' tables and fill them; dates count back from `today` (the company's local date).

    Works on empty SQLite, PostgreSQL and MariaDB databases, also when both engines are the same one. Always the same rows
    for the same day.
    """
    books = write_books(today)
    for engine, tables in ((shop, SHOP), (crm, CRM)):
        tables.create_all(engine)
        restriction_table(RESTRICTION_TABLE, None).create(engine, checkfirst=True)
        with engine.begin() as connection:
            for table in tables.sorted_tables:
                _insert(connection, table, books)
    with shop.begin() as connection:
        latest = sa.select(sa.func.max(payment.c.id)).where(payment.c.order_id == orders.c.id).scalar_subquery()
        connection.execute(orders.update().values(latest_payment_id=latest))


def write_books(today: date) -> Books:
    """All rows of the company, not yet in any database."""
    books = Books(today)
    furnish(books)
    add_stories(books)
    add_crowd(books)
    return books


def _insert(connection: sa.Connection, table: sa.Table, books: Books) -> None:
    rows = books.rows[table]
    for start in range(0, len(rows), BATCH):
        connection.execute(table.insert(), rows[start : start + BATCH])
