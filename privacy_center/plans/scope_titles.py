"""A scope in the customer's words: the titles of groups, kinds of record and fields, never their keys."""

from privacy_center.datamap.catalogue import Catalogue
from privacy_center.datamap.graph import Collection, DataMap
from privacy_center.errors import Words
from privacy_center.privacy_requests.scope import ChosenRecords, RequestScope, Scope

ALL_DATA = Words("全部信息", "All your data")
SOME_RECORDS = Words("{title}（选定的 {count} 条）", "{title} ({count} chosen)")
ACCOUNT_GROUP = "identity"


def scope_titles(catalogue: Catalogue, data_map: DataMap, scope: RequestScope) -> list[Words]:
    """What a request is about, as titles: a group chosen in full by its own title, else the kinds of record chosen in it."""
    if scope.kind is Scope.EVERYTHING:
        return [ALL_DATA]
    if scope.categories is not None:
        return list(dict.fromkeys(catalogue.category(one).title for one in scope.categories))
    chosen, titles = scope.collections, []
    for group, members in records_by_group(catalogue, data_map).items():
        picked = {one.key: chosen[one.key] for one in members if one.key in chosen}
        if len(picked) == len(members) and not any(one.fields or one.records is not None for one in picked.values()):
            titles.append(catalogue.group(group).title)
        else:
            titles += [_kind_title(catalogue, data_map.collections[key], how) for key, how in picked.items()]
    return titles


def joined_titles(titles: list[Words]) -> Words:
    """Titles as one text: 联系方式、订单交易."""
    return Words("、".join(one.zh for one in titles), ", ".join(one.en for one in titles))


def records_by_group(catalogue: Catalogue, data_map: DataMap) -> dict[str, list[Collection]]:
    """Group → its collections with personal data that may be changed, groups in their order: the groups of *My data*."""
    groups: dict[str, list[Collection]] = {}
    for collection in data_map.collections.values():
        if collection.personal and not collection.skip_processing:
            groups.setdefault(catalogue.group_of(collection).key, []).append(collection)
    return {key: groups[key] for key in sorted(groups, key=lambda one: (catalogue.group(one).order, one))}


def is_account(catalogue: Catalogue, collection: Collection) -> bool:
    """Whether a record of the collection is an account: it carries an identity and stands in the group of accounts."""
    return bool(collection.identities) and catalogue.group_of(collection).key == ACCOUNT_GROUP


def _kind_title(catalogue: Catalogue, collection: Collection, chosen: ChosenRecords) -> Words:
    title = catalogue.collection(collection.key).title
    if chosen.fields:
        fields = joined_titles([catalogue.field_title(collection, path) for path in chosen.fields])
        title = Words(f"{title.zh}（{fields.zh}）", f"{title.en} ({fields.en})")
    if chosen.records is not None:
        count = len(chosen.records)
        title = Words(
            SOME_RECORDS.zh.format(title=title.zh, count=count), SOME_RECORDS.en.format(title=title.en, count=count)
        )
    return title
