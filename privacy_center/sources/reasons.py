"""Why a row is not simply the customer's own, in words for the reviewer; never with a value."""

from privacy_center.errors import Words

_KINDS = {
    "email": Words("邮箱", "e-mail address"),
    "phone_number": Words("手机号", "phone number"),
    "ssn": Words("证件号", "identity number"),
    "user_id": Words("用户编号", "user number"),
    "customer_id": Words("客户编号", "customer number"),
    "member_id": Words("会员号", "member number"),
}

NOT_PERSONAL = Words(
    "这一行不是关于某个人的资料，只是被引用。", "This row is not about a person; the customer's rows only refer to it."
)
OTHERS_POINT = Words(
    "除了本人的记录，还有别人的记录也用到这一行。",
    "Rows that are not the customer's refer to it as well.",
)
ABOUT_SOMEBODY = Words(
    "这一行是关于某个人的资料，本人的记录只是提到它，不说明它是本人的。",
    "This row is about somebody; that the customer's rows refer to it does not make it theirs.",
)
NAMES_SEVERAL = Words(
    "这一行同时写着本人和别人的联系方式。请人工确认。",
    "This row names others beside the customer. A person must decide.",
)
OWNER_NOT_SAID = Words(
    "这一行用几个键指向客户，数据地图没有写明哪一个表示归属。请在地图里写明方向，或人工确认。",
    "Several keys of this row name customers, and the data map does not say which of them owns it. Give the references a"
    " direction, or a person must decide.",
)
PART_OF_RECORD = Words(
    "同一条记录里还有一行不是本人的，整条记录请人工确认。",
    "Another row of the same record is not the customer's. A person must decide about the whole record.",
)
_MENTIONED = Words(
    "这一行只是提到本人的{kind}（如收件人），它归别人。",
    "This row only mentions the customer's {kind}, as a recipient's for instance, and is somebody else's.",
)
_OWNER_NOT_PROVEN = Words(
    "这一行有本人的一项身份信息，但它属于 {collection} 里的另一条记录，那条不能确定是本人的。请人工确认。",
    "One identity on this row is the customer's, but it belongs to a record of {collection} that is not known to be theirs."
    " A person must decide.",
)
_UNCHECKED_POINTERS = Words(
    "{collection} 查不了，无法确定是否还有别人的记录用到这一行。",
    "{collection} could not be searched, so it is not known whether rows of others refer to this one.",
)
_CONTRADICTION = Words(
    "这一行有本人的一项身份信息，但{kind}不是本人已验证的。请人工确认是谁的。",
    "One identity on this row is the customer's, but its {kind} is not one the customer has proven. A person must decide.",
)
_SEVERAL_PEOPLE = Words(
    "本人验证的联系方式登记在几个账户上，{kind}各不相同，可能是号码换过主人。请人工确认是谁的。",
    "What the customer has proven stands on several accounts whose {kind} differs; the number may have changed hands."
    " A person must decide.",
)
_OTHERS_IDENTITY = Words("这一行的{kind}是别人的。", "The {kind} on this row is somebody else's.")
_SEVERAL_OWNERS = Words(
    "它带的键在 {collection} 里对应多条记录，有的不是客户的，请核对归谁。",
    "The key it carries stands on several rows of {collection}, and not all of them are the customer's. Find out whose it is.",
)
_OTHER_CASE = Words(
    "它带的键和 {collection} 里本人的键只差大小写，而那里区分大小写，可能是别人的。请人工确认。",
    "The key it carries differs from the customer's in {collection} by capitals only, and there these make another key."
    " A person must decide.",
)
_OTHERS_ROW = Words(
    "这一行同时属于 {collection} 里的别人。", "This row also belongs to somebody else, in {collection}."
)
_UNCHECKED_OWNER = Words(
    "这一行同时属于 {collection} 里的一行，但 {collection} 查不了，无法确定那是谁。请人工确认。",
    "This row also belongs to a row of {collection}, which could not be searched, so whose it is is not known."
    " A person must decide.",
)
_UNCHECKED_IDENTITY = Words(
    "{collection} 查不了，无法确定这一行的{kind}是谁的。请人工确认。",
    "{collection} could not be searched, so it is not known whose {kind} is on this row. A person must decide.",
)


def contradiction(kind: str) -> Words:
    """One identity is the customer's, another of a kind that was proven is not."""
    return _about(_CONTRADICTION, kind)


def several_people(kind: str) -> Words:
    """What was proven stands on accounts of several people, which differ in another identity."""
    return _about(_SEVERAL_PEOPLE, kind)


def mentioned(kind: str) -> Words:
    """A proven value stands on the row where it does not say whose the row is."""
    return _about(_MENTIONED, kind)


def owner_not_proven(collection: str) -> Words:
    """The row carries a proven identity, and belongs to a row that is not known to be the customer's."""
    return _OWNER_NOT_PROVEN.filled(collection=collection)


def others_identity(kind: str) -> Words:
    """The row carries somebody else's identity value."""
    return _about(_OTHERS_IDENTITY, kind)


def several_owners(collection: str) -> Words:
    """The owner's key that the row carries stands on several rows of `collection`, and not all are the customer's."""
    return _SEVERAL_OWNERS.filled(collection=collection)


def other_case(collection: str) -> Words:
    """The key is the customer's but for capitals, which `collection` tells apart."""
    return _OTHER_CASE.filled(collection=collection)


def others_row(collection: str) -> Words:
    """One of the row's owners, in `collection`, is not the customer."""
    return _OTHERS_ROW.filled(collection=collection)


def unchecked_owner(collection: str) -> Words:
    """One of the row's owners is in a collection that could not be searched."""
    return _UNCHECKED_OWNER.filled(collection=collection)


def unchecked_identity(kind: str, collection: str) -> Words:
    """Whose identity value it is could not be looked up everywhere."""
    return _about(_UNCHECKED_IDENTITY, kind, collection)


def unchecked_pointers(collection: str) -> Words:
    """Whether others refer to the row could not be looked up everywhere."""
    return _UNCHECKED_POINTERS.filled(collection=collection)


def _about(words: Words, kind: str, collection: str = "") -> Words:
    name = _KINDS.get(kind, Words(kind, kind))
    return Words(
        words.zh.format(kind=name.zh, collection=collection), words.en.format(kind=name.en, collection=collection)
    )
