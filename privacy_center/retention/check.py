"""What is wrong with rule packs, before any row is judged by them: names, and rules that can match nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from privacy_center.config import Company, Settings
from privacy_center.datamap.finding import Findings, Place, did_you_mean
from privacy_center.datamap.graph import DataMap
from privacy_center.retention.check_conditions import Checked, Live, check_condition, check_start
from privacy_center.retention.contradictions import contradiction
from privacy_center.retention.covers import Binding, Records, applies, bind, missing_fields
from privacy_center.retention.legal_grounds import false_authority, is_legal_ground, unproven_authority
from privacy_center.retention.rule import Pack, Rule
from privacy_center.retention.verdict import Treatment

COMPANY_UNNAMED = {name for part in (Company().name, Company().short_name) for name in part.values()}
"""What an unnamed company is called in the settings; these words are nobody's."""


@dataclass(frozen=True)
class Known:
    """What packs are held against. `live` tells what a column is in the database; `today` is the local date."""

    data_map: DataMap
    records: Records
    settings: Settings
    live: Live | None
    today: date


def check_packs(packs: Sequence[Pack], known: Known, findings: Findings) -> None:
    """Adds every finding on the packs. Rules that do not apply to this company are not held against its map."""
    _check_keys(packs, findings)
    _check_flags(packs, known.settings, findings)
    for pack in packs:
        place = findings.at(pack.file)
        for rule in pack.rules:
            _check_authority(rule, pack, known.settings, place)
            _check_time(rule, known.today, place)
            if said := contradiction(rule.when, known.today):
                place.error(f"规则 {rule.key}：{said.zh}", f"rule {rule.key}: {said.en}")
        applied = [rule for rule in pack.rules if applies(rule, pack, known.settings)]
        bound = [_check_rule(rule, pack, known, place) for rule in applied]
        if any(bound) and pack.status == "needs_counsel_review":
            place.warn(
                f"规则包 {pack.pack} 还没有律师签署。签署后写 status: signed，并写明 by 和 on。",
                f"Pack {pack.pack} is not signed by counsel yet. Once it is, write status: signed with by and on.",
            )
        _check_records(pack, applied, known.records, place)


def _check_rule(rule: Rule, pack: Pack, known: Known, place: Place) -> bool:
    """Whether the rule is about any collection; what is wrong with it goes to the findings."""
    _check_covered(rule, known.data_map, place)
    bindings = bind(rule, pack, known.data_map, known.records)
    for binding in bindings:
        one = binding.collection
        here = place.within(dataset=one.dataset, collection=one.name)
        if _check_names(binding, here):
            continue
        checked = Checked(f"规则 {rule.key}", f"rule {rule.key}", one, binding.names, known.data_map, known.live, here)
        for condition in (rule.when, rule.sane):
            check_condition(condition, checked)
        check_start(rule.until, checked)
    if bindings and _keeps_without_saying_what(rule):
        place.warn(
            f"规则 {rule.key} 没有写 needs，保留期间整条记录都可读。请写明需要哪些字段；确实都要，就写 needs: all。",
            f"rule {rule.key} has no needs, so the whole record stays readable while it is kept. "
            "Name the fields that are needed, or write needs: all.",
        )
    return bool(bindings)


def _check_authority(rule: Rule, pack: Pack, settings: Settings, place: Place) -> None:
    """A citation that sets no period, and a rule that claims more authority than it shows."""
    if rule.citation is not None and is_legal_ground(rule.citation):
        place.error(
            f"规则 {rule.key}：{rule.cited.zh} 说的是处理个人信息的依据，不是保存期限，不能作为保留的理由。"
            "请引用规定保存期限的条款；为履行合同而保留的，写 authority: contract 并引用合同。",
            f"rule {rule.key}: {rule.cited.en} says on what ground data may be used, not how long it is kept. Cite what sets "
            "the period; what is kept to perform a contract has authority: contract and cites the contract.",
        )
        return
    company = {*settings.company.name.values(), *settings.company.short_name.values()} - COMPANY_UNNAMED
    if words := false_authority(rule, company):
        place.error(f"规则 {rule.key}：{words.zh}", f"rule {rule.key}: {words.en}")
    elif words := None if pack.shipped else unproven_authority(rule):
        tell = place.warn if rule.citation and rule.citation.article.strip() else place.error
        tell(f"规则 {rule.key}：{words.zh}", f"rule {rule.key}: {words.en}")


def _keeps_without_saying_what(rule: Rule) -> bool:
    """Whether a rule leaves open which fields of a kept record are needed. What is sealed is readable to nobody anyway."""
    readable = rule.treatment in (Treatment.RESTRICT, Treatment.MASK)
    return readable and rule.needs is None and not rule.covers.category and not rule.ceiling


def _check_keys(packs: Sequence[Pack], findings: Findings) -> None:
    seen: dict[str, str] = {}
    names: dict[str, str] = {}
    for pack in packs:
        if pack.pack in names:
            findings.at(pack.file).error(
                f"规则包 {pack.pack} 在 {names[pack.pack]} 里已有。请改名或合并。",
                f"Pack {pack.pack} is already in {names[pack.pack]}. Rename one or join them.",
            )
        names[pack.pack] = pack.file
        for rule in pack.rules:
            if rule.key in seen:
                findings.at(pack.file).error(
                    f"规则 {rule.key} 在 {seen[rule.key]} 里已有。每条规则的 key 只用一次。",
                    f"rule {rule.key} is already in {seen[rule.key]}. Use every key once.",
                )
            seen[rule.key] = pack.file


def _check_flags(packs: Iterable[Pack], settings: Settings, findings: Findings) -> None:
    known = {flag for pack in packs for flag in pack.flags}
    known |= {flag for pack in packs for rule in pack.rules for flag in rule.flags}
    for flag in settings.flags:
        if flag not in known:
            hint = did_you_mean(flag, known)
            findings.at("settings.toml").warn(
                f"没有规则用到标记 {flag}。{hint.zh}", f"No rule uses the flag {flag}.{hint.en}"
            )


def _check_time(rule: Rule, today: date, place: Place) -> None:
    start, end = rule.effective.from_, rule.effective.to
    if start and end and end < start:
        place.error(
            f"规则 {rule.key}：生效期 {start} 到 {end} 是空的，永远用不上。请改正。",
            f"rule {rule.key}: it is effective from {start} to {end}, which is never. Correct the days.",
        )
    elif end and end < today:
        place.warn(
            f"规则 {rule.key} 已在 {end} 失效，不再适用。可以删去。",
            f"rule {rule.key} ended on {end} and applies to nothing now. It can be taken out.",
        )


def _check_covered(rule: Rule, data_map: DataMap, place: Place) -> None:
    for key in rule.covers.collection:
        if key not in data_map.collections:
            hint = did_you_mean(key, data_map.collections)
            place.error(
                f"规则 {rule.key}：数据地图里没有集合 {key}。{hint.zh}",
                f"rule {rule.key}: the data map has no collection {key}.{hint.en}",
            )
    for category in rule.covers.category:
        _check_category(rule, category, data_map, place)


def _check_category(rule: Rule, category: str, data_map: DataMap, place: Place) -> None:
    used = {one for each in data_map.collections.values() for one in each.data_categories}
    used |= {one for c in data_map.collections.values() for f in c.fields.values() for one in f.data_categories}
    matched = [one for one in used if one == category or one.startswith(category + ".")]
    if not matched:
        hint = did_you_mean(category, used)
        place.error(
            f"规则 {rule.key}：数据地图里没有任何字段属于 {category}，这条规则什么也管不到。{hint.zh}",
            f"rule {rule.key}: no field of the data map is in {category}, so the rule matches nothing.{hint.en}",
        )
        return
    covering = rule.model_copy(
        update={
            "when": None,
            "sane": None,
            "needs": None,
            "until": rule.until.model_copy(update={"from_": None, "of": None}),
        }
    )
    _check_lacking(rule, covering, category, data_map, place)


def _check_lacking(rule: Rule, covering: Rule, category: str, data_map: DataMap, place: Place) -> None:
    """Collections of a category whose fields the rule cannot read: some, a warning; all, an error."""
    pack = Pack.model_construct(rules=())
    covered = [one.collection for one in bind(covering, pack, data_map, {})]
    lacking = {one.key: missing_fields(Binding(rule, pack, one)) for one in covered}
    tell = place.error if all(lacking.values()) else place.warn
    for key, missing in lacking.items():
        if missing:
            tell(
                f"规则 {rule.key}：{key} 属于 {category}，但没有字段 {', '.join(missing)}，规则管不到它。改用 covers: {{collection: …}}。",
                f"rule {rule.key}: {key} is in {category} but has no field {', '.join(missing)}, so the rule does not reach it. "
                "Cover the collections by name instead.",
            )


def _check_names(binding: Binding, place: Place) -> list[str]:
    """The names of the rule that are no field here, each told."""
    missing = missing_fields(binding)
    record = binding.rule.covers.record
    for name in missing:
        if record and name not in binding.names:
            known = f"records.{record[0]}"
            place.error(
                f"规则 {binding.rule.key} 要用「{name}」。请在 catalogue.yml 的 {known} 里写明它是哪个字段。",
                f"rule {binding.rule.key} speaks of '{name}'. Say in {known} of catalogue.yml which field that is.",
            )
            continue
        hint = did_you_mean(binding.column(name), binding.collection.fields)
        place.within(field=binding.column(name)).error(
            f"规则 {binding.rule.key}：{binding.collection.key} 没有字段 {binding.column(name)}。{hint.zh}",
            f"rule {binding.rule.key}: {binding.collection.key} has no field {binding.column(name)}.{hint.en}",
        )
    return missing


def _check_records(pack: Pack, applied: Sequence[Rule], records: Records, place: Place) -> None:
    """One warning for the kinds of record that the catalogue never mentions; an empty list says that there are none."""
    spoken = {kind for rule in applied for kind in rule.covers.record}
    silent = sorted(kind for kind in spoken if kind not in records)
    if spoken and silent:
        place.warn(
            f"规则包 {pack.pack} 说到这些记录，catalogue.yml 没写在哪里：{', '.join(silent)}。"
            "请在 records 里写明；没有这种记录就写 []。",
            f"Pack {pack.pack} speaks of records that catalogue.yml does not place: {', '.join(silent)}. "
            "Name their collections under records, or write [] where there are none.",
        )
