"""Rule packs off the disk: YAML to packs, and everything that is wrong with how they are written."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from privacy_center.datamap.finding import Findings, Place, did_you_mean
from privacy_center.errors import Words
from privacy_center.retention.condition import All, AnyOf, Compare, Exists, Not, Related
from privacy_center.retention.rule import Citation, Covers, Effective, Pack, PackHead, Rule, Until

SHIPPED = Path(__file__).parent / "packs"
OWN_PACK = Path(__file__).parent / "own" / "privacy-center.yml"
MODELS: dict[str, type[BaseModel]] = {"citation": Citation, "effective": Effective, "covers": Covers, "until": Until}
NOT_A_CONDITION = Words(
    "条件要写成 {field: …, eq: …}，或 all、any、not、exists。",
    "A condition is {field: …, eq: …}, or all, any, not, exists.",
)
SUFFIXES = (".yml", ".yaml")
NO_PACK = "anomalies.yml"


_Fast = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class PackLoader(_Fast):  # type: ignore[valid-type,misc]
    """YAML in which `on`, `off`, `yes` and `no` are words, and a key may stand only once."""

    yaml_implicit_resolvers = {
        letter: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:bool" or letter in "tTfF"]
        for letter, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key_node, _value in node.value:
            if key_node.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"{key_node.value} stands twice", key_node.start_mark
                )
            seen.add(key_node.value)
        return super().construct_mapping(node, deep)


def read_packs(folder: Path, findings: Findings) -> list[Pack]:
    """The packs of a home folder, and the shipped ones that it does not replace by a pack of the same name."""
    own = [pack for path in sorted(_files(folder)) if (pack := read_pack(path, findings))]
    named = {pack.pack for pack in own}
    shipped = [pack for path in sorted(_files(SHIPPED)) if (pack := read_pack(path, findings, shipped=True))]
    return own + [pack for pack in shipped if pack.pack not in named]


def read_pack(path: Path, findings: Findings, *, shipped: bool = False) -> Pack | None:
    """One pack. What is wrong with it goes to the findings; a rule that cannot be read is left out of it."""
    place = findings.at(path.name)
    try:
        raw = yaml.load(path.read_text("utf-8"), Loader=PackLoader)
    except (yaml.YAMLError, ValueError, TypeError, OSError, RecursionError) as error:
        said = " ".join(str(error).split())
        place.error(f"读不懂这份 YAML：{said}", f"This YAML cannot be read: {said}")
        return None
    if not isinstance(raw, Mapping) or not isinstance(raw.get("rules"), list):
        place.error(
            "规则包要有 pack、version、jurisdiction、status 和 rules 列表。",
            "A pack has pack, version, jurisdiction, status and a list of rules.",
        )
        return None
    head = _read_model(PackHead, {key: value for key, value in raw.items() if key != "rules"}, place, "")
    rules = [rule for number, one in enumerate(raw["rules"], 1) if (rule := _read_rule(one, number, place))]
    if head is None:
        return None
    return Pack.model_construct(**dict(head), rules=tuple(rules), file=path.name, shipped=shipped)


def _read_rule(raw: Any, number: int, place: Place) -> Rule | None:
    key = raw.get("key") if isinstance(raw, Mapping) else None
    return _read_model(Rule, raw, place, str(key or f"#{number}"))


def _read_model(model: type[BaseModel], raw: Any, place: Place, rule: str) -> Any:
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        for one in error.errors(include_url=False):
            words = _words_of(one, model)
            where = ".".join(_written_path(one["loc"]))
            zh = f"规则 {rule}" if rule else "规则包"
            en = f"rule {rule}" if rule else "pack"
            place.error(
                f"{zh} {where}：{words.zh}".replace(" ：", "："), f"{en} {where}: {words.en}".replace(" :", ":")
            )
        return None


def _written_path(location: tuple[int | str, ...]) -> Iterator[str]:
    """Where an error is, in the words of the file: without the tags that tell kinds of conditions apart."""
    previous = None
    for part in location:
        if part not in ("field",) and part != previous:
            yield str(part)
        previous = part


def _words_of(error: Mapping[str, Any], model: type[BaseModel]) -> Words:
    context = error.get("ctx") or {}
    key = str(error["loc"][-1]) if error["loc"] else ""
    match error["type"]:
        case "words":
            return Words(context["zh"], context["en"])
        case "extra_forbidden":
            hint = did_you_mean(key, _known_keys(error["loc"], model))
            return Words(f"没有这个键。{hint.zh}", f"There is no such key.{hint.en}")
        case "union_tag_not_found" | "union_tag_invalid":
            return NOT_A_CONDITION
        case "missing":
            return Words("缺少这一项。", "This is missing.")
        case "enum" | "literal_error":
            expected = str(context["expected"]).replace(" or ", ", ")
            hint = did_you_mean(error["input"], [one.strip(" '") for one in expected.split(",")])
            return Words(f"只能写 {expected}。{hint.zh}", f"Write one of {expected}.{hint.en}")
    return Words(f"写法不对：{error['msg']}", f"{error['msg']}.")


def _known_keys(location: tuple[int | str, ...], model: type[BaseModel]) -> list[str]:
    """The keys that may stand where an unknown one was found."""
    parents = [part for part in location[:-1] if isinstance(part, str)]
    kinds = {"all": All, "any": AnyOf, "not": Not, "exists": Related, "field": Compare, **MODELS}
    inside = kinds.get(parents[-1], Exists) if parents else model
    return [field.alias or name for name, field in inside.model_fields.items()]


def _files(folder: Path) -> list[Path]:
    """What may be a pack. The rules on unusual access lie in the same folder and are read elsewhere."""
    found = folder.glob("*") if folder.is_dir() else ()
    return [path for path in found if path.suffix in SUFFIXES and path.name != NO_PACK]
