"""Rows are read by key, in portions, with what stands inside documents."""

import pytest
import sqlalchemy as sa

from privacy_center.errors import Refusal
from privacy_center.sources.nested import inside, mask_inside
from privacy_center.sources.read import read_rows
from tests.rooms.sources.databases import any_url, collection, open_shop  # noqa: F401

METADATA = sa.MetaData()
NOTE = sa.Table("note", METADATA, sa.Column("id", sa.Integer, primary_key=True), sa.Column("body", sa.Text))


def test_rows_are_read_500_keys_a_statement_and_no_more_than_wanted(any_url):  # noqa: F811
    shop = open_shop(any_url, METADATA, collection("note", id=None, body=None))
    with shop.engine("shop").execution_options(writes=True).begin() as connection:
        connection.execute(NOTE.insert(), [{"id": n, "body": f"b{n}"} for n in range(1, 1501)])
    table, sent = shop.table("shop.note"), []
    sa.event.listen(shop.engine("shop"), "before_cursor_execute", lambda *told: sent.append(told[2]))
    keys = [(number,) for number in range(1, 2001)]
    with shop.engine("shop").connect() as connection:
        found = read_rows(connection, table, ("id",), keys, ("body",))
        assert next(found)[1][0].startswith("b")
        assert sum("SELECT" in one for one in sent) == 1, "nothing is read before it is asked for"
        assert len(list(found)) == 1499
        assert len(list(read_rows(connection, table, ("id",), keys, ("body",), limit=3))) == 3
        assert len(list(read_rows(connection, table, ("id",), keys, ("body",), limit=3, where=table.c.id > 1400))) == 3
    shop.close()


def test_a_path_leads_into_documents_lists_and_text_that_is_json():
    document = {"a": [{"b": 1}, {"b": 2}, {}], "c": {"d": "x"}}
    assert inside(document, ["a", "b"]) == [1, 2, None]
    assert inside('{"c": {"d": "x"}}', ["c", "d"]) == "x"
    assert inside(document, ["c", "d", "e"]) is None
    assert inside(None, ["a"]) is None


def test_masking_inside_a_document_leaves_the_original_and_the_rest_alone():
    document = {"a": [{"b": 1, "k": 1}], "c": 2}
    assert mask_inside(document, {"a.b": None, "nowhere.else": "x"}) == {"a": [{"b": None, "k": 1}], "c": 2}
    assert document["a"][0]["b"] == 1
    assert mask_inside('{"a": "张"}', {"a": "*"}) == '{"a": "*"}'
    assert mask_inside(None, {"a": 1}) is None


def test_text_that_is_no_json_is_refused_instead_of_being_guessed_at():
    with pytest.raises(Refusal, match="not JSON"):
        mask_inside("free text", {"a": 1})
