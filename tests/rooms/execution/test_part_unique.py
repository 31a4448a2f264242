"""Masked values keep apart what an index over an expression, or over some rows only, keeps apart."""

import pytest
import sqlalchemy as sa

from privacy_center.privacy_requests.queries import request_by_reference
from tests import corner
from tests.rooms.sources.databases import any_url  # noqa: F401

EXPRESSION = "CREATE UNIQUE INDEX one_name ON customer (lower(name))"
INDEXES = {
    "sqlite": (EXPRESSION, "CREATE UNIQUE INDEX one_name ON customer (name) WHERE phone IS NULL"),
    "postgresql": (
        EXPRESSION,
        "CREATE UNIQUE INDEX one_name ON customer (name) WHERE phone IS NULL",
        "CREATE UNIQUE INDEX one_phone ON customer (phone) NULLS NOT DISTINCT",
    ),
    "mysql": ("ALTER TABLE customer ADD COLUMN folded VARCHAR(40) AS (lower(name)) VIRTUAL, ADD UNIQUE (folded)",),
}


@pytest.mark.parametrize("number", range(3))
def test_two_customers_one_after_the_other_are_masked_under_a_unique_index(any_url, tmp_path, number):  # noqa: F811
    statements = INDEXES[sa.make_url(any_url).get_backend_name()]
    if number >= len(statements):
        pytest.skip("this database has no such index")
    shop = corner.open_corner(tmp_path / "home", shop_url=any_url)
    with shop.shop.begin() as connection:
        connection.exec_driver_sql(statements[number])
    shop.change(
        corner.invoice.update().where(corner.invoice.c.id == 42).values(customer_id=corner.WANG, issued_on=None)
    )
    shop.center.sources.refresh()
    for email in ("li@example.com", "wang@example.com"):
        reference = corner.sign_and_run(shop, {"email": [email]})
        with shop.center.database.reading() as session:
            assert request_by_reference(session, reference).state.value == "completed_with_holds"
    assert not {"李雷", "王芳"} & {row["name"] for row in shop.rows(corner.customer)}
    shop.center.close()
    shop.shop.dispose()
    shop.crm.dispose()
