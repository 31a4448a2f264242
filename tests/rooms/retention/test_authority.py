"""What a rule may call itself: no legal ground is a period, no paper of the company is a law."""

import pytest

from privacy_center.retention.verdict import BINDING
from tests.rooms.retention.conftest import a_pack, a_rule

PIPL = {"zh-CN": "中华人民共和国个人信息保护法", "en": "Personal Information Protection Law"}


def cited(law, article="", authority="law", checked=True):
    return a_pack(a_rule(authority=authority, citation={"law": law, "article": article, "checked": checked}))


@pytest.mark.parametrize("authority", ["law", "department_rule", "contract"])
@pytest.mark.parametrize(
    ("law", "article"),
    [
        (PIPL, "13"),
        ("个人信息保护法", "第十三条第一款第二项"),
        ("《个人信息保护法》第29条", ""),
        ("PIPL", "art. 14"),
        ("GDPR", "6(1)(b)"),
        ("Regulation (EU) 2016/679", "9"),
        ("个人信息保护法", "12–15"),
        ("民法典", "第一千零三十五条"),
    ],
)
def test_check_refuses_an_article_on_the_ground_of_use_as_a_period(company, law, article, authority):
    (said,) = company.said(cited(law, article, authority))
    assert "says on what ground data may be used, not how long it is kept" in said and "authority: contract" in said


@pytest.mark.parametrize(
    ("law", "article"),
    [
        ("个人信息保护法", "47"),
        ("电子商务法", "13"),
        ("GDPR", "17(3)(b)"),
        ("个人信息保护法（2021-08-13）", "第五十条第13项"),
    ],
)
def test_an_article_that_is_no_ground_of_use_is_taken(company, law, article):
    assert company.said(cited(law, article)) == []


@pytest.mark.parametrize("authority", sorted(one.value for one in BINDING))
def test_a_binding_rule_of_a_company_s_pack_names_its_article(company, authority):
    (said,) = company.said(cited("电子商务法", "", authority))
    assert "names the article" in said
    assert company.said(cited("电子商务法", "62", authority)) == []
    (warned,) = company.said(cited("电子商务法", "62", authority, checked=False), level="warning")
    assert "has not been compared with the text" in warned


@pytest.mark.parametrize(
    "paper", ["青禾会员协议", "公司制度", "本公司数据保存规定", "Company policy", "Terms of Service"]
)
def test_a_company_s_own_paper_never_stands_as_law(company, paper):
    (said,) = company.said(cited(paper, "6"))
    assert "company's own paper and cannot stand as law" in said
    assert company.said(cited(paper, "6", "contract")) == []


def test_a_law_about_companies_is_a_law(company):
    assert company.said(cited({"zh-CN": "公司法", "en": "Company Law"}, "57")) == []
