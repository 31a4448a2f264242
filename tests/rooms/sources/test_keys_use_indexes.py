"""Rows are picked by their keys through the index, never by reading the whole table."""

import pytest
import sqlalchemy as sa

from privacy_center.sources.keys import rows_with

stock = sa.MetaData()
order = sa.Table("orders", stock, sa.Column("id", sa.Integer, primary_key=True, autoincrement=False))
line = sa.Table(
    "order_line", stock,
    sa.Column("order_id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("line_no", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("item", sa.String(20)),
)  # fmt: skip
BY_KEY = [(order, ["id"], [(3,), (5,)]), (line, ["order_id", "line_no"], [(3, 1), (5, 2)])]


@pytest.fixture(params=["sqlite", "mariadb"])
def engine(request, tmp_path):
    on_sqlite = request.param == "sqlite"
    made = sa.create_engine(
        f"sqlite:///{tmp_path / 'stock.db'}" if on_sqlite else request.getfixturevalue("mariadb_url")
    )
    stock.create_all(made)
    with made.begin() as connection:
        connection.execute(order.insert(), [{"id": number} for number in range(2_000)])
        lines = [{"order_id": number, "line_no": n, "item": "x"} for number in range(2_000) for n in (1, 2)]
        connection.execute(line.insert(), lines)
    yield made
    made.dispose()


@pytest.mark.parametrize("table, names, keys", BY_KEY, ids=["one column", "two columns"])
def test_an_index_serves_every_key(engine, table, names, keys):
    (condition,) = rows_with(table, names, keys)
    statement = sa.delete(table).where(condition)
    written = statement.compile(engine, compile_kwargs={"literal_binds": True})
    with engine.connect() as connection:
        explain = "EXPLAIN QUERY PLAN " if engine.dialect.name == "sqlite" else "EXPLAIN "
        steps = [row._mapping for row in connection.exec_driver_sql(f"{explain}{written}")]
    if engine.dialect.name == "sqlite":
        assert any(step["detail"].startswith(f"SEARCH {table.name}") for step in steps), steps
    else:
        assert steps[0]["type"] == "range" and int(steps[0]["rows"]) < 10, steps
