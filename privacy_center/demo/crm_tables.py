"""The sample company's CRM database, where members go by a number of their own: 12 tables."""

import sqlalchemy as sa

from privacy_center.demo.columns import NAMES, Money, key, link, moment, one_of, text

CRM = sa.MetaData(naming_convention=NAMES)
MEMBER_NO = sa.String(20)

household = sa.Table(
    "household",
    CRM,
    key(),
    text("name", 40, nullable=False),
    text("address", 160),
    text("landline", 20),
)

member = sa.Table(
    "member",
    CRM,
    sa.Column("member_no", MEMBER_NO, primary_key=True),
    text("shop_customer_ref", 20, index=True),  # the shop's whole number, kept as text
    text("name", 40, nullable=False),
    text("mobile", 30, index=True),
    text("email", 120, index=True),
    sa.Column("birthday", sa.Date),
    text("level", 12, nullable=False),
    text("city", 30),
    text("wechat_openid", 40, unique=True),
    link("household_id", "household.id", ondelete="SET NULL"),
    moment("joined_at", nullable=False),
    one_of("level", "green", "silver", "gold"),
)

member_tag = sa.Table(
    "member_tag",
    CRM,
    link("member_no", "member.member_no", kind=MEMBER_NO, ondelete="CASCADE", primary_key=True),
    text("tag", 40, primary_key=True),
    text("made_by", 20, nullable=False),
    sa.Column("score", sa.Numeric(4, 3)),
    moment("tagged_at", nullable=False),
)

staff_note = sa.Table(  # the restaurant's guest card
    "staff_note",
    CRM,
    key(),
    link("member_no", "member.member_no", kind=MEMBER_NO, nullable=False, index=True),
    text("written_by", 12, nullable=False),
    text("learnt_by", 20, nullable=False),
    text("looks", 200),
    text("character", 200),
    text("car_plate", 12),
    text("anniversary", 60),
    sa.Column("habits", sa.Text),
    moment("written_at", nullable=False),
    one_of("learnt_by", "told_by_guest", "observed", "overheard", "asked_others"),
)

health_note = sa.Table(
    "health_note",
    CRM,
    link("member_no", "member.member_no", kind=MEMBER_NO, primary_key=True),
    text("allergies", 200, nullable=False),
    text("diet", 80),
    moment("noted_at", nullable=False),
)

marketing_consent = sa.Table(
    "marketing_consent",
    CRM,
    key(),
    link("member_no", "member.member_no", kind=MEMBER_NO, nullable=False, index=True),
    text("channel", 10, nullable=False),
    sa.Column("granted", sa.Boolean, nullable=False),
    text("evidence", 60, nullable=False),
    moment("changed_at", nullable=False),
    sa.UniqueConstraint("member_no", "channel"),
    one_of("channel", "sms", "email", "phone"),
)

complaint = sa.Table(
    "complaint",
    CRM,
    key(),
    text("complaint_no", 24, nullable=False, unique=True),
    link("member_no", "member.member_no", kind=MEMBER_NO, ondelete="SET NULL", index=True),
    text("contact_name", 40, nullable=False),
    text("contact_phone", 30, index=True),
    sa.Column("content", sa.Text, nullable=False),
    text("result", 200),
    sa.Column("illness_reported", sa.Boolean, nullable=False, server_default=sa.false()),
    moment("opened_at", nullable=False),
    moment("closed_at"),
)

service_call = sa.Table(
    "service_call",
    CRM,
    key(),
    link("member_no", "member.member_no", kind=MEMBER_NO, ondelete="SET NULL", index=True),
    text("caller_phone", 30, nullable=False, index=True),
    text("agent_no", 12, nullable=False),
    sa.Column("summary", sa.Text),
    text("recording", 200),
    moment("started_at", nullable=False),
)

table_booking = sa.Table(
    "table_booking",
    CRM,
    key(),
    text("booking_no", 24, nullable=False, unique=True),
    link("member_no", "member.member_no", kind=MEMBER_NO, ondelete="SET NULL", index=True),
    text("guest_name", 40, nullable=False),
    text("guest_phone", 30, nullable=False, index=True),
    text("store_code", 10, nullable=False),
    sa.Column("party_size", sa.Integer, nullable=False),
    text("wishes", 200),
    moment("booked_for", nullable=False),
    sa.CheckConstraint("party_size BETWEEN 1 AND 60", name="party_size_sensible"),
)

campaign = sa.Table(
    "campaign",
    CRM,
    key(),
    text("name", 80, nullable=False, unique=True),
    text("channel", 10, nullable=False),
    sa.Column("budget", Money),
    moment("started_at", nullable=False),
)

campaign_send = sa.Table(
    "campaign_send",
    CRM,
    link("campaign_id", "campaign.id", primary_key=True),
    link("member_no", "member.member_no", kind=MEMBER_NO, primary_key=True, index=True),
    text("sent_to", 120),
    moment("sent_at", nullable=False),
    moment("opened_at"),
)

survey_answer = sa.Table(
    "survey_answer",
    CRM,
    text("survey", 20, primary_key=True),
    link("member_no", "member.member_no", kind=MEMBER_NO, primary_key=True, index=True),
    sa.Column("question_no", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("answer", sa.Text),
    moment("answered_at", nullable=False),
)
