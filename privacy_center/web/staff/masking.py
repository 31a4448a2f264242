"""What of a customer's data the person who works here sees: nothing, masked, or one value whole with a reason."""

from collections.abc import Iterable

from privacy_center.access.shown import ShownValue
from privacy_center.access.whole import may_be_whole
from privacy_center.errors import Refusal
from privacy_center.people.staff.permits import Act, DataClass, Permit, class_of, permit
from privacy_center.privacy_requests.models import PrivacyRequest
from privacy_center.review.duties import standing_to
from privacy_center.web.staff.who import me
from privacy_center.web.units import center

MOST_GUARDED_FIRST = (DataClass.FINANCIAL, DataClass.SECURITY, DataClass.SENSITIVE, DataClass.GENERAL)


def class_of_categories(categories: Iterable[str]) -> DataClass:
    """The class of a value with these data categories, by the catalogue: the most guarded of theirs, in the order of
    `class_of`, so that what is login data in any respect is login data.
    """
    found = {class_of(one, sensitive=center().catalogue.category(one).sensitive) for one in categories}
    return next((one for one in MOST_GUARDED_FIRST if one in found), DataClass.GENERAL)


def permit_on(asked: PrivacyRequest, act: Act, data_class: DataClass) -> Permit | None:
    """What permits the person who works here this act on data of this case, or None."""
    return permit(me(), act, data_class, **standing_to(asked, me().number, act))


def split_by_sight(asked: PrivacyRequest, values: tuple[ShownValue, ...]) -> tuple[list[ShownValue], list[ShownValue]]:
    """The values that may be seen masked, and those that this post does not see at all."""
    seen = [one for one in values if permit_on(asked, Act.LOOK, class_of_value(one))]
    return seen, [one for one in values if one not in seen]


def class_of_value(value: ShownValue) -> DataClass:
    """The class of one value that is shown."""
    return class_of_categories(value.categories or (value.category,))


def may_reveal(asked: PrivacyRequest, value: ShownValue) -> bool:
    """Whether this value may be seen whole, with a reason."""
    whole = may_be_whole(center().catalogue.category(value.category))
    return whole and permit_on(asked, Act.REVEAL, class_of_value(value)) is not None


def check_may_reveal(asked: PrivacyRequest, categories: Iterable[str]) -> DataClass:
    """The class of what is to be seen whole; refuses (403) a post to which the table does not permit it on this case."""
    data_class = class_of_categories(categories)
    if permit_on(asked, Act.REVEAL, data_class) is None:
        raise Refusal(
            "您的岗位不能完整查看这类信息，或这件申请没有分派给您。需要的话，请找经办人。",
            "Your role may not see this kind of data in full, or the case is not assigned to you. "
            "Ask whoever handles it if you need it.",
            status=403,
        )
    return data_class
