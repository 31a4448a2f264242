"""A company whose map is written as companies write it, in YAML, on any kind of database."""

from pathlib import Path

from privacy_center.datamap.load import load_map
from privacy_center.sources.config import SourceConfig
from tests.rooms.sources.company import Company


def written(folder: Path, url: str, collections: str, *statements: str, refused: str = "") -> Company:
    """The company of a map (`collections` of the dataset `shop`) and of the tables that the statements make. `refused`: what
    every error of its check says; without it the map has none.
    """
    (folder / "map").mkdir(exist_ok=True)
    (folder / "map" / "shop.yml").write_text(f"fides_key: shop\ncollections:\n{collections}", "utf-8")
    data_map, findings = load_map(folder / "map")
    errors = [one.spoken("en") for one in findings if one.level == "error"]
    assert all(refused and refused in error for error in errors) and bool(errors) == bool(refused), errors
    company = Company(data_map, {"shop": SourceConfig(url)})
    company.run("shop", *statements)
    return company
