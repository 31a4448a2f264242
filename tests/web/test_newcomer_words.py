"""What a worried newcomer reads is true, and says what to do next."""

import re

from tests.web.customer_room import Browser, CustomerRoom
from tests.web.staff_room import BY_KEY


def at_the_code(counter: CustomerRoom) -> Browser:
    """A browser that has just asked for a code."""
    browser = counter.browser()
    counter.forget_limits()
    browser.get("/sign-in")
    browser.post("/sign-in", contact=BY_KEY["open-case"].email)
    browser.get("/sign-in/code")
    return browser


def test_a_second_code_asked_for_at_once_is_a_minute_away_not_an_hour(counter: CustomerRoom):
    lin = at_the_code(counter)
    lin.post("/sign-in/code/again", 429, by="text")
    assert "等一分钟再要一次" in lin.words() and "请一小时后再试" not in lin.words()
    lin.get("/sign-in?lang=en")
    lin.post("/sign-in", 429, contact=BY_KEY["open-case"].email)
    assert "Wait a minute" in lin.words() and 'href="/sign-in/code?next=/me/"' in lin.page.text


def test_a_code_that_was_not_typed_is_no_wrong_try(counter: CustomerRoom):
    lin = at_the_code(counter)
    for _try in range(6):
        lin.post("/sign-in/code", 422, code=" ")
    assert "写下我们发给您的 6 位数字" in lin.words() and "已过期" not in lin.words()
    lin.post("/sign-in/code", code=counter.code())


def test_a_number_that_was_not_typed_is_not_called_used_up(counter: CustomerRoom):
    nobody = counter.browser()
    nobody.get("/not-me")
    nobody.post("/not-me", 422, number="")
    assert "写下通知里的 16 位号码" in nobody.words() and "用过了" not in nobody.words()


def test_the_list_of_rules_does_not_promise_deletion_that_nobody_asked_for(counter: CustomerRoom):
    nobody = counter.browser()
    nobody.get("/how-long-we-keep")
    assert "自动删除" not in nobody.words() and "公司定的最长期限" in nobody.words()
    assert "您申请删除后，暂时保留的信息在期限结束后删除" in nobody.words()
    assert not re.findall(r"我们就删除|满.{1,4}删除|后删除(记录|基本信息)", nobody.words())


def test_what_a_rule_keeps_is_kept_at_least_so_long(counter: CustomerRoom, lin: Browser):
    page = lin.get("/me/data/").text
    ends = re.findall(r"<dt>(删除时间|保存到)</dt><dd>(.*?)</dd>", page)
    assert {said for said, end in ends if "要求删除时" in end} == {"保存到"}
    assert {said for said, end in ends if "最早" in end} == {"删除时间"}
    assert "分批删除" in page and page.count("删除时间") < 40


def test_only_who_writes_about_a_death_reads_of_it(counter: CustomerRoom):
    nobody = counter.browser()
    for path in ("for-a-child", "as-agent", "lost-number"):
        nobody.get(f"/help/{path}")
        assert "逝者" not in nobody.words() and "高级审核员" not in nobody.words()
    nobody.get("/help/after-a-death")
    assert "高级审核员" in nobody.words()


def test_a_contact_whose_records_are_gone_is_not_asked_about_again(counter: CustomerRoom):
    gao = counter.sign_in("nothing")
    gao.get("/me/")
    assert "138****0013，也是您的吗" in gao.words()
    counter.approve(gao.submit())
    gao.get("/me/")
    assert "也是您的吗" not in gao.words()
    gao.get("/me/data/")
    assert "没有找到您的信息" in gao.words() and "申请删除" not in gao.words()
    assert "也许您留给我们的是另一个手机号或邮箱" in gao.words() and 'href="/sign-in"' in gao.page.text
    gao.choose()
    gao.get("/me/deletion/preview")
    assert "没有什么要删除" in gao.words() and 'href="/sign-in"' in gao.page.text


def test_a_hidden_contact_is_spoken_of_in_the_language_of_the_page(counter: CustomerRoom, lin: Browser):
    other = counter.sign_in("open-case")
    other.get("/me/?lang=zh-CN")
    assert "您的记录里还有登记的手机号，也是您的吗" in other.words()
    other.get("/me/?lang=en")
    assert "Your records also show a phone number." in other.words()


def test_english_sentences_stand_apart(counter: CustomerRoom, lin: Browser):
    lin.get("/me/who-looked/?lang=en")
    assert ". It is kept for 6 months" in lin.words()
