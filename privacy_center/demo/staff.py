"""The people who work at the demo's privacy center. Their passwords and app secrets are no secrets: anybody may try."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pyotp
from sqlalchemy.orm import Session

from privacy_center.errors import Words
from privacy_center.keys.sealing import seal_text
from privacy_center.people.staff.administer import enter_training
from privacy_center.people.staff.models import Role, StaffMember
from privacy_center.people.staff.pledge import pledge_text, sign_pledge
from privacy_center.people.staff.roster import create_staff, find_staff
from privacy_center.people.staff.second_factor import SECRET
from privacy_center.people.staff.terms import local_today

PASSWORD = "qinghe-demo-2026"
PRIVACY, SERVICE, SAFETY = "个人信息保护组", "客户服务部", "安全部"
TRAINING = "个人信息保护年度培训"
YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class DemoStaff:
    """One member of staff: what to sign in with, and what they are there to show."""

    number: str
    name: str
    roles: tuple[Role, ...]
    totp_secret: str
    what_they_do: Words
    own_identities: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    password: str = PASSWORD
    department: str = PRIVACY
    trained: bool = True

    def code(self, at: datetime) -> str:
        """What their authenticator app shows at a moment: six digits, good for 30 seconds."""
        return pyotp.TOTP(self.totp_secret).at(at)


STAFF: tuple[DemoStaff, ...] = (
    DemoStaff(
        "S0101",
        "沈知行",
        (Role.REVIEWER,),
        "QHRV7XK2MDN5TBLAQHRV7XK2MDN5TBLA",
        Words("审核员：看申请，作决定", "Reviewer: reads requests and decides"),
    ),
    DemoStaff(
        "S0102",
        "苏明",
        (Role.REVIEWER, Role.SENIOR_REVIEWER),
        "QHSR3WC6YEP4UJGOQHSR3WC6YEP4UJGO",
        Words("高级审核员：需要两个人时的第二人", "Senior reviewer: the second person where two are needed"),
    ),
    DemoStaff(
        "S0103",
        "陈禾",
        (Role.PRIVACY_OFFICER,),
        "QHPF5ZA7IHS2VKNEQHPF5ZA7IHS2VKNE",
        Words("个人信息保护负责人：看规则、台账和审计", "Privacy officer: rules, registers and audit"),
    ),
    DemoStaff(
        "S0104",
        "丁一",
        (Role.OPERATOR,),
        "QHOP6BD3LGM7WXCIQHOP6BD3LGM7WXCI",
        Words("运维：看系统是否正常，不看个人信息", "Operator: whether all runs well, without seeing personal data"),
    ),
    DemoStaff(
        "S0007",
        "徐婷婷",
        (Role.REVIEWER,),
        "QHXT4FE5NKQ6YZRUQHXT4FE5NKQ6YZRU",
        Words("审核员，也是顾客：自己的申请不能自己审", "Reviewer and customer: may not decide her own request"),
        {"email": ("xu.tingting@example.com",), "phone_number": ("13800010015",), "customer_number": ("QH00000015",)},
    ),
    DemoStaff(
        "S0105",
        "何小满",
        (Role.AGENT,),
        "QHAG2JD5RWX3LTMFQHAG2JD5RWX3LTMF",
        Words("客服：替客户提交申请，只看自己受理的", "Agent: takes requests in, sees only those"),
        department=SERVICE,
    ),
    DemoStaff(
        "S0106",
        "罗青",
        (Role.COMPLAINT_SPECIALIST,),
        "QHCS6MB4YVN7KPZEQHCS6MB4YVN7KPZE",
        Words("投诉专员：只看分派给自己的案件", "Complaint specialist: sees only cases given to her"),
        department=SERVICE,
    ),
    DemoStaff(
        "S0107",
        "秦川",
        (Role.SECURITY_OFFICER,),
        "QHSO5TF2EGL6WRUDQHSO5TF2EGL6WRUD",
        Words("安全负责人：看登录和设备记录，处理异常", "Security officer: logins, devices and anomalies"),
        department=SAFETY,
    ),
    DemoStaff(
        "S0108",
        "梁静",
        (Role.MANAGER,),
        "QHMG7PA3CXJ4NZVBQHMG7PA3CXJ4NZVB",
        Words("主管：只看统计，管岗位，签权限复核", "Manager: totals only, posts, access reviews"),
    ),
    DemoStaff(
        "S0109",
        "孟尧",
        (Role.AUDITOR,),
        "QHAU4LH6SKD2FYQWQHAU4LH6SKD2FYQW",
        Words("审计：查记录，看遮盖后的案件", "Auditor: the record, and cases masked"),
        department=SAFETY,
    ),
    DemoStaff(
        "S0110",
        "白露",
        (Role.STEWARD,),
        "QHST3VE7ZNB5GOIXQHST3VE7ZNB5GOIX",
        Words("数据管家：数据地图、规则和培训登记", "Steward: data map, rules and trainings"),
    ),
    DemoStaff(
        "S0111",
        "田野",
        (Role.REVIEWER,),
        "QHOD6RC2UJW4HMTKQHOD6RC2UJW4HMTK",
        Words("审核员，培训过期：打不开客户信息", "Reviewer with a training overdue: customer data stays shut"),
        trained=False,
    ),
)


def hire_staff(session: Session, at: datetime) -> None:
    """Everybody of STAFF who is not there yet, with a password, an app that is set up, a signed pledge and a training."""
    for one in STAFF:
        if find_staff(session, one.number) is not None:
            continue
        member = create_staff(
            session,
            number=one.number,
            name=one.name,
            email=f"{one.number.lower()}@qinghe.example",
            password=one.password,
            roles=one.roles,
            department=one.department,
            own_identities=one.own_identities,
            at=at,
        )
        member.totp_secret_sealed = seal_text(session, one.totp_secret, SECRET)
        member.totp_confirmed_at = at
        _make_fit(session, member, one, at)
    session.flush()


def _make_fit(session: Session, member: StaffMember, one: DemoStaff, at: datetime) -> None:
    """Pledge and yearly training; for who is not trained, it was due again ten days ago."""
    sign_pledge(session, member, version=pledge_text(session).version, name=member.name, at=at)
    today = local_today(session, at)
    done = today - timedelta(days=30) if one.trained else today - YEAR - timedelta(days=10)
    enter_training(session, member, title=TRAINING, done_on=done, due_on=done + YEAR, by=None, at=at)
