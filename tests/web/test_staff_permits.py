"""Every staff endpoint × every role, and both doors, through real requests: what the table of permits says is what happens."""

import re
import uuid

import pytest

from privacy_center import clock
from privacy_center.people.login import open_login
from privacy_center.people.models import Level, LoginKind
from privacy_center.people.staff.models import Role
from privacy_center.people.staff.permits import OF_CASES, PERMITS, Act, DataClass, Scope, permit
from privacy_center.people.staff.roster import find_staff
from privacy_center.privacy_requests.queries import request_by_reference
from privacy_center.web.access import ACCESS
from privacy_center.web.may import Door
from privacy_center.web.staff.access import STAFF_ACCESS
from tests.web.staff_room import StaffRoom

pytest_plugins = ["tests.web.staff_fixtures"]

NOT_YOURS = "没有找到这个申请，或者它没有分派给您"
NOT_YOUR_ROLE = "这一页不在您的岗位范围内"
STANDINGS = ({}, {"assigned": True}, {"opened": True})
AWAY = {"staff.leave", "staff.revoke_login"}  # they end the login that the walk walks with


def path_to(room: StaffRoom, rule, reference: str) -> str:
    known = {"reference": reference, "number": "D1"}
    kinds = {"IntegerConverter": 0, "UUIDConverter": uuid.uuid4()}
    told = {name: known.get(name, kinds.get(type(one).__name__, "x")) for name, one in rule._converters.items()}
    with room.app.test_request_context():
        return room.app.url_for(rule.endpoint, **told)


def rules_of(room: StaffRoom):
    """Every rule of the app with each way to call it."""
    for rule in sorted(room.app.url_map.iter_rules(), key=lambda one: (one.endpoint, sorted(one.methods))):
        for method in sorted(rule.methods & {"GET", "POST"}):
            yield rule, method


def stand(room: StaffRoom, reference: str, number: str, *, assigned=False, opened=False) -> None:
    with room.center.database.transaction() as session:
        asked = request_by_reference(session, reference)
        asked.assignee, asked.submitted_by = number if assigned else None, number if opened else None
        asked.verified_by = number if opened else None


class Walker:
    """Somebody of one role who tries every door."""

    def __init__(self, room: StaffRoom, number: str) -> None:
        self.browser = room.sit_down(number).browser
        page = self.browser.get("/staff/account").text
        self.token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]

    def call(self, method: str, path: str):
        fields = {"csrf_token": self.token} if method == "POST" else None
        return self.browser.open(path, method=method, data=fields)


@pytest.mark.parametrize("role", list(Role), ids=lambda one: one.value)
def test_each_role_opens_exactly_what_the_table_permits(room: StaffRoom, role: Role):
    reference, number = room.ask("open-case"), f"W-{role.value}"
    room.hire(number, role)
    room.hire("D1", Role.REVIEWER)
    with room.center.database.reading() as session:
        member = find_staff(session, number)
    walker, wrong, walked = Walker(room, number), [], set()
    for rule, method in rules_of(room):
        may = ACCESS[rule.endpoint]
        if may.door is not Door.STAFF or rule.endpoint in AWAY:
            continue
        walked.add(rule.endpoint)
        of_a_case = "reference" in rule.arguments and may.data_class in OF_CASES
        for standing in STANDINGS if of_a_case else STANDINGS[:1]:
            if of_a_case:
                stand(room, reference, number, **standing)
            answer = walker.call(method, path_to(room, rule, reference))
            if may.roles and role not in may.roles:
                refused = answer.status_code == 403 and NOT_YOUR_ROLE in answer.text
                if not refused and not (rule.endpoint == "staff.queue" and answer.status_code == 303):
                    wrong.append((method, rule.endpoint, "open to a role that has no permit", answer.status_code))
            elif of_a_case and permit(member, may.act, may.data_class, **standing) is None:
                if answer.status_code != 404 or NOT_YOURS not in answer.text:
                    wrong.append((method, rule.endpoint, standing, "open without a permit", answer.status_code))
            elif answer.status_code >= 500 or NOT_YOURS in answer.text or NOT_YOUR_ROLE in answer.text:
                wrong.append((method, rule.endpoint, standing, "shut despite a permit", answer.status_code))
    assert wrong == []
    assert walked | AWAY == {name for name, may in STAFF_ACCESS.items() if may.door is Door.STAFF} | AWAY


def test_every_endpoint_about_cases_names_what_it_does_with_which_data(room: StaffRoom):
    """A page of a case whose line in the access table named no act would open to everybody who is signed in."""
    for rule in room.app.url_map.iter_rules():
        if rule.endpoint.startswith("staff.") and "reference" in rule.arguments:
            assert STAFF_ACCESS[rule.endpoint].data_class in OF_CASES, rule.endpoint


def test_a_token_of_one_door_opens_nothing_at_the_other(room: StaffRoom):
    reference = room.ask("open-case")
    asked, staff_token = room.request(reference), room.token("S0103")
    with room.center.database.transaction() as session:
        told = {"kind": LoginKind.CUSTOMER, "owner": asked.person_id, "level": Level.V2}
        _login, customer_token = open_login(session, **told, at=clock.now())
    browser, wrong = room.app.test_client(), []
    form = browser.get("/staff/sign-in").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', form)[1]
    for rule, method in rules_of(room):
        door = ACCESS[rule.endpoint].door
        if door is Door.ANYONE:
            continue
        browser.set_cookie("pc_staff", customer_token, path="/")
        browser.set_cookie("pc_customer", staff_token, path="/")
        fields = {"csrf_token": token} if method == "POST" else None
        answer = browser.open(path_to(room, rule, reference), method=method, data=fields)
        entry = "/staff/sign-in?" if door is Door.STAFF else "/sign-in?"
        if answer.status_code != 303 or not answer.location.startswith(entry):
            wrong.append((method, rule.endpoint, answer.status_code))
    assert wrong == []


def sees(role: Role, data_class: DataClass, act: Act = Act.LOOK) -> set[Scope]:
    return {
        line.permit.scope for line in PERMITS[role] if act in line.acts and data_class in line.classes
    }  # fmt: skip


def test_the_table_says_what_the_company_has_decided():
    """The promises in words, so that a change of the table is a decision and not a slip."""
    nobody: set[Scope] = set()
    assert sees(Role.AGENT, DataClass.GENERAL) == {Scope.OPENED_BY_ME}
    assert all(sees(Role.AGENT, one) == nobody for one in (DataClass.SENSITIVE, DataClass.FINANCIAL))
    assert sees(Role.COMPLAINT_SPECIALIST, DataClass.GENERAL) == {Scope.ASSIGNED}
    assert sees(Role.COMPLAINT_SPECIALIST, DataClass.FINANCIAL) == nobody
    assert {one for one in DataClass if sees(Role.MANAGER, one)} == {DataClass.TOTALS}
    assert {role for role in Role if sees(role, DataClass.SECURITY)} == {Role.SECURITY_OFFICER}
    assert {one for one in DataClass if sees(Role.OPERATOR, one)} == {DataClass.CASE}
    assert not any(sees(Role.STEWARD, one) for one in DataClass)
    changing = {Act.DECIDE, Act.CONFIRM, Act.WRITE, Act.ASSIST, Act.EXECUTE, Act.REVEAL, Act.MANAGE_STAFF, Act.ASSIGN}
    assert not any(line.acts & changing for line in PERMITS[Role.AUDITOR])
    for role in Role:
        for line in PERMITS[role]:
            if DataClass.RESTRICTED in line.classes:
                assert line.permit.needs_reason and line.permit.needs_second
            if Act.REVEAL in line.acts:
                assert line.permit.needs_reason


def test_with_several_roles_the_permission_counts_that_asks_for_least_and_nobody_inactive_has_any():
    class Member:
        roles = ("complaint_specialist", "reviewer")
        active = True

    assert permit(Member, Act.LOOK, DataClass.GENERAL).scope is Scope.ANY
    assert permit(Member, Act.REVEAL, DataClass.SENSITIVE) is None
    assert permit(Member, Act.REVEAL, DataClass.SENSITIVE, assigned=True).needs_reason
    Member.active = False
    assert permit(Member, Act.LOOK, DataClass.GENERAL) is None


def test_no_scope_of_cases_is_told_for_finding_and_helping_a_customer_who_has_none_yet(room: StaffRoom):
    page = room.sit_down("S0101").get("/staff/permits").text
    assert "按两项准确信息查找客户" in page and "替客户提交申请" in page
    assert "查找客户（" not in page and "替客户提交申请（" not in page


def test_a_page_outside_the_rail_marks_the_one_that_leads_to_it(room: StaffRoom):
    client = room.sit_down("S0101")
    for path, leads in (("levels", "rules"), ("pledge", "account")):
        assert re.search(rf'href="/staff/{leads}"[^>]*aria-current="page"', client.get(f"/staff/{path}").text)
