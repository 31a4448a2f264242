"""From found rows to a sheet of decisions: the verdict of the rules, within what the request is about."""

from collections.abc import Collection as AnyOf
from dataclasses import replace
from datetime import date

from privacy_center.datamap.graph import Collection
from privacy_center.holds.lookup import NONE_PLACED, HoldsByRecord
from privacy_center.plans.decision import Action, Decision, Sheet
from privacy_center.plans.ground import Ground
from privacy_center.plans.scope import CollectionScope, scope_of
from privacy_center.privacy_requests.scope import RequestScope
from privacy_center.retention.verdict import Hold, Outcome, Treatment, Verdict
from privacy_center.sources.rows import FoundCollection, FoundRow, Located, Ownership

JUDGED = frozenset({Ownership.OWN, Ownership.UNCLEAR})
"""Whose rows the rules are asked about: the customer's, and those that may turn out to be."""


def settle(
    ground: Ground,
    located: Located,
    request_scope: RequestScope,
    today: date,
    waived: frozenset[str] = frozenset(),
    placed: HoldsByRecord = NONE_PLACED,
) -> Sheet:
    """A decision for every found row within the scope of the request; a row outside it is not on the sheet at all.

    `today` is the company's local date. Touches no database.

    `waived`: keys of rules whose protection the customer gives up. `placed`: holds that people placed.
    """
    sheet = Sheet(scope=request_scope)
    for key, found in located.collections.items():
        collection = ground.data_map.collections[key]
        live = ground.sources.schema_of(collection.dataset)
        scope = scope_of(collection, ground.data_map, live, request_scope)
        if scope.empty:
            continue
        sheet.key_fields[key] = found.key_fields
        if found.keyless:
            sheet.keyless.add(key)
        if rows := _decide_rows(ground, collection, found, scope, today, waived, placed):
            sheet.rows[key] = rows
    return sheet


def _decide_rows(
    ground: Ground,
    collection: Collection,
    found: FoundCollection,
    scope: CollectionScope,
    today: date,
    waived: frozenset[str],
    placed: HoldsByRecord,
) -> dict[tuple, Decision]:
    needed = ground.rules.fields_used(collection.key)
    known: dict[tuple[object, ...], Decision] = {}
    rows = {}
    for row in found.rows:
        if not scope.includes(ground.keyring, collection.key, row.key):
            continue
        verdict = ground.rules.judge(collection.key, row.facts, today) if row.ownership in JUDGED else None
        holding, mark = placed.get((collection.key, row.key), ()), found.person_marks.get(row.key)
        like = (row.ownership, verdict, row.why, holding, mark)
        if like not in known:
            decided = decide_row(row, verdict, scope, needed, waived, holding)
            known[like] = replace(decided, person_mark=mark) if mark else decided
        rows[row.key] = known[like]
    return rows


def decide_row(
    row: FoundRow,
    verdict: Verdict | None,
    scope: CollectionScope,
    needed: frozenset[str],
    waived: frozenset[str] = frozenset(),
    placed: tuple[Hold, ...] = (),
) -> Decision:
    """What happens to one row. `needed`: fields the rules read, which stay so that the end of a hold can be seen.

    `placed`: the holds that people placed on it. A row that is not the customer's stays untouched with or without them.
    """
    if row.ownership is Ownership.UNCLEAR:
        return _unclear(row, verdict, scope, placed)
    if verdict is None:
        return Decision(row.ownership, Outcome.KEEP, Action.KEEP, reason=row.why, whole=scope.whole, asked=scope.fields)
    verdict = verdict.joined_by(placed)
    if verdict.outcome is Outcome.ERASE:
        return _erase(row, scope)
    if verdict.outcome is Outcome.RESTRICT:
        return _restrict(row, verdict, scope, needed)
    if may_waive(verdict, waived):
        return replace(_erase(row, scope), waived=tuple(hold.rule for hold in verdict.holds))
    action = Action.WAIT if verdict.outcome is Outcome.ASK else Action.DECIDE
    return _stay(row, verdict, scope, action, ())


def _unclear(row: FoundRow, verdict: Verdict | None, scope: CollectionScope, placed: tuple[Hold, ...]) -> Decision:
    """A person says whose it is; what a law or a colleague holds stays held, whosever it turns out to be."""
    return Decision(
        row.ownership,
        Outcome.MANUAL,
        Action.DECIDE,
        holds=verdict.joined_by(placed).holds if verdict else placed,
        reason=row.why,
        whole=scope.whole,
        asked=scope.fields,
    )


def may_waive(verdict: Verdict, waived: AnyOf[str]) -> bool:
    """Whether a row waits for nothing but what the customer gives up: every rule that holds it is among `waived`."""
    return verdict.outcome is Outcome.ASK and all(hold.waivable and hold.rule in waived for hold in verdict.holds)


def _erase(row: FoundRow, scope: CollectionScope) -> Decision:
    action = Action.DELETE if scope.whole else Action.MASK
    return Decision(row.ownership, Outcome.ERASE, action, scope.fields, whole=scope.whole, asked=scope.fields)


def _restrict(row: FoundRow, verdict: Verdict, scope: CollectionScope, needed: frozenset[str]) -> Decision:
    """Held: fields outside every rule's needs are masked; a rule that names no needs keeps the whole row readable.

    Where a rule seals, everything is masked but what the rules themselves must read; what is needed goes into the vault.
    What a person holds is neither masked nor sealed.
    """
    by_hand = [set(hold.needs) for hold in verdict.holds if hold.placed]
    sealed = any(hold.treatment is Treatment.SEAL for hold in verdict.holds) and all(by_hand)
    needs = [set(hold.needs) for hold in verdict.holds]
    if sealed:
        kept = set(needed).union(*by_hand)
    elif any(not need for need in needs):
        kept = set(scope.fields)
    else:
        kept = set().union(*needs) | needed
    masked = tuple(path for path in scope.fields if path not in kept and path.split(".", 1)[0] not in kept)
    return _stay(row, verdict, scope, Action.SEAL if sealed else Action.RESTRICT, masked)


def _stay(row: FoundRow, verdict: Verdict, scope: CollectionScope, action: Action, masked: tuple[str, ...]) -> Decision:
    return Decision(
        row.ownership,
        verdict.outcome,
        action,
        masked,
        verdict.holds,
        verdict.reason,
        whole=scope.whole,
        asked=scope.fields,
    )
