"""The hold by hand of the sample company: a customer's allergy note and order, kept as evidence, to be reviewed soon."""

from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.demo import crm_tables as crm
from privacy_center.demo import shop_tables as shop
from privacy_center.demo.stories import story
from privacy_center.holds.kinds import PlacedKind
from privacy_center.holds.models import PlacedHold
from privacy_center.holds.place import NewHold, Placing, Records, place_hold
from privacy_center.people.staff.roster import find_staff
from privacy_center.people.staff.terms import local_today

PLACER = "S0102"
REASON = "客户称赴店用餐后过敏，已通过律师来函主张赔偿，过敏记录和当日订单须作为证据保留。"


def place_story_hold(session: Session, company: Path, at: datetime) -> None:
    """Place it where it is not there yet. `company`: the folder of the two databases."""
    by = find_staff(session, PLACER)
    if by is None or session.scalar(sa.select(sa.func.count()).select_from(PlacedHold)):
        return
    today, person = local_today(session, at), story("held-by-hand").number
    member_of = sa.select(crm.member.c.member_no).where(crm.member.c.shop_customer_ref == str(person))
    orders = sa.select(shop.orders.c.id).where(shop.orders.c.customer_id == person)
    records = {
        "crm.health_note": Records(("member_no",), _keys(company / "crm.db", member_of)),
        "shop.orders": Records(("id",), _keys(company / "shop.db", orders)),
    }
    wanted = NewHold(PlacedKind.EVIDENCE, REASON, owner=PLACER, review_on=today + timedelta(days=5))
    place_hold(session, wanted, records, Placing(by, at, today))


def _keys(database: Path, wanted: sa.Select[tuple[object]]) -> list[tuple[object, ...]]:
    engine = sa.create_engine(f"sqlite:///{database}")
    try:
        with engine.connect() as connection:
            return [tuple(row) for row in connection.execute(wanted)]
    finally:
        engine.dispose()
