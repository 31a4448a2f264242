"""What becomes of the customer's accounts, said before anything is submitted."""

from privacy_center.errors import Words
from privacy_center.plans.decision import Action
from privacy_center.plans.draft import DraftedPlan
from privacy_center.plans.scope_titles import is_account, joined_titles
from privacy_center.privacy_requests.scope import EVERYTHING
from privacy_center.sources.rows import Ownership
from privacy_center.web.units import center

CLOSED = Words(
    "“{titles}”将随之注销，之后不能再用它登录，会员资格也一并结束。以后可以重新注册，已删除的内容不会恢复。",
    "Your account records ({titles}) will be closed: you can no longer sign in with them, and your membership ends. You can"
    " register again later; what was deleted does not come back.",
)
STAYS_FOR_NOW = Words(
    "账户记录（{titles}）暂时保留，原因见该项说明；保留结束后删除，账户随之注销。",
    "Your account records ({titles}) are kept for now, for the reason given there. When that ends they are deleted, and the"
    " account is closed.",
)
UNAFFECTED = Words(
    "您的账户不受影响，可以照常登录和使用。", "Your account is not affected; you can sign in and use it as before."
)


def account_fate(drafted: DraftedPlan) -> list[Words]:
    """Whether accounts are closed, kept for now, or outside the request; nothing where no account was found."""
    house, closed, kept = center(), [], []
    for key, rows in drafted.sheet.rows.items():
        if not is_account(house.catalogue, house.data_map.collections[key]):
            continue
        acts = {one.action for one in rows.values() if one.ownership is Ownership.OWN and one.whole}
        title = house.catalogue.collection(key).title
        if acts & {Action.DELETE, Action.MASK}:
            closed.append(title)
        elif acts - {Action.KEEP}:
            kept.append(title)
    if not closed and not kept:
        return [] if drafted.scope == EVERYTHING else [UNAFFECTED]
    return [_filled(words, titles) for words, titles in ((CLOSED, closed), (STAYS_FOR_NOW, kept)) if titles]


def _filled(words: Words, titles: list[Words]) -> Words:
    joined = joined_titles(list(dict.fromkeys(titles)))
    return Words(words.zh.format(titles=joined.zh), words.en.format(titles=joined.en))
