"""Foreign keys that come from another schema or database of the same server hold like any other."""

import pytest
import sqlalchemy as sa

from tests import corner


@pytest.fixture(params=["postgresql", "mariadb"])
def server(request):
    """The URL of the shop's database, and the name of a place beside it on the same server."""
    if request.param == "postgresql":
        url = request.getfixturevalue("new_postgres")()
        _run(url, "CREATE SCHEMA books")
        return url, "books"
    new_mariadb = request.getfixturevalue("new_mariadb")
    return new_mariadb(), sa.make_url(new_mariadb()).database


def _run(url, *statements):
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        found = [connection.exec_driver_sql(one) for one in statements]
        rows = found[-1].all() if found[-1].returns_rows else []
    engine.dispose()
    return rows


@pytest.mark.parametrize("rule", ["", "ON DELETE CASCADE"])
def test_a_row_that_another_schema_refers_to_is_emptied_and_nothing_there_goes_along(server, tmp_path, rule):
    url, beside = server
    shop = corner.open_corner(tmp_path, shop_url=url)
    here = f"{sa.make_url(url).database}.customer" if "mysql" in url else "public.customer"
    _run(
        url,
        f"CREATE TABLE {beside}.ledger (id INT PRIMARY KEY, customer_id INT,"
        f" FOREIGN KEY (customer_id) REFERENCES {here} (id) {rule})",
        f"INSERT INTO {beside}.ledger VALUES (1, {corner.WANG})",
    )
    shop.center.sources.refresh()
    corner.sign_and_run(shop, {"email": ["wang@example.com"]})
    assert _run(url, f"SELECT id, customer_id FROM {beside}.ledger") == [(1, corner.WANG)]
    wang = next(row for row in shop.rows(corner.customer) if row["id"] == corner.WANG)
    assert "wang" not in wang["email"] and wang["name"] != "王芳"
    assert all(row["customer_id"] != corner.WANG for row in shop.rows(corner.orders))
    shop.center.close()
    shop.shop.dispose()
    shop.crm.dispose()
