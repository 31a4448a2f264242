"""YAML files as plain structures, with what YAML itself hides: doubled keys, and the line of a mistake."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from privacy_center.datamap.finding import Findings

MAX_DEPTH = 60
_Fast = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Fast):  # type: ignore[valid-type,misc]
    """A safe loader that remembers keys written twice in one mapping (YAML keeps only the last one)."""

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.doubled: list[tuple[str, int]] = []

    def construct_mapping(self, node: yaml.Node, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value if isinstance(node, yaml.MappingNode) else ():
            if isinstance(key, yaml.ScalarNode) and key.value != "<<":
                if key.value in seen:
                    self.doubled.append((key.value, key.start_mark.line + 1))
                seen.add(key.value)
        return super().construct_mapping(node, deep=deep)


def read_folder(folder: Path, findings: Findings) -> Iterator[tuple[str, Any]]:
    """Every YAML document under the folder as (file, structure), in the order of file names; a broken file is a finding."""
    if not folder.is_dir():
        findings.at(str(folder)).error(
            "没有数据地图的文件夹。请建立它，并放入 Fideslang 的 dataset 文件。",
            "There is no folder for the data map. Create it and put Fideslang dataset files into it.",
        )
        return
    for path in sorted(one for one in folder.rglob("*") if one.suffix in (".yml", ".yaml") and one.is_file()):
        file = path.relative_to(folder).as_posix()
        for document in read_file(path, findings, file):
            yield file, document


def read_file(path: Path, findings: Findings, file: str = "") -> list[Any]:
    """The documents of one YAML file; what cannot be read is a finding with its line, and the file gives nothing."""
    file = file or path.name
    try:
        return _parse(path.read_text("utf-8-sig"), findings, file)
    except UnicodeDecodeError:
        findings.at(file).error("不是 UTF-8 编码。请另存为 UTF-8。", "The file is not UTF-8. Save it as UTF-8.")
    except OSError as error:
        said = error.strerror or str(error)
        findings.at(file).error(
            f"打不开：{said}。请检查文件权限。", f"It cannot be opened: {said}. Check its permissions."
        )
    except RecursionError:
        findings.at(file).error(
            "嵌套太深，或指回了自己，读不下去。请减少层级。",
            "It is nested too deeply or holds itself. Use fewer levels.",
        )
    except (yaml.YAMLError, ValueError) as error:
        line, said = _where(error)
        findings.at(file).error(
            f"第 {line} 行不是正确的 YAML：{said}。请改正缩进或符号。",
            f"Line {line} is not correct YAML: {said}. Correct the indentation or the signs there.",
        )
    return []


def _parse(text: str, findings: Findings, file: str) -> list[Any]:
    loader = _Loader(text)
    documents = []
    try:
        while loader.check_data():
            documents.append(loader.get_data())
    finally:
        loader.dispose()
    for key, line in loader.doubled:
        findings.at(file).error(
            f"第 {line} 行：同一处写了两次 {key}，前一次会丢失。请合并或删掉一个。",
            f"Line {line}: {key} is written twice in one place, so the first one is lost. Merge them or remove one.",
        )
    if any(_goes_in_circles(one, ()) for one in documents):
        raise RecursionError
    return [one for one in documents if one is not None]


def _goes_in_circles(value: Any, above: tuple[int, ...]) -> bool:
    """Whether a structure holds itself (by anchors), or is nested deeper than any data map is."""
    if not isinstance(value, dict | list):
        return False
    if len(above) > MAX_DEPTH or id(value) in above:
        return True
    inner = value.values() if isinstance(value, dict) else value
    return any(_goes_in_circles(one, (*above, id(value))) for one in inner)


def _where(error: Exception) -> tuple[int, str]:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    said = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
    return (mark.line + 1 if mark else 1), str(said).splitlines()[0][:200]
