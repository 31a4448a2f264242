"""What a member leaves in the CRM: tags, notes of the restaurants' staff, consents, calls, bookings."""

from datetime import datetime, timedelta
from typing import Any

from privacy_center.demo import crm_tables as crm
from privacy_center.demo import words
from privacy_center.demo.books import Books, Row


def join(books: Books, name: str, joined: datetime, **more: Any) -> Row:
    """A member, by a number of the CRM's own."""
    count = len(books.rows[crm.member]) + 1
    more.setdefault("level", "green")
    return books.add(crm.member, member_no=f"M{joined:%y}{count:06d}", name=name, joined_at=joined, **more)


def tag(books: Books, member: Row, count: int) -> None:
    for word in books.random.sample(words.TAGS, count):
        books.add(
            crm.member_tag,
            member_no=member["member_no"],
            tag=word,
            made_by="model-3",
            score=round(books.random.uniform(0.4, 0.99), 3),
            tagged_at=books.some_time(books.random.randint(1, 200)),
        )


def note_guest(books: Books, member: Row, learnt_by: str = "observed") -> None:
    """A line on the restaurant's guest card, looks and character and all."""
    random = books.random
    books.add(
        crm.staff_note,
        member_no=member["member_no"],
        written_by=random.choice(("S0005", "S0006")),
        learnt_by=learnt_by,
        looks=random.choice(words.LOOKS),
        character=random.choice(words.CHARACTERS),
        car_plate=f"沪A·{random.randint(10000, 99999)}" if random.random() < 0.3 else None,
        anniversary=f"结婚纪念日 {random.randint(1, 12)} 月 {random.randint(1, 28)} 日"
        if random.random() < 0.3
        else None,
        habits=random.choice(words.HABITS),
        written_at=books.some_time(random.randint(10, 500)),
    )


def note_health(books: Books, member: Row, allergies: str) -> None:
    books.add(
        crm.health_note,
        member_no=member["member_no"],
        allergies=allergies,
        diet="少油少盐",
        noted_at=books.some_time(books.random.randint(10, 500)),
    )


def consent(books: Books, member: Row, **channels: bool) -> None:
    """Marketing consents by channel: `sms=True, email=False`."""
    for channel, granted in channels.items():
        books.add(
            crm.marketing_consent,
            member_no=member["member_no"],
            channel=channel,
            granted=granted,
            evidence=books.random.choice(("注册页勾选", "短信回复", "门店签字")),
            changed_at=books.some_time(books.random.randint(20, 600)),
        )


def file_complaint(
    books: Books, member: Row, opened: datetime, closed: datetime | None, illness: str | None = None
) -> None:
    """A complaint; `illness`: what somebody reports who fell ill after a meal."""
    books.add(
        crm.complaint,
        complaint_no=f"TS{opened:%Y%m%d}{len(books.rows[crm.complaint]) + 1:04d}",
        member_no=member["member_no"],
        contact_name=member["name"],
        contact_phone=member["mobile"],
        content=illness or books.random.choice(words.COMPLAINTS),
        result="已致歉并补发优惠券" if closed else None,
        illness_reported=illness is not None,
        opened_at=opened,
        closed_at=closed,
    )


def call_hotline(books: Books, member: Row, days_back: int) -> None:
    started = books.some_time(days_back)
    books.add(
        crm.service_call,
        member_no=member["member_no"],
        caller_phone=member["mobile"],
        agent_no=books.random.choice(("S0002", "S0003", "S0004", "S0007")),
        summary=f"{member['name']}来电咨询配送时间，已答复。",
        recording=f"calls/{started:%Y%m%d}/{len(books.rows[crm.service_call]) + 1:06d}.wav",
        started_at=started,
    )


def book_table(books: Books, member: Row, days_back: int) -> None:
    """A table booked for so many days ago (negative: for a day to come)."""
    books.add(
        crm.table_booking,
        booking_no=f"YD{len(books.rows[crm.table_booking]) + 1:07d}",
        member_no=member["member_no"],
        guest_name=member["name"],
        guest_phone=member["mobile"],
        store_code=books.random.choice(("QH201", "QH202")),
        party_size=books.random.randint(2, 10),
        wishes=books.random.choice((None, "靠窗", "儿童椅一把", "包间")),
        booked_for=books.ago(days_back, 18),
    )


def send_campaigns(books: Books, member: Row, count: int) -> None:
    for campaign in books.random.sample(books.rows[crm.campaign], count):
        sent = campaign["started_at"] + timedelta(hours=books.random.randint(1, 30))
        books.add(
            crm.campaign_send,
            campaign_id=campaign["id"],
            member_no=member["member_no"],
            sent_to=member["mobile"] if campaign["channel"] == "sms" else member["email"],
            sent_at=sent,
            opened_at=sent + timedelta(hours=2) if books.chance(0.4) else None,
        )


def answer_survey(books: Books, member: Row) -> None:
    for question, answer in enumerate(("满意", "菜品种类可以更多", "愿意推荐给朋友"), 1):
        books.add(
            crm.survey_answer,
            survey="2026-dining",
            member_no=member["member_no"],
            question_no=question,
            answer=answer,
            answered_at=books.some_time(40),
        )
