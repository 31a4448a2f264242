"""What the product is measured against: deletion as somebody would write it by hand for these tables, and only for them.

It locates the customer and changes exactly the rows that the product changes, with one statement a table, prepared by
the driver, in one transaction. It keeps no record, asks nobody, checks nothing afterwards and cannot be interrupted.
"""

from collections.abc import Iterable
from datetime import date

import psycopg

HELD_CASE = "c.closed_at IS NULL"
HELD_INVOICE = "issued_on + interval '10 years' > %(today)s"
MINE = "(SELECT id FROM orders WHERE customer_id = %(id)s)"
STAYS = (
    "(EXISTS (SELECT FROM after_sales_case c WHERE c.order_id = orders.id)"
    " OR EXISTS (SELECT FROM invoice i WHERE i.order_id = orders.id))"
)
FIND = "SELECT id FROM customer WHERE email = %(email)s OR phone = %(phone)s"
STATEMENTS = (
    "DELETE FROM browsing WHERE customer_id = %(id)s",
    "DELETE FROM login_log WHERE customer_id = %(id)s",
    "DELETE FROM consent WHERE customer_id = %(id)s",
    f"DELETE FROM case_message USING after_sales_case c WHERE c.id = case_id AND c.order_id IN {MINE}",
    f"DELETE FROM after_sales_case c WHERE c.order_id IN {MINE} AND NOT {HELD_CASE}",
    f"UPDATE after_sales_case c SET subject = NULL WHERE c.order_id IN {MINE} AND {HELD_CASE}",
    f"DELETE FROM invoice WHERE customer_id = %(id)s AND NOT {HELD_INVOICE}",
    "UPDATE invoice SET sent_to = NULL WHERE customer_id = %(id)s",
    f"DELETE FROM payment WHERE order_id IN {MINE}",
    f"DELETE FROM order_line WHERE order_id IN {MINE}",
    f"UPDATE orders SET note = NULL WHERE customer_id = %(id)s AND {STAYS}",
    f"DELETE FROM orders WHERE customer_id = %(id)s AND NOT {STAYS}",
    "DELETE FROM address WHERE customer_id = %(id)s AND NOT EXISTS (SELECT FROM orders o WHERE o.address_id = address.id)",
    "UPDATE address SET receiver = NULL, street = '' WHERE customer_id = %(id)s",
    "DELETE FROM customer WHERE id = %(id)s AND NOT EXISTS (SELECT FROM orders o WHERE o.customer_id = customer.id)"
    " AND NOT EXISTS (SELECT FROM invoice i WHERE i.customer_id = customer.id)",
    "UPDATE customer SET email = 'gone-' || id, phone = NULL, name = '', birthday = NULL WHERE id = %(id)s",
)


def connect(url: str) -> psycopg.Connection:
    """The script's one connection."""
    return psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://"))


def delete_by_hand(connection: psycopg.Connection, people: Iterable[tuple[str, str]], today: date) -> None:
    """Delete customers by e-mail and phone, one transaction each."""
    for email, phone in people:
        with connection.transaction():
            found = connection.execute(FIND, {"email": email, "phone": phone}).fetchone()
            if found:
                for statement in STATEMENTS:
                    connection.execute(statement, {"id": found[0], "today": today})
