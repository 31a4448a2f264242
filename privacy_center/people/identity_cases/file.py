"""A case is filed. What is answered is the same whether or not anybody knows the person whom it concerns."""

import re
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from privacy_center.audit.append import Actor, record
from privacy_center.errors import Refusal
from privacy_center.keys.sealing import open_json, seal_json
from privacy_center.people.age import is_under_14
from privacy_center.people.contact import normal_value, read_contact
from privacy_center.people.evidence.keep import MOST_PICTURES, keep_evidence
from privacy_center.people.evidence.picture import CleanPicture
from privacy_center.people.identity_cases.models import CaseState, IdentityCase, Path
from privacy_center.people.rate import Limit, count_once
from privacy_center.people.tell import tell_person

FACTS = "identity_case.facts"
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
A_DAY = Limit("identity_case.day", 3, timedelta(days=1))
LONGEST_STATEMENT, LONGEST_NAME = 1_000, 60
WANTS = ("deletion",)
CUSTOMER_NUMBER = re.compile(r"[A-Za-z0-9-]{4,40}")


@dataclass(frozen=True, slots=True)
class Facts:
    """What the asker says. `contact` and `number`: how the company may know the person whom it concerns.

    `born`: of a child, an ISO date; `relation`: of the asker to that person; `interest`: of a relative, their own.
    """

    contact: str
    number: str = ""
    name: str = ""
    born: str = ""
    relation: str = ""
    interest: str = ""
    statement: str = ""
    permission: str = ""

    def identities(self) -> dict[str, list[str]]:
        """Kind → values by which the person can be looked for."""
        found = {}
        if self.contact:
            told = read_contact(self.contact)
            found[told.kind] = [told.value]
        if self.number:
            found["customer_number"] = [normal_value("customer_number", self.number)]
        return found


@dataclass(frozen=True, slots=True)
class Asked:
    """What is filed: the path, what is asked for, what was said, and pictures with what they are to show."""

    path: Path
    wants: str
    facts: Facts
    pictures: Sequence[CleanPicture] = field(default=())


def wrong_facts(path: Path, wants: str, facts: Facts, today: date) -> dict[str, Refusal]:
    """Field → what is wrong with it; empty when the case can be filed. It depends on nothing but what was typed."""
    wrong: dict[str, Refusal] = {}
    _check_contact(facts, wrong)
    if path is not Path.LOST_NUMBER and wants not in WANTS:
        wrong[""] = _say(
            "这里只能申请删除。要查看，请带材料到窗口。",
            "Only a deletion can be asked for here. To see data, come to a counter.",
        )
    if not 0 < len(facts.name.strip()) <= LONGEST_NAME:
        wrong["name"] = _say("写下登记的姓名，最多 60 字。", "Write the name on file, at most 60 characters.")
    if path is Path.MINOR:
        _check_age(facts, today, wrong)
    if path in (Path.MINOR, Path.DECEASED) and not facts.relation.strip():
        wrong["relation"] = _say("写下您和这个人的关系。", "Write how you are related to the person.")
    if path is Path.DECEASED and not facts.interest.strip():
        wrong["interest"] = _say(
            "写下您自己的正当理由，例如办理继承。", "Write your own legitimate interest, such as settling the estate."
        )
    if path is Path.AGENT and facts.permission not in ("signed", "ask"):
        wrong["permission"] = _say("选一下怎样证明委托。", "Choose how the permission is shown.")
    for name in ("statement", "relation", "interest"):
        if len(getattr(facts, name)) > LONGEST_STATEMENT:
            wrong[name] = _say("最多 1000 字。请写短一些。", "At most 1,000 characters. Make it shorter.")
    return wrong


def file_case(
    session: Session, asked: Asked, *, asker: uuid.UUID, language: str, due_on: date, at: datetime
) -> IdentityCase:
    """A new case with its pictures sealed, and a note to the asker; the person whom it concerns is not looked up.

    `due_on` is the local date of the answer. Refuses (429) a fourth case of an asker in a day, (422) too many pictures.
    """
    count_once(session, A_DAY, str(asker), at)
    if len(asked.pictures) > MOST_PICTURES:
        raise Refusal(
            f"最多上传 {MOST_PICTURES} 张图片。", f"At most {MOST_PICTURES} pictures.", status=422, field="evidence"
        )
    case = IdentityCase(
        id=uuid.uuid4(),
        reference=_new_reference(),
        path=asked.path,
        state=CaseState.OPEN,
        asker_id=asker,
        facts_sealed=seal_json(session, asdict(asked.facts), FACTS, subject=asker),
        wants=asked.wants if asked.path is not Path.LOST_NUMBER else "contact",
        language=language,
        filed_at=at,
        due_on=due_on,
        why_second=[],
    )
    session.add(case)
    session.flush()
    for number, picture in enumerate(asked.pictures, start=1):
        keep_evidence(session, case=case.id, shows=f"picture_{number}", picture=picture, subject=asker, at=at)
    context = {"reference": case.reference, "due_on": due_on.isoformat()}
    key = f"case-received:{case.id}"
    tell_person(session, asker, "case_received", context, dedupe_key=key, at=at, ways=("email", "phone_number"))
    details = {"path": case.path.value, "wants": case.wants, "pictures": len(asked.pictures)}
    note(session, case, "filed", Actor("customer", str(asker)), at, details)
    return case


def note(
    session: Session,
    case: IdentityCase,
    what: str,
    actor: Actor,
    at: datetime,
    details: dict[str, object] | None = None,
) -> None:
    """One entry of the audit trail under the case's reference: together they are the case's timeline."""
    subject = case.subject_id or case.asker_id
    record(session, actor=actor, act=f"case.{what}", subject=subject, request=case.reference, details=details, at=at)


def facts_of(session: Session, case: IdentityCase) -> Facts:
    """What the asker said, opened."""
    return Facts(**open_json(session, case.facts_sealed, FACTS))


def _check_contact(facts: Facts, wrong: dict[str, Refusal]) -> None:
    if not facts.contact and not facts.number:
        wrong["contact"] = _say(
            "写下登记的手机号、邮箱或客户编号，至少一项。",
            "Write the phone number, the e-mail address or the customer number on file, one at least.",
        )
    if facts.contact:
        try:
            read_contact(facts.contact)
        except Refusal as refusal:
            wrong["contact"] = refusal
    if facts.number and not CUSTOMER_NUMBER.fullmatch(facts.number):
        wrong["number"] = _say("编号是 4 到 40 位字母和数字。", "A number has 4 to 40 letters and digits.")


def _check_age(facts: Facts, today: date, wrong: dict[str, Refusal]) -> None:
    try:
        born = date.fromisoformat(facts.born)
    except ValueError:
        wrong["born"] = _say("写下孩子的出生日期，如 2014-06-01。", "Write the child's day of birth, like 2014-06-01.")
        return
    if not is_under_14(born, today) or born > today:
        wrong["born"] = _say(
            "满 14 岁由本人办理。请让孩子用自己的手机号或邮箱登录；需要帮忙，请打电话。",
            "From 14 on, young people act for themselves. Let them sign in with their own contact; call us for help.",
        )


def _say(zh: str, en: str) -> Refusal:
    return Refusal(zh, en, status=422)


def _new_reference() -> str:
    """A number such as IC-7K3M-9QXD-2F4T: random, 60 bits, never in order."""
    signs = "".join(secrets.choice(LETTERS) for _ in range(12))
    return "-".join(("IC", signs[:4], signs[4:8], signs[8:]))
