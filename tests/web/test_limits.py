"""Numbers that open something are tried a bounded number of times from one address, right or wrong."""

from tests.web.customer_room import CustomerRoom


def test_the_number_of_a_notice_is_tried_thirty_times_an_hour_and_wrong_ones_count(counter: CustomerRoom):
    browser = counter.browser()
    browser.get("/not-me/WRONG-NUMBER")
    answers = {422: 0, 429: 0}
    for _ in range(33):
        token = browser.page.text.split('name="csrf_token" value="')[1].split('"')[0]
        answers[browser.client.post("/not-me/WRONG-NUMBER", data={"csrf_token": token}).status_code] += 1
    assert answers == {422: 30, 429: 3}


def test_certificates_are_checked_a_hundred_and_twenty_times_an_hour(counter: CustomerRoom):
    browser = counter.browser().client
    answers = [browser.get(f"/verify/AAAA-{number:04}").status_code for number in range(122)]
    assert answers == [404] * 120 + [429] * 2
    elsewhere = browser.get("/verify/AAAA-0001", environ_base={"REMOTE_ADDR": "2001:db8::1"})
    assert elsewhere.status_code == 404
