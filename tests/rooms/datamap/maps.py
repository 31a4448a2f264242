"""Small ways to write a map for one test."""

from pathlib import Path
from textwrap import dedent

from privacy_center.datamap.finding import Finding
from privacy_center.datamap.graph import DataMap
from privacy_center.datamap.load import load_map


def load(folder: Path, text: str, **more: str) -> tuple[DataMap, list[Finding]]:
    """The map of one file `map.yml` with this text, and of further files by name."""
    (folder / "map.yml").write_text(dedent(text), "utf-8")
    for name, other in more.items():
        (folder / f"{name}.yml").write_text(dedent(other), "utf-8")
    return load_map(folder)


def errors(findings: list[Finding]) -> list[str]:
    return [one.spoken("en") for one in findings if one.level == "error"]


def warnings(findings: list[Finding]) -> list[str]:
    return [one.spoken("en") for one in findings if one.level == "warning"]


def apart_from_reach(said: list[str]) -> list[str]:
    """What is said of anything but collections that no identity leads to."""
    return [one for one in said if "No identity leads to" not in one]


def only(said: list[str]) -> str:
    assert len(said) == 1, said
    return said[0]
