"""My data also shows what the privacy center itself holds: contacts, requests, notices."""

from pathlib import Path

from tests.web.customer_room import Browser, CustomerRoom


def test_my_data_shows_what_the_privacy_center_itself_holds(counter: CustomerRoom):
    lin = counter.sign_in("open-case")
    page = lin.get("/me/data/").text
    ours = page[page.index('id="group-ours"') :]
    assert "隐私中心" in ours and "已验证的联系方式" in ours and "三年" in ours


def test_a_system_that_does_not_answer_is_named_to_the_customer_without_words_for_those_who_run_it(
    counter: CustomerRoom, lin: Browser
):
    sources = counter.center.sources
    file = Path(sources.engine("crm").url.database)
    sources.engine("crm").dispose()
    file.write_bytes(b"this is no database at all" * 200)
    lin.get("/me/data/")
    assert "没有回应的：" in lin.words() and "密码是否正确" not in lin.words() and "连不上数据库" not in lin.words()
    lin.choose()
    lin.get("/me/deletion/preview")
    assert "您可以照常提交" in lin.words() and "密码是否正确" not in lin.words()
    assert lin.submit().startswith("PC-")


def test_what_is_kept_after_a_deletion_is_not_called_nothing(counter: CustomerRoom):
    chen = counter.sign_in("bound-card")
    counter.approve(chen.submit())
    chen.get("/me/data/")
    assert "条暂时保留" in chen.words() and "没有找到您的信息" not in chen.words()
    chen.get("/me/")
    assert 'id="soon"' in chen.page.text
