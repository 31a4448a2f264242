"""Citations that cannot carry a hold: legal grounds of use, and a company's own paper under the name of a law."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from privacy_center.errors import Words
from privacy_center.retention.rule import Citation, Rule
from privacy_center.retention.verdict import BINDING

FILE = Path(__file__).parent / "legal_grounds.yml"
DIGITS = {char: number for number, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
UNITS = {"十": 10, "百": 100, "千": 1000}
CHINESE = "[零〇一二两三四五六七八九十百千]+"
SPAN = re.compile(r"(\d+)\s*(?:-|–|—|至|到|to)\s*(\d+)")
IN_ARTICLE = re.compile(rf"(\d+)|({CHINESE})")
IN_TITLE = re.compile(rf"(?:第|art(?:icle)?s?\.?|§+)\s*(?:(\d+)|({CHINESE}))", re.IGNORECASE)
PARAGRAPH = re.compile(r"[（(][^）)]*[）)]|第?\s*(?:\d+|[零〇一二两三四五六七八九十百千]+)\s*[款项]")
OWN_PAPER = re.compile(
    r"(会员|用户|服务|客户)协议|隐私政策|内部(制度|规定|政策)|本公司|我司|本企业|公司(内部)?(制度|政策|规程|章程)|"
    r"\b(privacy|company|internal|retention|our) (polic(y|ies)|rules?|procedures?)\b|\bterms of (service|use)\b|"
    r"\b(membership|user|customer|service) agreement\b|\bhandbook\b",
    re.IGNORECASE,
)


def is_legal_ground(citation: Citation) -> bool:
    """Whether an article is cited that says why data may be used, not how long it is kept."""
    said = f"{citation.law.zh} {citation.law.en}".casefold()
    for ground in _grounds():
        if any(name.casefold() in said for name in ground["names"]):
            articles = set(ground["articles"])
            if articles & set(_articles_in(citation, ground["names"])):
                return True
    return False


def false_authority(rule: Rule, company: Iterable[str] = ()) -> Words | None:
    """What is wrong where a company's own paper stands as law; None where it does not. `company`: the company's names."""
    if rule.citation is None or rule.authority not in BINDING:
        return None
    cited = f"{rule.citation.law.zh} {rule.citation.law.en}"
    if not OWN_PAPER.search(cited) and not any(name in cited for name in company if name):
        return None
    return Words(
        f"{rule.citation.law.zh} 是公司自己的文件，不能写成法律、法规。请改为 authority: contract 或 company_policy。",
        f"{rule.citation.law.en} is the company's own paper and cannot stand as law. "
        "Write authority: contract or company_policy.",
    )


def unproven_authority(rule: Rule) -> Words | None:
    """What is missing where a binding rule names no article, or nobody has compared it with the text; None where nothing is."""
    if rule.citation is None or rule.authority not in BINDING:
        return None
    if not rule.citation.article.strip():
        return Words(
            f"authority: {rule.authority.value} 要写明条款：citation 里写 article。没有这样的条款，就改为 contract 或 company_policy。",
            f"authority: {rule.authority.value} names the article: write article in citation. Where there is none, write "
            "contract or company_policy.",
        )
    if rule.citation.checked:
        return None
    return Words(
        f"{rule.cited.zh} 还没有与原文核对。核对后在 citation 里写 checked: true。",
        f"{rule.cited.en} has not been compared with the text. Once it has been, write checked: true in citation.",
    )


def _articles_in(citation: Citation, names: list[str]) -> Iterator[int]:
    """The numbers of the articles cited, in figures or Chinese numerals; paragraphs and the number of the law left out."""
    yield from _numbers(IN_ARTICLE, _bare(citation.article, names))
    for text in (citation.law.zh, citation.law.en):
        yield from _numbers(IN_TITLE, _bare(text, names))


def _bare(text: str, names: list[str]) -> str:
    for name in names:
        text = re.sub(re.escape(name), " ", text, flags=re.IGNORECASE)
    return PARAGRAPH.sub(" ", text)


def _numbers(pattern: re.Pattern[str], text: str) -> Iterator[int]:
    for first, last in SPAN.findall(text):
        yield from range(int(first), min(int(last), int(first) + 100) + 1)
    for match in pattern.finditer(text):
        yield int(match[1]) if match[1] else _number_of(match[2])


def _number_of(chinese: str) -> int:
    total, digit = 0, 0
    for char in chinese:
        if char in UNITS:
            total += (digit or 1) * UNITS[char]
            digit = 0
        else:
            digit = DIGITS[char]
    return total + digit


@lru_cache(maxsize=1)
def _grounds() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load(FILE.read_text("utf-8"))
    return found
