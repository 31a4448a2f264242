"""Reasons for keeping records on rules that do not bind by themselves, as they are typed at the terminal."""

from argparse import Namespace
from collections.abc import Iterable

from privacy_center.errors import Refusal
from privacy_center.plans.models import PlanItem
from privacy_center.review.hold_reasons import missing_reasons, rules_to_justify


def typed_hold_reasons(arguments: Namespace, items: Iterable[PlanItem], overridden: Iterable[str]) -> dict[str, str]:
    """Rule key → reason, from `--hold-reason RULE=TEXT`; refuses an approval that leaves one out, naming the option."""
    reasons = dict(option.partition("=")[::2] for option in arguments.hold_reason)
    weak = rules_to_justify(items, overridden)
    missing = missing_reasons(weak, reasons)
    for rule in weak:
        if rule.field in missing:
            words = missing[rule.field]
            raise Refusal(
                f"{words.zh}写法：--hold-reason {rule.key}=理由", f"{words.en} Add --hold-reason {rule.key}=REASON"
            )
    return reasons
