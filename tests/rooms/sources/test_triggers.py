"""What a trigger does to other records is read from its text."""

import pytest

from privacy_center.sources.triggers import changed_tables

DELETE, UPDATE = frozenset({"DELETE"}), frozenset({"UPDATE"})


@pytest.mark.parametrize(
    ("text", "tables"),
    [
        ("DELETE FROM line WHERE order_id = OLD.id;", ["line"]),
        ('delete\n  from only "shop"."Line" where order_id = old.id;', ["line"]),
        ("UPDATE customer SET orders = orders - 1 WHERE id = OLD.customer_id;", ["customer"]),
        ("UPDATE customer c JOIN orders o ON o.customer_id = c.id SET c.n = 1;", ["customer"]),
        ("INSERT INTO totals VALUES (1) ON CONFLICT (id) DO UPDATE SET n = 1;", ["totals"]),
        ("INSERT INTO totals VALUES (1) ON DUPLICATE KEY UPDATE n = 1;", ["totals"]),
        ("REPLACE INTO totals VALUES (1);", ["totals"]),
        ("TRUNCATE totals;", ["totals"]),
        ("EXECUTE format('DELETE FROM %I', TG_ARGV[0]);", ["?"]),
        ("INSERT INTO archive SELECT OLD.*;", []),
        ("IF TG_OP = 'DELETE' THEN INSERT INTO archive VALUES (OLD.id); END IF; -- DELETE FROM line\n", []),
        ("SELECT 1 FROM customer WHERE id = OLD.customer_id FOR UPDATE;", []),
        ("SET NEW.updated_at = now();", []),
        ("NEW.updated_at := now(); RETURN NEW;", []),
    ],
)
def test_tables_whose_rows_are_changed_or_deleted_are_named(text: str, tables: list[str]):
    assert list(changed_tables(text, "orders", DELETE)) == tables


def test_a_trigger_that_stamps_the_changed_row_itself_changes_no_other():
    stamp = "UPDATE orders SET updated_at = 1 WHERE id = NEW.id;"
    assert list(changed_tables(stamp, "orders", UPDATE)) == []
    assert list(changed_tables(stamp, "orders", DELETE | UPDATE)) == ["orders"]
    assert list(changed_tables("UPDATE orders SET seen = 1 WHERE id = NEW.id OR 1;", "orders", UPDATE)) == ["orders"]
    assert list(changed_tables("UPDATE orders SET seen = 1 WHERE customer_id = NEW.id;", "orders", UPDATE)) == [
        "orders"
    ]
