"""What a map says of marketing refusals: which rows say "no", by which channel, and which contacts that covers."""

from dataclasses import dataclass

from privacy_center.datamap.row_condition import RowCondition

EMAIL, PHONE = "email", "phone_number"
CHANNEL_KINDS = {
    **dict.fromkeys(("email", "e-mail", "mail", "edm", "newsletter", "邮件", "邮箱", "电子邮件"), EMAIL),
    **dict.fromkeys(("sms", "mms", "text", "phone", "mobile", "call", "voice", "tel", "短信", "彩信", "电话"), PHONE),
}
"""Channel → the kind of contact that it reaches. Any other channel may reach every contact."""
EVERY_CHANNEL = ""
LONGEST_CHANNEL = 40


@dataclass(frozen=True, slots=True)
class MarketingRefusal:
    """Rows of a collection that say "no marketing".

    `when`: the rows that say so. `channel`: one for all of them, or empty; `channel_field`: the field that names it. Without
    both a refusal is of every channel. `contacts`: fields of the row that hold the contacts it covers; none: the contacts on
    the customer's own records and those they have proven. `newest_by`: of several rows on one contact and channel only the
    newest by this field counts.
    """

    when: RowCondition
    channel: str = EVERY_CHANNEL
    channel_field: str | None = None
    contacts: tuple[str, ...] = ()
    newest_by: str | None = None


def channel_name(written: object) -> str:
    """A channel as it is compared: small letters, no blanks at the ends, at most 40 characters."""
    return " ".join(str(written if written is not None else "").split()).lower()[:LONGEST_CHANNEL]


def reaches(channel: str, kind: str) -> bool:
    """Whether a channel reaches contacts of a kind: an SMS reaches no e-mail address."""
    known = CHANNEL_KINDS.get(channel)
    return known is None or known == kind or kind not in (EMAIL, PHONE)
