"""Rule packs that counsel has not signed are named where they decide, and nowhere in what the customer reads."""

from privacy_center.plans.freeze import current_plan, items_of
from privacy_center.retention.signing import NOT_SIGNED
from privacy_center.retention.verdict import Outcome
from tests.web.staff_room import OFFICER, REVIEWER, StaffRoom
from tests.web.test_staff_decides import APPROVE, decide, item_on, path_of, reasons_on, version_on

pytest_plugins = ["tests.web.staff_fixtures"]

MARK = NOT_SIGNED.zh


def part_of(page, mark: str, end: str) -> str:
    return page.text[page.text.index(mark) :].split(end)[0]


def check_page_of(staff, reference: str):
    page = staff.get(path_of(reference))
    sent = {"version": version_on(page), **reasons_on(page), **APPROVE}
    return staff.post(path_of(reference, "/decision"), sent, status=200)


def test_the_request_page_names_the_unsigned_pack_of_every_item_that_it_holds(room: StaffRoom):
    reference = room.ask("open-case")
    page = room.sit_down(REVIEWER).get(path_of(reference))
    item = item_on(room, reference, Outcome.RESTRICT)
    row = part_of(page, f'id="item-{item.position}"', "</tr>")
    assert MARK in row and f"{MARK}：{item.holds[0]['pack']['pack']} {item.holds[0]['pack']['version']}" in row
    erased = item_on(room, reference, Outcome.ERASE)
    assert MARK not in part_of(page, f'id="item-{erased.position}"', "</tr>")
    english = room.sit_down(REVIEWER).get(path_of(reference), headers={"Accept-Language": "en"})
    assert "Rule pack not signed by counsel" in english.text and MARK not in english.text


def test_it_stands_beside_the_letter_for_staff_and_never_in_the_letter(room: StaffRoom):
    reference = room.ask("open-case")
    check = check_page_of(room.sit_down(REVIEWER), reference)
    assert MARK in check.text
    assert MARK not in part_of(check, '<div class="card letter"', "</section>")


def test_the_second_person_sees_it_on_the_card(room: StaffRoom):
    reference = room.ask("open-case", cooling_off_days=0)
    decide(room.sit_down(REVIEWER), reference, APPROVE)
    card = part_of(room.sit_down(OFFICER).get(path_of(reference)), 'id="second"', "</form>")
    assert MARK in card.split('class="letter"')[0]
    assert MARK not in part_of_text(card, 'class="letter"', "</details>")


def part_of_text(text: str, mark: str, end: str) -> str:
    return text[text.index(mark) :].split(end)[0]


def test_a_signed_pack_is_not_marked(room: StaffRoom):
    """The sample company's own pack is signed."""
    reference = room.ask("open-case")
    asked = room.request(reference)
    with room.center.database.reading() as session:
        items = items_of(session, current_plan(session, asked.id).id)
    status = {hold["pack"]["pack"]: hold["pack"]["status"] for item in items for hold in item.holds}
    signed = {name for name, one in status.items() if one == "signed"}
    page = room.sit_down(REVIEWER).get(path_of(reference))
    assert signed and signed < status.keys()
    assert {name for name in status if f"{MARK}：{name} " in page.text} == status.keys() - signed


def test_a_plan_from_before_packs_were_named_still_reads_and_differs_in_nothing(room: StaffRoom):
    reference = room.ask("open-case")
    staff = room.sit_down(REVIEWER)
    asked = room.request(reference)
    with room.center.database.transaction() as session:
        for item in items_of(session, current_plan(session, asked.id).id):
            item.holds = [{name: value for name, value in hold.items() if name != "pack"} for hold in item.holds]
    page = staff.get(path_of(reference))
    assert MARK not in page.text and "售后" in page.text
    redraft = staff.get(path_of(reference, "/draft-anew"))
    assert "每一行的结论、理由和到期日都与原方案相同" in redraft.text
