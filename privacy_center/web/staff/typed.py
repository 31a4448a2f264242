"""What a reviewer typed into the decision form, read and carried from page to page until it is submitted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from privacy_center.errors import Words
from privacy_center.privacy_requests.models import OnSilence
from privacy_center.retention.verdict import Outcome
from privacy_center.review.decide import APPROVALS, Ruling
from privacy_center.review.hold_reasons import WeakRule, missing_reasons, rules_to_justify
from privacy_center.review.models import Choice
from privacy_center.review.overrides import CHOICES, Override, undecided
from privacy_center.web.staff.shown_items import ShownItem
from privacy_center.web.staff.shown_plan import ShownPlan

NO_CHOICE = Words("选一个整体结论。", "Choose a decision.")
NO_CODE = Words("请选择调整的理由。", "Choose a reason for deciding otherwise.")
NO_WHY = Words("请写明调整的原因，客户会看到。", "Write why you decide otherwise; the customer reads it.")
NO_REASON = Words("选一个不批准的理由。", "Choose a reason for refusing.")
STILL_WAITING = Words(
    "{zh}（{n} 条）待人工判断。请作出决定，或选择留待以后处理。",
    "{en} ({n}) needs a decision. Decide, or choose to leave it for later.",
)
NO_TEXT = Words("写明需要客户补充什么。", "Write what you need from the customer.")
NO_DAY = Words("请填写有效的日期。", "Enter a valid date.")
WHOLE = Words(
    "方案里有保留或等客户的项，请选“部分批准”。",
    "The plan keeps some items or waits for the customer with some; choose “Approve in part”.",
)
FIELDS = ("version", "choice", "code", "text", "guardian", "keep_undecided", "answer_by", "on_silence")


@dataclass(frozen=True, slots=True)
class Typed:
    """The form: its plain fields, and for each changed line the outcome, the reason code and the words."""

    fields: Mapping[str, str]
    plan: ShownPlan | None

    @property
    def choice(self) -> Choice | None:
        said = self.fields.get("choice", "")
        return Choice(said) if said in set(Choice) else None

    @property
    def version(self) -> int:
        return read_number(self.fields.get("version", ""))

    @property
    def kept(self) -> list[tuple[str, str]]:
        """Every field with something in it, to stand hidden in the next form."""
        names = [
            *FIELDS,
            *(rule.field for rule in self.weak_rules()),
            *(name for item in self._items() for name in item_fields(item.name)),
        ]
        return [(name, self.fields[name]) for name in names if self.fields.get(name)]

    def overrides(self) -> dict[str, Override]:
        """Plan item id → what was chosen instead; a line that stands for several items gives each the same."""
        found = dict(self.plan.drafted) if self.plan else {}
        for item in self._items():
            outcome, code, why = (self.fields.get(name, "") for name in item_fields(item.name))
            if outcome in CHOICES:
                found |= {one: Override(Outcome(outcome), code, why.strip()) for one in item.ids}
        return found

    def ruling(self) -> Ruling:
        """What is handed in."""
        ground = {Choice.REFUSE: "code", Choice.APPROVE: "guardian", Choice.APPROVE_PART: "guardian"}.get(
            self.choice, ""
        )
        return Ruling(
            choice=self.choice or Choice.ASK,
            reason_codes=(self.fields[ground],) if self.fields.get(ground) else (),
            text=self.fields.get("text", "").strip(),
            overrides=self.overrides() if self.choice in (Choice.APPROVE, Choice.APPROVE_PART) else {},
            keep_undecided=self.fields.get("keep_undecided") == "yes",
            hold_reasons=self.hold_reasons(),
            answer_by=self.answer_by(),
            on_silence=OnSilence.CLOSE if self.fields.get("on_silence") == OnSilence.CLOSE else OnSilence.DECIDE,
        )

    def wrong(self) -> dict[str, Words]:
        """What is missing, field by field, so that all of it can be said at once."""
        if self.choice is None:
            return {"choice": NO_CHOICE}
        text = self.fields.get("text", "").strip()
        wrong = {}
        if self.choice is Choice.REFUSE and not self.fields.get("code"):
            wrong["code"] = NO_REASON
        if self.choice is Choice.ASK and not text:
            wrong["text"] = NO_TEXT
        if self.choice is Choice.ASK and self.fields.get("answer_by") and self.answer_by() is None:
            wrong["answer_by"] = NO_DAY
        if self.choice is Choice.APPROVE and self._keeps_something():
            wrong["choice"] = WHOLE
        return wrong | self._lines_without_why() | self._undecided() | self._rules_without_reason()

    def _lines_without_why(self) -> dict[str, Words]:
        if self.choice not in (Choice.APPROVE, Choice.APPROVE_PART):
            return {}
        wrong = {}
        for outcome, code, why in (item_fields(item.name) for item in self._items()):
            if not self.fields.get(outcome):
                continue
            if not self.fields.get(code):
                wrong[code] = NO_CODE
            if not self.fields.get(why, "").strip():
                wrong[why] = NO_WHY
        return wrong

    def _undecided(self) -> dict[str, Words]:
        """Each line with a record that waits for a person, unless such records are left on purpose."""
        if self.choice not in APPROVALS or self.fields.get("keep_undecided") == "yes" or self.plan is None:
            return {}
        waiting = {str(one.id) for one in undecided(self.plan.items, self.overrides())}
        return {
            item_fields(line.name)[0]: STILL_WAITING.filled(zh=line.title.zh, en=line.title.en, n=line.waiting)
            for line in self._items()
            if waiting.intersection(line.ids)
        }

    def answer_by(self) -> date | None:
        """The last day for the customer's answer; none where nothing, or no day of the calendar, was typed."""
        try:
            return date.fromisoformat(self.fields.get("answer_by", "").strip())
        except ValueError:
            return None

    def weak_rules(self) -> list[WeakRule]:
        """The rules for which the form asks a reason."""
        return rules_to_justify(self.plan.items, self.overrides()) if self.plan else []

    def hold_reasons(self) -> dict[str, str]:
        """Rule key → the reason that was typed."""
        return {rule.key: self.fields.get(rule.field, "").strip() for rule in self.weak_rules()}

    def _rules_without_reason(self) -> dict[str, Words]:
        if self.choice not in (Choice.APPROVE, Choice.APPROVE_PART):
            return {}
        return missing_reasons(self.weak_rules(), self.hold_reasons())

    def _keeps_something(self) -> bool:
        waits = {Outcome.RESTRICT, Outcome.ASK, Outcome.MANUAL}
        overrides = self.overrides()
        planned = {line.first.outcome for line in self._items() if line.ids[0] not in overrides}
        return bool(waits & (planned | {one.outcome for one in overrides.values()}))

    def _items(self) -> list[ShownItem]:
        return self.plan.all_items() if self.plan else []


def read_number(said: str) -> int:
    """A number from a hidden field; -1 for anything else, which no request has as its version."""
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else -1


def item_fields(name: str) -> tuple[str, str, str]:
    """The names of the fields of one line: outcome, reason code, words."""
    return f"{name}-outcome", f"{name}-code", f"{name}-why"
