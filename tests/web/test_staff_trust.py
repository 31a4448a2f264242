"""Only fit people with a given case open customer data; posts end, reviews bite, totals tell nothing about anybody."""

import re
from datetime import date, timedelta

import sqlalchemy as sa

from privacy_center import clock
from privacy_center.audit.models import AuditEntry
from privacy_center.people.models import LoginSession
from privacy_center.people.staff.access_review import review_holds
from privacy_center.people.staff.conflict import declare
from privacy_center.people.staff.models import (
    AccessReview,
    AccessReviewLine,
    Pledge,
    Relation,
    Role,
    RoleTerm,
    StaffMember,
    Training,
)
from privacy_center.people.staff.pledge import pledge_holds
from privacy_center.people.staff.roster import find_staff
from privacy_center.plans.draft import draft_plan
from privacy_center.plans.freeze import freeze_plan
from privacy_center.privacy_requests.queries import request_by_reference
from tests.web.staff_room import BY_KEY, OFFICER, OPERATOR, PEOPLE, RELATED, REVIEWER, SENIOR, StaffClient, StaffRoom

pytest_plugins = ["tests.web.staff_fixtures"]

MANAGER, STEWARD, SPECIALIST, AGENT, OVERDUE = "S0108", "S0110", "S0106", "S0105", "S0111"
RELATED_STORY = next(key for key, one in BY_KEY.items() if one.email == "xu.tingting@example.com")


def path_of(reference: str, rest: str = "") -> str:
    return f"/staff/requests/{reference}{rest}"


def acts(room: StaffRoom) -> list[str]:
    with room.center.database.reading() as session:
        return list(session.scalars(sa.select(AuditEntry.act).order_by(AuditEntry.seq)))


def grow_stale(room: StaffRoom) -> None:
    """Every proof was given more than five minutes ago."""
    with room.center.database.transaction() as session:
        session.execute(sa.update(LoginSession).values(fresh_until=clock.now() - timedelta(seconds=1)))


def today(room: StaffRoom):
    return room.center.today(clock.now())


def proofs(number: str) -> dict[str, str]:
    return {"password": PEOPLE[number].password, "code": PEOPLE[number].code(clock.now())}


def test_a_member_without_pledge_or_training_opens_no_customer_data_until_both_are_there(room: StaffRoom):
    reference = room.ask("open-case")
    room.hire("N1", Role.REVIEWER, fit=False)
    new = room.sit_down("N1")
    for path in ("/staff/", path_of(reference), "/staff/holds"):
        page = new.get(path, status=403)
        assert "还没有签保密承诺书" in page.text and "没有培训记录" in page.text and 'href="/staff/pledge"' in page.text
    new.post(path_of(reference, "/take"), {}, status=403)
    assert room.request(reference).assignee is None
    version = re.search(r'name="version" value="([^"]+)"', new.get("/staff/pledge").text)[1]
    form = {"version": version, "name": "N1", "password": "a long password"}
    assert "签名和登记的姓名不一样" in new.post("/staff/pledge", form | {"name": "X"}, status=422).text
    assert "密码或动态码不对" in new.post("/staff/pledge", form | {"password": "wrong one"}, status=422).text
    new.post("/staff/pledge", form | {"version": "1999"}, status=409)
    new.post("/staff/pledge", form)
    page = new.get("/staff/pledge")
    assert "已签" in page.text and "核对无误" in page.text
    page = new.get("/staff/", status=403)
    assert "还没有签" not in page.text and "没有培训记录" in page.text
    day = today(room)
    training = {"title": "年度培训", "done_on": day.isoformat(), "due_on": (day + timedelta(days=365)).isoformat()}
    room.sit_down(STEWARD).post("/staff/people/N1/trainings", training)
    new.get(path_of(reference))


def test_a_pledge_that_was_changed_no_longer_bears_its_signature(room: StaffRoom):
    with room.center.database.transaction() as session:
        pledge = session.scalars(sa.select(Pledge).limit(1)).one()
        assert pledge_holds(session, pledge)
        pledge.name = "somebody else"
        assert not pledge_holds(session, pledge)


def test_a_new_version_of_the_pledge_is_signed_anew(room: StaffRoom):
    own = "version: '2027'\ntitle: {zh-CN: 承诺, en: Pledge}\nparagraphs:\n- {zh-CN: 新的。, en: New.}\n"
    (room.center.settings.home / "pledge.yml").write_text(own, "utf-8")
    page = room.sit_down(REVIEWER).get("/staff/", status=403)
    assert "2027" in page.text
    page = room.sit_down(REVIEWER).get("/staff/pledge")
    assert "新的。" in page.text and "以前签过的" in page.text


def test_a_training_that_is_overdue_shuts_customer_data(room: StaffRoom):
    assert "到期" in room.sit_down(OVERDUE).get("/staff/", status=403).text
    with room.center.database.transaction() as session:
        session.execute(sa.update(Training).values(due_on=today(room) - timedelta(days=1)))
    room.sit_down(REVIEWER).get("/staff/", status=403)
    room.sit_down(MANAGER).get("/staff/totals")  # totals are nobody's data


def test_ones_own_case_and_that_of_a_declared_person_are_shut_and_not_even_listed(room: StaffRoom):
    own, other = room.ask(RELATED_STORY), room.ask("open-case")
    staff = room.sit_down(RELATED)
    for rest in ("", "/draft-anew"):
        assert "本人的申请" in staff.get(path_of(own, rest), status=403).text
    for rest in ("/decision", "/take", "/notes", "/messages"):
        staff.post(path_of(own, rest), {}, status=403)
    listed = staff.get("/staff/?tab=all").text
    assert own not in listed and other in listed
    known = {"relation": "relative", "kind": "email", "value": BY_KEY["open-case"].email}
    assert "选是本人还是亲友" in staff.post("/staff/account/known-persons", known | {"relation": ""}, status=422).text
    assert "写下手机号" in staff.post("/staff/account/known-persons", known | {"value": " "}, status=422).text
    staff.post("/staff/account/known-persons", known)
    assert BY_KEY["open-case"].email not in staff.get("/staff/account").text
    assert "亲友" in staff.get(path_of(other), status=403).text
    assert other not in staff.get("/staff/?tab=all").text
    page = room.sit_down(SENIOR).post(path_of(other, "/assignee"), {"assignee": RELATED}, status=403)
    assert "亲友" in page.text and room.request(other).assignee is None


def test_a_case_is_shut_by_a_number_that_stands_on_the_customers_rows_and_that_nobody_has_proven(room: StaffRoom):
    story = BY_KEY["open-case"]
    reference, other = room.ask("open-case", identities={"phone_number": [story.phone]}), room.ask("unused-points")
    staff, senior = room.sit_down(REVIEWER), room.sit_down(SENIOR)
    staff.get(path_of(reference))
    known = {"relation": "relative", "kind": "customer_number", "value": story.customer_no}
    staff.post("/staff/account/known-persons", known)
    for rest in ("", "/draft-anew"):
        assert "亲友" in staff.get(path_of(reference, rest), status=403).text
    for rest in ("/decision", "/take", "/notes", "/messages"):
        staff.post(path_of(reference, rest), {}, status=403)
    page = senior.post(path_of(reference, "/assignee"), {"assignee": REVIEWER}, status=403)
    assert "亲友" in page.text and room.request(reference).assignee is None
    staff.get(path_of(other))
    senior.get(path_of(reference))


def test_a_number_that_an_earlier_plan_found_shuts_the_case_when_the_plan_is_drafted_anew(room: StaffRoom):
    story = BY_KEY["open-case"]
    reference = room.ask("open-case", identities={"phone_number": [story.phone]})
    with room.center.database.transaction() as session:
        declare(session, find_staff(session, REVIEWER), "customer_number", story.customer_no, Relation.RELATIVE)
        asked = request_by_reference(session, reference)
        drafted = draft_plan(room.center, {"phone_number": ["13000000000"]}, None, today(room))
        assert drafted.identifiers.get("customer_number", set()) == set()
        freeze_plan(session, room.center, drafted, request_id=asked.id, at=clock.now())
    room.sit_down(REVIEWER).get(path_of(reference), status=403)


def test_a_complaint_specialist_sees_a_case_while_it_is_given_to_her(room: StaffRoom):
    reference, other = room.ask("open-case"), room.ask(RELATED_STORY)
    staff, senior = room.sit_down(SPECIALIST), room.sit_down(SENIOR)
    staff.get(path_of(reference), status=404)
    assert reference not in staff.get("/staff/?tab=all").text
    room.sit_down(REVIEWER).post(path_of(reference, "/assignee"), {"assignee": SPECIALIST}, status=403)
    assert "S0111 田野 审核员（暂时不能看客户信息）" in senior.get(path_of(reference)).text
    assert "选一位同事" in senior.post(path_of(reference, "/assignee"), {"assignee": "nobody"}, status=422).text
    assert "只能分派给" in senior.post(path_of(reference, "/assignee"), {"assignee": OPERATOR}, status=422).text
    answer = senior.post(path_of(reference, "/assignee"), {"assignee": SPECIALIST})
    assert "已分派" in senior.get(answer.location).text
    page = staff.get(path_of(reference))
    assert "不能作决定" in page.text
    staff.post(path_of(reference, "/notes"), {"note": "与客户通过电话"})
    staff.post(path_of(reference, "/decision"), {}, status=403)
    listed = staff.get("/staff/?tab=all").text
    assert reference in listed and other not in listed
    senior.post(path_of(reference, "/assignee"), {"assignee": ""})
    staff.get(path_of(reference), status=404)
    assert acts(room).count("request.assigned") == 2


def test_an_agent_sees_what_they_took_in_and_nothing_else(room: StaffRoom):
    mine, other = room.ask("open-case"), room.ask(RELATED_STORY)
    with room.center.database.transaction() as session:
        asked = request_by_reference(session, mine)
        asked.submitted_by = asked.verified_by = AGENT
    staff = room.sit_down(AGENT)
    staff.get(path_of(mine))
    staff.get(path_of(other), status=404)
    listed = staff.get("/staff/?tab=all").text
    assert mine in listed and other not in listed


def test_posts_begin_and_end_on_their_days_and_nobody_changes_their_own(room: StaffRoom):
    manager, day = room.sit_down(MANAGER), today(room)
    page = manager.get(f"/staff/people/{OPERATOR}")
    assert "给岗位" in page.text and "给岗位" not in manager.get(f"/staff/people/{MANAGER}").text
    role = {"role": "auditor", "role_starts_on": day.isoformat(), "role_ends_on": ""}
    for wrong, said in (
        ({"role": "king"}, "选一个岗位"),
        ({"role_starts_on": "soon"}, "日期写成"),
        ({"role_ends_on": (day - timedelta(days=1)).isoformat()}, "比第一天还早"),
    ):
        page = manager.post(f"/staff/people/{OPERATOR}/roles", role | wrong, status=422)
        assert said in page.text
    manager.post(f"/staff/people/{MANAGER}/roles", role, status=403)
    room.sit_down(OPERATOR).get("/staff/audit", status=403)
    later = role | {"role_starts_on": (day + timedelta(days=1)).isoformat()}
    manager.post(f"/staff/people/{OPERATOR}/roles", later)
    room.sit_down(OPERATOR).get("/staff/audit", status=403)
    with room.center.database.transaction() as session:
        term = session.scalars(
            sa.select(RoleTerm).where(RoleTerm.role == Role.AUDITOR, RoleTerm.given_by == MANAGER)
        ).one()
        term.starts_on, term.ends_on = day, day
    operator = room.sit_down(OPERATOR)
    operator.get("/staff/audit")
    manager.post(f"/staff/people/{OPERATOR}/roles/{term.id}/take", {})
    operator.get("/staff/audit", status=403)
    assert "staff.role_given" in acts(room) and "staff.role_taken" in acts(room)
    days = {"starts_on": "2026-01-01", "ends_on": (day - timedelta(days=1)).isoformat()}
    manager.post(f"/staff/people/{OPERATOR}/dates", days)
    operator.get("/staff/account", status=303)
    manager.post(f"/staff/people/{REVIEWER}/active", {"active": "no"})
    room.sit_down(REVIEWER).get("/staff/account", status=303)


def test_a_manager_ends_all_sign_ins_of_a_member_who_can_sign_in_again(room: StaffRoom):
    manager, first, second = room.sit_down(MANAGER), room.sit_down(REVIEWER), room.sit_down(REVIEWER)
    manager.post(f"/staff/people/{REVIEWER}/logins/end", {})
    assert "所有登录都已结束" in manager.get(f"/staff/people/{REVIEWER}?done=out").text
    assert [one.get("/staff/account", status=303).location for one in (first, second)]
    manager.get("/staff/account")
    room.sit_down(REVIEWER).get("/staff/account")
    assert acts(room).count("staff.logins_ended") == 1


def test_a_dangerous_step_asks_for_password_and_code_again_and_keeps_what_was_typed(room: StaffRoom):
    manager, day = room.sit_down(MANAGER), today(room)
    grow_stale(room)
    role = {"role": "auditor", "role_starts_on": day.isoformat(), "role_ends_on": "", "password": "not to be kept"}
    page = manager.post(f"/staff/people/{OPERATOR}/roles", role, status=403)
    assert "再核对一次是您" in page.text and 'name="kept:role" value="auditor"' in page.text
    assert "not to be kept" not in page.text
    with room.center.database.reading() as session:
        assert find_staff(session, OPERATOR).roles == ["operator"]
    waiting = dict(re.findall(r'name="((?:kept:)?\w+)" value="([^"]*)"', page.text))
    waiting.pop("csrf_token"), waiting.pop("kept:csrf_token", None)
    assert (
        "密码或动态码不对" in manager.post("/staff/confirm", waiting | {"password": "x", "code": "1"}, status=422).text
    )
    page = manager.post("/staff/confirm", waiting | proofs(MANAGER), status=200)
    assert f'action="/staff/people/{OPERATOR}/roles"' in page.text and 'name="role" value="auditor"' in page.text
    manager.post(
        f"/staff/people/{OPERATOR}/roles", {name[5:]: value for name, value in waiting.items() if name[:5] == "kept:"}
    )
    with room.center.database.reading() as session:
        assert set(find_staff(session, OPERATOR).roles) == {"operator", "auditor"}
    assert "staff.proved_again" in acts(room) and "staff.proof_refused" in acts(room)


def test_after_the_proof_one_is_led_to_a_page_of_ours_only(room: StaffRoom):
    manager = room.sit_down(MANAGER)
    for elsewhere in ("//evil.example/", "https://evil.example/", "/me/"):
        page = manager.get(f"/staff/confirm?next={elsewhere}")
        assert re.findall(r'name="next" value="([^"]*)"', page.text) == ["/staff/"]
    answer = manager.post("/staff/confirm", {"next": "//evil.example/", "sends": "yes", **proofs(MANAGER)})
    assert answer.location == "/staff/"


def test_running_by_hand_asks_for_a_fresh_proof(room: StaffRoom):
    reference = room.ask("open-case")
    operator = room.sit_down(OPERATOR)
    grow_stale(room)
    assert "再核对一次是您" in operator.post(path_of(reference, "/retry"), {}, status=403).text
    assert "再核对一次是您" in operator.post("/staff/holds/check", {}, status=403).text
    assert "execution.retried" not in acts(room) and "holds.checked" not in acts(room)


def open_review(manager: StaffClient, department: str) -> str:
    return manager.post("/staff/access-review", {"department": department}).location


def test_a_signed_access_review_takes_roles_at_once_and_stays_on_record(room: StaffRoom):
    room.hire("D1", Role.REVIEWER, department="D")
    room.hire("D2", Role.AUDITOR, department="D")
    manager = room.sit_down(MANAGER)
    manager.post("/staff/access-review", {"department": "no such"}, status=404)
    path = open_review(manager, "D")
    assert open_review(manager, "D") == path, "an open review is gone on with"
    page = manager.get(path)
    lines = re.findall(r'id="(answer-[0-9a-f-]+)"', page.text)
    assert len(lines) == 2
    one, two = lines
    answers = {one: "remove", two: "keep", one.replace("answer", "reason"): "换岗"}
    assert "密码或动态码不对" in manager.post(path, answers | {"password": "x", "code": "1"}, status=422).text
    reviewer = room.sit_down("D1")
    reviewer.get("/staff/")
    manager.post(path, answers | proofs(MANAGER))
    reviewer.get("/staff/", status=303)
    room.sit_down("D2").get("/staff/audit")
    page = manager.get(path)
    assert "核对无误" in page.text and "换岗" in page.text and "收回" in page.text
    with room.center.database.transaction() as session:
        review = session.scalars(sa.select(AccessReview)).one()
        assert review_holds(session, review)
        review.signed_by = "S0001"
        assert not review_holds(session, review)
    assert "staff.access_review_signed" in acts(room)


def test_the_signature_covers_everything_the_signed_list_shows_and_outlives_later_changes(room: StaffRoom):
    room.hire("D1", Role.REVIEWER, department="D")
    last = today(room) + timedelta(days=90)
    with room.center.database.transaction() as session:
        session.execute(
            sa.update(RoleTerm).where(RoleTerm.staff_id == find_staff(session, "D1").id).values(ends_on=last)
        )
    manager = room.sit_down(MANAGER)
    path = open_review(manager, "D")
    (line,) = re.findall(r'id="(answer-[0-9a-f-]+)"', manager.get(path).text)
    manager.post(path, {line: "keep", line.replace("answer", "reason"): "在岗"} | proofs(MANAGER))
    with room.center.database.transaction() as session:
        member = find_staff(session, "D1")
        member.name, member.department = "改了名", "E"
        term = sa.update(RoleTerm).where(RoleTerm.staff_id == member.id)
        session.execute(term.values(ends_on=None, taken_at=clock.now(), taken_by="S0108"))
    signed = manager.get(path).text
    assert "核对无误" in signed and "改了名" not in signed and day_shown(signed, last)
    other = {
        "number": "D9", "name": "别人", "role": Role.AUDITOR, "starts_on": last, "ends_on": None, "given_by": "S0999",
        "since_last": True, "keep": False, "reason": "别的理由", "position": 7,
    }  # fmt: skip
    with room.center.database.reading() as session:
        shown = {one.key for one in sa.inspect(AccessReviewLine).column_attrs} - {"id", "review_id"}
        assert shown == set(other), "a column of the list that no case of this test changes"
    for name, value in other.items():
        with room.center.database.transaction() as session:
            row = session.scalars(sa.select(AccessReviewLine)).one()
            before = getattr(row, name)
            setattr(row, name, value)
        assert "对不上" in manager.get(path).text, name
        with room.center.database.transaction() as session:
            setattr(session.scalars(sa.select(AccessReviewLine)).one(), name, before)
    assert "核对无误" in manager.get(path).text


def day_shown(page: str, day: date) -> bool:
    return f"{day.month}月{day.day}日" in page or day.isoformat() in page


def test_a_review_needs_an_answer_on_every_line_and_leaves_ones_own_to_others(room: StaffRoom):
    manager = room.sit_down(MANAGER)
    path = open_review(manager, PEOPLE[MANAGER].department)
    page = manager.get(path)
    assert f"{PEOPLE[MANAGER].name} {MANAGER}" not in page.text and REVIEWER in page.text
    assert "选保留或收回" in manager.post(path, proofs(MANAGER), status=422).text
    empty = manager.post(path, {}, status=422).text
    lines = re.findall(r'id="(answer-[0-9a-f-]{36})"', empty)
    assert len(lines) > 1 and re.findall(r'<li><a href="#([^"]+)">', empty) == [*lines, "password", "code"]
    assert all(f'id="{one}-error"' in empty for one in [*lines, "password", "code"])
    assert "staff.proof_refused" not in acts(room)
    assert "staff.access_review_signed" not in acts(room)


def test_a_department_that_was_not_reviewed_for_180_days_is_shown_as_overdue(room: StaffRoom):
    manager = room.sit_down(MANAGER)
    assert "已逾期" not in manager.get("/staff/access-review").text
    with room.center.database.transaction() as session:
        session.execute(sa.update(RoleTerm).values(starts_on=today(room) - timedelta(days=181)))
    assert "已逾期" in manager.get("/staff/access-review").text


def test_the_list_of_who_may_see_what_names_everybody_with_their_scope(room: StaffRoom):
    page = room.sit_down(OFFICER).get("/staff/permits/people")
    with room.center.database.reading() as session:
        for member in session.scalars(sa.select(StaffMember)):
            assert member.number in page.text and member.name in page.text
    row = re.search(rf"{SPECIALIST}.*?</tbody>", page.text, re.S)[0]
    assert "只限分派给本人的" in row and "银行卡" not in row
    assert "您的岗位" in room.sit_down(REVIEWER).get("/staff/permits").text
    told = room.sit_down(REVIEWER).get("/staff/permits?lang=en").text
    assert re.search(r"Totals.{0,200}counts only", told, re.S) and not re.search(r"Totals[^A-Z]{0,200}masked", told)


def test_a_manager_sees_totals_without_small_numbers_and_nothing_to_open(room: StaffRoom):
    manager = room.sit_down(MANAGER)
    assert "太少，不分类显示" in manager.get("/staff/totals").text
    keys = [key for key in BY_KEY if BY_KEY[key].email][:7]
    references = [room.ask(key) for key in keys]
    page = manager.get("/staff/totals")
    assert "太少" not in page.text and not any(one in page.text for one in references)
    assert "/staff/requests/" not in page.text
    for path in ("/staff/holds", path_of(references[0]), "/staff/audit"):
        manager.get(path, status=403)
    assert manager.get("/staff/", status=303).location == "/staff/totals"


def test_new_recovery_codes_end_the_old_ones(room: StaffRoom):
    staff = room.sit_down(REVIEWER)
    first = re.findall(
        r'<li class="ref">([^<]+)</li>', staff.post("/staff/account/recovery-codes", {}, status=200).text
    )
    again = re.findall(
        r'<li class="ref">([^<]+)</li>', staff.post("/staff/account/recovery-codes", {}, status=200).text
    )
    assert len(first) == len(again) == 10 and not set(first) & set(again)
    assert "还有 10 个恢复码" in staff.get("/staff/account").text


def test_every_page_on_staff_speaks_english(room: StaffRoom):
    manager, reviewer = room.sit_down(MANAGER), room.sit_down(REVIEWER)
    review = open_review(manager, PEOPLE[MANAGER].department)
    names = [one.name for one in PEOPLE.values()]
    departments = {one.department for one in PEOPLE.values()}
    own = [*names, *departments, "中文", "个人信息保护年度培训"]
    for staff, path in [
        *((manager, one) for one in ("/staff/people", f"/staff/people/{REVIEWER}", "/staff/access-review", review)),
        *((manager, one) for one in ("/staff/permits", "/staff/permits/people", "/staff/totals", "/staff/confirm")),
        *((reviewer, one) for one in ("/staff/pledge", "/staff/account")),
    ]:
        text = staff.get(f"{path}?lang=en").text
        for one in own:
            text = text.replace(one, "")
        assert not re.findall(r"[\u4e00-\u9fff]+", text), path
