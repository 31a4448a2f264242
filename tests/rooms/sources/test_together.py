"""Changes to several tables at once: the same rows on every kind of database, in one statement where it can be."""

import pytest
import sqlalchemy as sa

from privacy_center.sources.masks import masks_for
from privacy_center.sources.together import delete_together, mask_together, refuses_together
from privacy_center.sources.write import Place
from tests.rooms.sources.databases import any_url, collection, keyed_hash, open_shop  # noqa: F401

METADATA = sa.MetaData()
VISIT, LINE = (
    sa.Table(
        name,
        METADATA,
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("email", sa.String(60)),
        sa.Column("note", sa.String(40)),
        sa.Column("held", sa.Boolean, nullable=False),
    )
    for name in ("visit", "line")
)
MAPPED = tuple(collection(name, id=None, email=None, note=None, held=None) for name in ("visit", "line"))


@pytest.fixture
def shop(any_url):  # noqa: F811
    opened = open_shop(any_url, METADATA, *MAPPED)
    rows = [{"id": n, "email": f"c{n}@example.com", "note": "门口", "held": n == 3} for n in range(1, 6)]
    with opened.changing("shop").begin() as connection:
        for table in (VISIT, LINE):
            connection.execute(table.insert(), rows)
    yield opened
    opened.close()


def places(shop, *keys):
    tables = [shop.table(f"shop.{name}") for name in ("visit", "line")]
    return [Place(one, ("id",), [(key,) for key in keys], one.c.held.is_(False)) for one in tables]


def rows_of(connection, name):
    return [tuple(row) for row in connection.execute(sa.text(f"SELECT id, email, note FROM {name} ORDER BY id"))]


@pytest.fixture
def sent(shop):
    """The statements that were sent."""
    seen: list[str] = []
    sa.event.listen(shop.engine("shop"), "before_cursor_execute", lambda _c, _k, said, *_rest: seen.append(said))
    return seen


def test_rows_of_several_tables_go_and_guarded_ones_stay(shop, sent):
    wanted = places(shop, 1, 2, 3, 9)
    with shop.changing("shop").begin() as connection:
        del sent[:]
        assert delete_together(connection, wanted) == [2, 2]
        assert len(sent) == (1 if connection.dialect.name == "postgresql" else 2)
        assert delete_together(connection, wanted) == [0, 0]
        assert [[row[0] for row in rows_of(connection, name)] for name in ("visit", "line")] == [[3, 4, 5]] * 2


def test_fields_of_several_tables_are_masked_alike_or_each_row_in_its_own_way(shop, sent):
    live = shop.schema_of("shop").tables["visit"]
    masks = masks_for(MAPPED[0], ("note",), shop.table("shop.visit"), live, keyed_hash)
    with shop.changing("shop").begin() as connection:
        del sent[:]
        assert mask_together(connection, [(place, masks) for place in places(shop, 1, 2, 3)]) == [2, 2]
        assert len(sent) == (1 if connection.dialect.name == "postgresql" else 2)
        for name in ("visit", "line"):
            assert [row[2] for row in rows_of(connection, name)] == [None, None, "门口", "门口", "门口"]


def test_more_keys_than_one_condition_takes_and_a_single_table_go_one_after_the_other(shop):
    with shop.changing("shop").begin() as connection:
        assert delete_together(connection, places(shop, *range(4, 700))) == [2, 2]
        assert delete_together(connection, places(shop, 1)[:1]) == [1]
        assert delete_together(connection, []) == []


def test_a_trigger_that_touches_another_of_the_tables_is_known_by_its_error(shop):
    if shop.engine("shop").dialect.name != "postgresql":
        pytest.skip("other databases get one statement a table")
    with shop.changing("shop").begin() as connection:
        connection.exec_driver_sql(
            "CREATE FUNCTION tidy() RETURNS trigger AS $$ BEGIN UPDATE visit SET note = NULL WHERE id = OLD.id;"
            " UPDATE line SET note = NULL WHERE id = OLD.id; RETURN OLD; END $$ LANGUAGE plpgsql"
        )
        for name in ("visit", "line"):
            connection.exec_driver_sql(
                f"CREATE TRIGGER tidy BEFORE DELETE ON {name} FOR EACH ROW EXECUTE FUNCTION tidy()"
            )
    with pytest.raises(sa.exc.DBAPIError) as error, shop.changing("shop").begin() as connection:
        delete_together(connection, places(shop, 1))
    assert refuses_together(error.value)
