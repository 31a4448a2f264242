"""The benchmark's company: eleven tables as a web shop has them, filled by the database itself, the same every time."""

from collections.abc import Iterator

import psycopg

BIG_ROWS = 40_000
"""Rows of the one customer who has very many."""

CREATE = """
CREATE TABLE customer (id integer PRIMARY KEY, email varchar(120) NOT NULL, phone varchar(20), name varchar(40) NOT NULL,
    birthday date, created_at timestamp NOT NULL);
CREATE TABLE address (id integer PRIMARY KEY, customer_id integer NOT NULL, receiver varchar(40), street varchar(120) NOT NULL);
CREATE TABLE orders (id integer PRIMARY KEY, customer_id integer NOT NULL, address_id integer, placed_at timestamp NOT NULL,
    completed_at timestamp, note text);
CREATE TABLE order_line (order_id integer, line_no integer, item varchar(80) NOT NULL, price numeric(10,2), engraving varchar(80),
    PRIMARY KEY (order_id, line_no));
CREATE TABLE payment (id integer PRIMARY KEY, order_id integer NOT NULL, paid_at timestamp, amount numeric(10,2),
    payer varchar(40), card_tail varchar(4));
CREATE TABLE invoice (id integer PRIMARY KEY, customer_id integer NOT NULL, order_id integer NOT NULL, issued_on date,
    title varchar(80), tax_number varchar(30), sent_to varchar(120));
CREATE TABLE after_sales_case (id integer PRIMARY KEY, order_id integer NOT NULL, opened_at timestamp NOT NULL,
    closed_at timestamp, subject text);
CREATE TABLE case_message (id integer PRIMARY KEY, case_id integer NOT NULL, at timestamp, words text);
CREATE TABLE browsing (id bigint PRIMARY KEY, customer_id integer NOT NULL, at timestamp NOT NULL, page varchar(120));
CREATE TABLE login_log (id bigint PRIMARY KEY, customer_id integer NOT NULL, at timestamp NOT NULL, ip varchar(45), device varchar(80));
CREATE TABLE consent (id integer PRIMARY KEY, customer_id integer NOT NULL, channel varchar(20), given_at timestamp);
"""

FILL = """
INSERT INTO customer SELECT c, 'customer' || c || '@example.com', '1380' || lpad(c::text, 7, '0'), '客户' || c,
    date '1960-01-01' + (c * 7919) % 16000, timestamp '2015-01-01' + (c % 3000) * interval '1 day' FROM generate_series(1, {n}) c;
INSERT INTO address SELECT c, c, '客户' || c, '长宁路 ' || c || ' 号' FROM generate_series(1, {n}) c;
INSERT INTO orders SELECT (c - 1) * 3 + k, c, c, timestamp '2024-01-01' + (c * 31 + k * 97) % 900 * interval '1 day',
    timestamp '2024-01-08' + (c * 31 + k * 97) % 900 * interval '1 day', CASE WHEN k = 1 THEN '放门口' END
    FROM generate_series(1, {n}) c, generate_series(1, 3) k;
INSERT INTO order_line SELECT o, l, '商品 ' || (o * 13 + l) % 5000, (o * 7 + l) % 900, CASE WHEN l = 1 THEN '赠 ' || o END
    FROM generate_series(1, {n} * 3) o, generate_series(1, 2) l;
INSERT INTO payment SELECT o, o, timestamp '2024-01-01' + (o % 900) * interval '1 day', (o * 7) % 900,
    '客户' || (o + 2) / 3, lpad((o % 10000)::text, 4, '0') FROM generate_series(1, {n} * 3) o;
INSERT INTO invoice SELECT o, (o + 2) / 3, o, CASE WHEN o % 4 = 0 THEN date '2012-01-01' + o % 900 ELSE date '2023-01-01' + o % 900 END,
    '客户' || (o + 2) / 3, lpad(o::text, 18, '9'), 'customer' || (o + 2) / 3 || '@example.com'
    FROM generate_series(1, {n} * 3) o WHERE o % 5 = 0;
INSERT INTO after_sales_case SELECT o, o, timestamp '2025-01-01' + (o % 300) * interval '1 day',
    CASE WHEN o % 30 <> 3 THEN timestamp '2025-03-01' + (o % 300) * interval '1 day' END, '屏幕有划痕'
    FROM generate_series(1, {n} * 3) o WHERE o % 6 = 3;
INSERT INTO case_message SELECT o * 2 + m, o, timestamp '2025-01-02' + (o % 300) * interval '1 day', '请尽快处理'
    FROM generate_series(1, {n} * 3) o, generate_series(0, 1) m WHERE o % 6 = 3;
INSERT INTO browsing SELECT (c - 1) * 6 + k, c, timestamp '2025-06-01' + (c % 300) * interval '1 day' + k * interval '1 minute',
    '/p/' || (c * k) % 5000 FROM generate_series(1, {n}) c, generate_series(1, 6) k;
INSERT INTO login_log SELECT (c - 1) * 3 + k, c, timestamp '2025-06-01' + (c % 300) * interval '1 day' + k * interval '1 hour',
    '10.' || c % 250 || '.' || k || '.7', 'Android 15; HUAWEI' FROM generate_series(1, {n}) c, generate_series(1, 3) k;
INSERT INTO consent SELECT c, c, CASE WHEN c % 2 = 0 THEN 'sms' ELSE 'email' END, timestamp '2025-01-01' FROM generate_series(1, {n}) c;
INSERT INTO browsing SELECT {n} * 6 + k, {n}, timestamp '2025-06-01' + k * interval '1 minute', '/p/' || k % 5000
    FROM generate_series(1, {big}) k;
"""

INDEXES = """
CREATE UNIQUE INDEX customer_email ON customer (email);
CREATE INDEX customer_phone ON customer (phone);
CREATE INDEX address_customer ON address (customer_id);
CREATE INDEX orders_customer ON orders (customer_id);
CREATE INDEX orders_address ON orders (address_id);
CREATE INDEX payment_order ON payment (order_id);
CREATE INDEX invoice_customer ON invoice (customer_id);
CREATE INDEX invoice_order ON invoice (order_id);
CREATE INDEX invoice_sent_to ON invoice (sent_to);
CREATE INDEX case_order ON after_sales_case (order_id);
CREATE INDEX message_case ON case_message (case_id);
CREATE INDEX browsing_customer ON browsing (customer_id);
CREATE INDEX login_customer ON login_log (customer_id);
CREATE INDEX consent_customer ON consent (customer_id);
ALTER TABLE address ADD FOREIGN KEY (customer_id) REFERENCES customer;
ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customer;
ALTER TABLE orders ADD FOREIGN KEY (address_id) REFERENCES address;
ALTER TABLE order_line ADD FOREIGN KEY (order_id) REFERENCES orders;
ALTER TABLE payment ADD FOREIGN KEY (order_id) REFERENCES orders;
ALTER TABLE invoice ADD FOREIGN KEY (customer_id) REFERENCES customer;
ALTER TABLE invoice ADD FOREIGN KEY (order_id) REFERENCES orders;
ALTER TABLE after_sales_case ADD FOREIGN KEY (order_id) REFERENCES orders;
ALTER TABLE case_message ADD FOREIGN KEY (case_id) REFERENCES after_sales_case;
ALTER TABLE browsing ADD FOREIGN KEY (customer_id) REFERENCES customer;
ALTER TABLE login_log ADD FOREIGN KEY (customer_id) REFERENCES customer;
ALTER TABLE consent ADD FOREIGN KEY (customer_id) REFERENCES customer;
"""

KEYS = {
    "customer": "id",
    "address": "id",
    "orders": "id",
    "order_line": "order_id * 10 + line_no",
    "payment": "id",
    "invoice": "id",
    "after_sales_case": "id",
    "case_message": "id",
    "browsing": "id",
    "login_log": "id",
    "consent": "id",
}


def fill_company(url: str, customers: int) -> int:
    """Create and fill the tables of an empty database; the last customer has 40,000 rows more. Returns rows in all."""
    with psycopg.connect(_plain(url), autocommit=True) as connection:
        for script in (CREATE, FILL.format(n=customers, big=BIG_ROWS), INDEXES):
            for statement in script.split(";\n"):
                if statement.strip():
                    connection.execute(statement)  # type: ignore[call-overload]
        connection.execute("VACUUM ANALYZE")
        return sum(_count(connection, table) for table in KEYS)


def copy_database(server: str, source: str, target: str) -> None:
    """Make `target` a copy of `source`, block by block."""
    with psycopg.connect(_plain(server), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')  # type: ignore[call-overload]


def rows_apart(first: str, second: str) -> Iterator[tuple[str, int, str]]:
    """(table, key, `gone` or `changed`) of every row of the first database that the second has lost or changed."""
    with psycopg.connect(_plain(first)) as before, psycopg.connect(_plain(second)) as after:
        for table, key in KEYS.items():
            wanted = f"SELECT {key}, hashtextextended({table}::text, 0) FROM {table}"
            left = dict(after.execute(wanted).fetchall())  # type: ignore[call-overload]
            for number, content in before.execute(wanted):  # type: ignore[call-overload]
                if left.get(number) != content:
                    yield table, number, "changed" if number in left else "gone"


def durability(url: str) -> str:
    """The settings that decide how long a commit waits, as the server has them."""
    with psycopg.connect(_plain(url)) as connection:
        names = ("fsync", "synchronous_commit", "full_page_writes")
        return ", ".join(f"{one}={connection.execute(f'SHOW {one}').fetchone()[0]}" for one in names)  # type: ignore


def _count(connection: psycopg.Connection, table: str) -> int:
    return connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # type: ignore


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://")
