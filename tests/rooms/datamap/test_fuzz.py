"""Whatever a file holds, reading it gives a map and findings, never an exception."""

import tempfile
from pathlib import Path

import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from privacy_center.datamap.catalogue import load_catalogue
from privacy_center.datamap.load import load_map
from privacy_center.datamap.vocabulary import KEYS

WORDS = sorted({key for keys in KEYS.values() for key in keys} | {"dataset", "shop", "shop.a", "a.id", "email", "from"})
scalars = st.none() | st.booleans() | st.integers(-5, 50) | st.floats(allow_nan=False) | st.text(max_size=8)
scalars |= st.sampled_from(WORDS) | st.dates()
keys = st.sampled_from(WORDS) | scalars
anything = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=5), max_leaves=25
)

names = st.sampled_from(["a", "b", "id", "on", "x.y", ""]) | scalars
metas = st.dictionaries(st.sampled_from(sorted(KEYS["field_meta"] | KEYS["collection_meta"])), anything, max_size=4)
fields = st.recursive(
    st.fixed_dictionaries({"name": names}, optional={"fides_meta": metas | anything, "data_categories": anything}),
    lambda inner: st.fixed_dictionaries({"name": names}, optional={"fields": st.lists(inner, max_size=3) | anything}),
    max_leaves=6,
)
collections = st.fixed_dictionaries(
    {"name": names}, optional={"fields": st.lists(fields, max_size=4) | anything, "fidesops_meta": metas | anything}
)
datasets = st.fixed_dictionaries(
    {"fides_key": names}, optional={"collections": st.lists(collections, max_size=3) | anything, "fides_meta": anything}
)

quick = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def _load(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "map.yml").write_text(text, "utf-8", errors="replace")
        data_map, findings = load_map(Path(folder))
        assert all(one.words.zh and one.words.en for one in findings)
        assert all(
            link.child in data_map.collections and link.parent in data_map.collections for link in data_map.links
        )
        catalogue = load_catalogue(Path(folder) / "map.yml")
        catalogue.check_against(data_map)
        assert catalogue.category("user.contact.email").title.en


@quick
@given(anything)
def test_any_structure_is_read_without_an_exception(value: object) -> None:
    _load(yaml.safe_dump(value, allow_unicode=True))


@quick
@example([{"fides_key": "a", "collections": True}])
@given(st.lists(datasets, max_size=3))
def test_anything_like_a_dataset_is_read_without_an_exception(value: object) -> None:
    _load(yaml.safe_dump({"dataset": value}, allow_unicode=True))


@quick
@given(st.text(max_size=200))
def test_any_text_is_read_without_an_exception(text: str) -> None:
    _load(text)


@quick
@given(
    st.dictionaries(st.sampled_from(["categories", "groups", "collections", "records", "markers", "sources"]), anything)
)
def test_any_catalogue_is_read_without_an_exception(value: object) -> None:
    _load(yaml.safe_dump(value, allow_unicode=True))
