import pytest

from privacy_center.anomalies.rule import load_anomaly_rules

RULE = """
rules:
- key: mine
  title: {zh-CN: 我的, en: Mine}
  why: {zh-CN: 因为, en: Because}
  by: actor
  window: 2h
  threshold: 7
"""


def load(folder, text):
    (folder / "anomalies.yml").write_text(text, "utf-8")
    rules, findings = load_anomaly_rules(folder)
    return {one.key: one for one in rules.rules}, findings


def test_a_companys_rule_stands_beside_the_built_in_ones(tmp_path):
    rules, findings = load(tmp_path, RULE)
    assert findings == [] and rules["mine"].threshold == 7 and "out-of-hours" in rules
    assert rules["mine"].window.total_seconds() == 7200 and rules["mine"].due_within.days == 3


def test_a_rule_of_the_same_key_takes_the_place_of_the_built_in_one_and_zero_switches_it_off(tmp_path):
    rules, _ = load(tmp_path, RULE.replace("key: mine", "key: browsing"))
    assert rules["browsing"].threshold == 7
    rules, _ = load(tmp_path, RULE.replace("key: mine", "key: browsing").replace("threshold: 7", "threshold: 0"))
    assert "browsing" not in rules


@pytest.mark.parametrize(
    ("before", "after", "field"),
    [
        ("threshold: 7", "threshold: many", "mine.threshold"),
        ("threshold: 7", "threshold: -1", "mine.threshold"),
        ("window: 2h", "window: 2 hours", "mine.window"),
        ("window: 2h", "window: 40d", "mine.window"),
        ("by: actor", "by: nose", "mine.by"),
        ("by: actor", "by: address", "mine"),
        ("by: actor", "by: subject\n  count: people", "mine"),
        ("by: actor", "by: actor\n  of: {hours: late}", "mine.of.hours"),
        ("by: actor", "by: actor\n  of: {acts: [look]}", "mine.of.acts"),
        ("by: actor", "by: actor\n  severity: terrible", "mine.severity"),
        ("en: Mine", "fr: Mien", "mine.title"),
        ("key: mine", "key: Mine!", "Mine!.key"),
        ("rules:", "working_hours: {from: '20:00', to: '08:00'}\nrules:", "working_hours"),
    ],
)
def test_what_is_wrong_is_told_with_its_place_and_the_built_in_rules_stay(tmp_path, before, after, field):
    rules, findings = load(tmp_path, RULE.replace(before, after))
    (finding,) = findings
    assert (finding.level, finding.file, finding.field) == ("error", "anomalies.yml", field)
    assert finding.words.zh and finding.words.en and "out-of-hours" in rules


@pytest.mark.parametrize("text", ["rules: {", "- a", "rules: 5", "other: 1"])
def test_a_file_that_is_no_set_of_rules_is_one_finding(tmp_path, text):
    rules, findings = load(tmp_path, text)
    assert len(findings) == 1 and "out-of-hours" in rules


def test_the_same_key_twice_is_told(tmp_path):
    _, findings = load(tmp_path, RULE + RULE.split("rules:\n")[1])
    assert "twice" in findings[0].words.en


def test_the_file_is_no_pack_of_retention_rules(tmp_path):
    from privacy_center.datamap.finding import Findings
    from privacy_center.retention.reading import read_packs

    (tmp_path / "anomalies.yml").write_text(RULE, "utf-8")
    findings = Findings()
    read_packs(tmp_path, findings)
    assert [one for one in findings.found if one.file == "anomalies.yml"] == []
