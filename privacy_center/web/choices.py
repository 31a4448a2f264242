"""What a customer can choose to delete: the catalogue's groups, and the data categories behind each."""

from privacy_center.errors import Words
from privacy_center.web.filters import words
from privacy_center.web.units import center

SHOWN_TITLES = 4


def categories_by_group() -> dict[str, list[str]]:
    """Group key → the personal data categories of the data map that stand in it, groups in their order."""
    house = center()
    found: dict[str, list[str]] = {}
    for category in _categories_of_map():
        found.setdefault(house.catalogue.category(category).group, []).append(category)
    return {key: found[key] for key in sorted(found, key=lambda one: house.catalogue.group(one).order)}


def group_choices() -> list[tuple[str, str, str]]:
    """The groups as boxes to tick: key, title, and what is in them in a few words."""
    house = center()
    return [
        (key, words(house.catalogue.group(key).title), _some_titles(categories))
        for key, categories in categories_by_group().items()
    ]


def group_titles(groups: list[str]) -> list[Words]:
    """The titles of chosen groups."""
    return [center().catalogue.group(key).title for key in groups]


def categories_of(groups: list[str]) -> list[str]:
    """The data categories of the chosen groups; unknown groups give nothing."""
    known = categories_by_group()
    return sorted({category for key in groups for category in known.get(key, [])})


def titles_of_categories(categories: list[str]) -> Words:
    """The groups of some data categories, joined: 联系方式、订单与付款."""
    house = center()
    groups = dict.fromkeys(house.catalogue.category(one).group for one in categories)
    titles = [house.catalogue.group(key).title for key in groups]
    return Words("、".join(one.zh for one in titles), ", ".join(one.en for one in titles))


def low_risk(scope: str, groups: list[str]) -> bool:
    """Whether deleting at once may be offered: only some groups, and nothing sensitive in them."""
    house = center()
    return scope == "categories" and not any(house.catalogue.category(one).sensitive for one in categories_of(groups))


def _categories_of_map() -> list[str]:
    seen: dict[str, None] = {}
    for collection in center().data_map.collections.values():
        for category in [
            *collection.data_categories,
            *(c for f in collection.fields.values() for c in f.data_categories),
        ]:
            if category.startswith("user"):
                seen.setdefault(category)
    return list(seen)


def _some_titles(categories: list[str]) -> str:
    titles = list(dict.fromkeys(words(center().catalogue.category(one).title) for one in categories))
    joined = words(Words("、", ", ")).join(titles[:SHOWN_TITLES])
    return joined + (words(Words("等", " and more")) if len(titles) > SHOWN_TITLES else "")
