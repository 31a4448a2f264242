"""My data also shows what the privacy center itself holds: contacts, requests, notices."""

from tests.web.customer_room import CustomerRoom


def test_my_data_shows_what_the_privacy_center_itself_holds(counter: CustomerRoom):
    lin = counter.sign_in("open-case")
    page = lin.get("/me/data/").text
    ours = page[page.index('id="group-ours"') :]
    assert "隐私中心" in ours and "已验证的联系方式" in ours and "三年" in ours
