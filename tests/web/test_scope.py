"""Only what a customer chose is changed, and every paper says what that was."""

import re
from collections.abc import Iterator

import pytest

from privacy_center.execution.certify import certificates_of
from privacy_center.execution.held import open_entries
from privacy_center.plans.scope_titles import records_by_group
from privacy_center.privacy_requests.queries import request_by_reference
from tests.web.customer_room import CustomerRoom

ROWS = dict[str, list[tuple]]


def company_rows(counter: CustomerRoom) -> ROWS:
    """Every row of every mapped table of the company, by collection."""
    sources, found = counter.center.sources, {}
    for dataset in counter.center.data_map.datasets:
        with sources.engine(dataset).connect() as connection:
            for one in counter.center.data_map.of(dataset):
                rows = connection.exec_driver_sql(f'SELECT * FROM "{one.name}"')
                found[one.key] = sorted(map(tuple, rows), key=repr)
    return found


def changed(before: ROWS, after: ROWS) -> set[str]:
    return {collection for collection in before if before[collection] != after[collection]}


def groups_of(counter: CustomerRoom) -> dict[str, set[str]]:
    center = counter.center
    return {
        group: {one.key for one in members}
        for group, members in records_by_group(center.catalogue, center.data_map).items()
    }


def boxes(page: str) -> list[str]:
    return re.findall(r'name="categories" value="([^"]+)"', page)


@pytest.mark.parametrize(
    ("story", "group"),
    [
        ("open-case", "behaviour"),
        ("open-case", "tags"),
        ("open-case", "contact"),
        ("open-case", "service"),
        ("open-case", "identity"),
        ("open-case", "orders"),
        ("open-case", "marketing"),
        ("unused-points", "rewards"),
        ("unused-points", "behaviour"),
    ],
)
def test_one_group_alone_changes_records_of_that_group_and_of_no_other(counter: CustomerRoom, story: str, group: str):
    browser, before = counter.sign_in(story), company_rows(counter)
    page = browser.get("/me/deletion/").text
    assert group in boxes(page), boxes(page)
    reference = browser.submit(chosen={"scope": "categories", "categories": [group]})
    counter.approve(reference)
    touched = changed(before, company_rows(counter))
    assert touched <= groups_of(counter)[group] and (touched or group == "service"), touched
    with counter.center.database.reading() as session:
        asked = request_by_reference(session, reference)
        for one in certificates_of(session, asked.id):
            named = {*one.body["collections"], *(line["collection"] for line in one.body["cleared"])}
            assert named <= groups_of(counter)[group], "the certificate says nothing of other records"
        assert {held.collection for held in open_entries(session, request_id=asked.id)} <= groups_of(counter)[group]


def test_every_group_of_my_data_has_its_box_and_no_other(counter: CustomerRoom):
    lin = counter.sign_in("open-case")
    shown = set(re.findall(r"/me/data/\?group=([\w-]+)", lin.get("/me/data/").text))
    assert shown and set(boxes(lin.get("/me/deletion/").text)) == shown


def test_a_single_kind_of_record_can_be_chosen_in_a_group(counter: CustomerRoom):
    lin, before = counter.sign_in("open-case"), company_rows(counter)
    kinds = re.findall(r'name="kinds" value="([^"]+)"', lin.get("/me/deletion/").text)
    assert "shop.browsing" in kinds or kinds
    kind = next(one for one in kinds if one in groups_of(counter)["behaviour"])
    reference = lin.submit(chosen={"scope": "categories", "kinds": [kind]})
    counter.approve(reference)
    assert changed(before, company_rows(counter)) == {kind}
    title = counter.center.catalogue.collection(kind).title.zh
    assert title in lin.get(f"/me/requests/{reference}").text
    assert title in lin.get(f"/me/requests/{reference}/certificate").text


def test_the_papers_name_each_field_that_is_cleared_with_its_records(counter: CustomerRoom):
    lin, before = counter.sign_in("open-case"), company_rows(counter)
    lin.choose()
    lin.get("/me/deletion/preview")
    assert "执行时清空" in lin.words() and "已清空" not in lin.words(), "nothing has been cleared yet"
    reference = lin.submit()
    counter.approve(reference)
    after = company_rows(counter)
    with counter.center.database.reading() as session:
        body = certificates_of(session, request_by_reference(session, reference).id)[0].body
    written = {
        (line["collection"], field["field"]): field["records"] for line in body["cleared"] for field in line["fields"]
    }
    assert written == dict(fields_emptied(counter, before, after))
    page = lin.get(f"/me/requests/{reference}/certificate").text
    assert "已清空的内容" in page and not re.search(r"\d 行", lin.words())
    assert all(field["title"]["zh-CN"] in page for line in body["cleared"] for field in line["fields"])


def fields_emptied(counter: CustomerRoom, before: ROWS, after: ROWS) -> Iterator[tuple[tuple[str, str], int]]:
    """(collection, field) → records that are there before and after and whose field held something and reads otherwise."""
    for key, collection in counter.center.data_map.collections.items():
        with counter.center.sources.engine(collection.dataset).connect() as connection:
            names = list(connection.exec_driver_sql(f'SELECT * FROM "{collection.name}"').keys())
        keyed = [names.index(path) for path in counter.center.sources.key_fields(key)]
        if len(set(names)) == len(keyed):
            continue
        was, now = ({tuple(row[at] for at in keyed): row for row in rows[key]} for rows in (before, after))
        for at, name in enumerate(names):
            count = sum(
                1 for row in now if row in was and now[row][at] != was[row][at] and was[row][at] not in (None, "")
            )
            if count and name in collection.fields:
                yield (key, name), count


def test_closing_the_account_is_said_before_anything_is_submitted(counter: CustomerRoom):
    lin = counter.sign_in("open-case")
    lin.choose()
    lin.get("/me/deletion/preview")
    assert "账户" in lin.words() and "不能再" in lin.words()
    lin.choose("categories", categories=["behaviour"])
    lin.get("/me/deletion/preview")
    assert "账户不受影响" in lin.words()
