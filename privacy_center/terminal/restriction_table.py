"""Commands about the side table of restricted records: print its DDL for whoever runs the database, or make it."""

from argparse import Namespace
from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from privacy_center.center import Center
from privacy_center.datamap.compare import RESTRICTION_TABLE
from privacy_center.errors import Refusal
from privacy_center.plans.restriction import side_table
from privacy_center.sources.restriction_views import side_table_statement, view_statements
from privacy_center.sources.trouble import Trouble, Unavailable, explain
from privacy_center.terminal.opening import open_to_look
from privacy_center.terminal.say import say


def run_show(arguments: Namespace) -> int:
    """The statements that make the side table of a dataset, and its views with `--views`. Changes nothing."""
    center = _opened(arguments)
    statements = list(_statements(center, arguments.dataset, views=arguments.views))
    say(arguments, {"statements": [text for _, text in statements]}, [f"{text};\n" for _, text in statements])
    return 0


def run_create(arguments: Namespace) -> int:
    """Make what is not there yet. Refuses where the account may not, with the statements' own command to print them."""
    center = _opened(arguments)
    present = center.sources.schema_of(arguments.dataset).tables
    missing = [one for one in _statements(center, arguments.dataset, views=arguments.views) if one[0] not in present]
    try:
        with center.sources.changing(arguments.dataset).begin() as connection:
            for _, text in missing:
                connection.execute(sa.DDL(text.replace("%", "%%")))
    except Trouble as trouble:
        why = explain(trouble)
        raise Refusal(
            f"没有建成：{why.zh} 请让数据库管理员运行 restriction-table show {arguments.dataset} 打印的语句。",
            f"Not created: {why.en} Have a database administrator run what restriction-table show {arguments.dataset} prints.",
        ) from trouble
    made = [name for name, _ in missing]
    say(arguments, {"created": made}, made or [f"{RESTRICTION_TABLE}: nothing to create"])
    return 0


def _opened(arguments: Namespace) -> Center:
    center = open_to_look(arguments.home, sound=False)
    if arguments.dataset not in center.data_map.datasets:
        raise Refusal(
            f"数据地图里没有数据集 {arguments.dataset}。", f"The data map has no dataset {arguments.dataset}."
        )
    return center


def _statements(center: Center, dataset: str, *, views: bool) -> Iterator[tuple[str, str]]:
    engine, side = center.sources.engine(dataset), side_table(center, dataset)
    yield RESTRICTION_TABLE, side_table_statement(side, engine.dialect)
    if views:
        yield from view_statements(side, _listed_tables(center, dataset), engine.dialect)


def _listed_tables(center: Center, dataset: str) -> Iterator[tuple[sa.Table, Sequence[str]]]:
    """Tables of personal data whose restricted records are entered in the side table."""
    for collection in center.data_map.of(dataset):
        if collection.skip_processing or not any(
            category.startswith("user") for category in _categories(center, collection.key)
        ):
            continue
        try:
            table, key_fields = center.sources.table(collection.key), center.sources.key_fields(collection.key)
            keyless = center.sources.keyless(collection.key)
        except Unavailable:
            continue
        if not keyless and collection.key not in center.catalogue.markers:
            yield table, key_fields


def _categories(center: Center, collection: str) -> list[str]:
    one = center.data_map.collections[collection]
    return [*one.data_categories, *(said for field in one.fields.values() for said in field.data_categories)]
