"""The people who work at the demo's privacy center. Their passwords and app secrets are no secrets: anybody may try."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import pyotp
from sqlalchemy.orm import Session

from privacy_center.errors import Words
from privacy_center.keys.sealing import seal_text
from privacy_center.people.staff.models import Role
from privacy_center.people.staff.roster import create_staff, find_staff
from privacy_center.people.staff.second_factor import SECRET

PASSWORD = "qinghe-demo-2026"


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
)


def hire_staff(session: Session, at: datetime) -> None:
    """Everybody of STAFF who is not there yet, with a password and an app that is already set up."""
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
            department="个人信息保护组",
            own_identities=one.own_identities,
            at=at,
        )
        member.totp_secret_sealed = seal_text(session, one.totp_secret, SECRET)
        member.totp_confirmed_at = at
    session.flush()
