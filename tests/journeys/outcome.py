"""All that a run leaves behind, in the company's databases and in ours, so that two runs can be compared."""

from pathlib import Path
from typing import Any

import sqlalchemy as sa

from privacy_center.audit.models import AuditEntry
from privacy_center.audit.verify import verify_chain
from privacy_center.center import Center
from privacy_center.execution.certify import is_genuine
from privacy_center.execution.held import keys_held
from privacy_center.execution.models import Certificate, ExecutionRun, ExecutionStep, HeldRows, LedgerLine, VaultEntry
from privacy_center.outbox.models import InboxMessage, OutboxMessage
from privacy_center.plans.models import PlanItem
from privacy_center.privacy_requests.models import PrivacyRequest, RequestEvent
from privacy_center.sources.config import load_sources
from privacy_center.suppressions.contacts import hash_contact
from privacy_center.suppressions.models import Suppression

LI = "li@example.com"
DRAWN = {"number", "issued_at", "residual", "extends", "reference", "plan"}
"""Parts of a certificate that differ from run to run."""


def outcome_of(home: Path) -> dict[str, Any]:
    """What is there now. The audit chain and the signatures are checked on the way."""
    center = Center.open(home)
    try:
        with center.database.reading() as session:
            return {
                "company": {name: _rows_in(source.url) for name, source in load_sources(home / "sources.yml").items()},
                "requests": [one.state.value for one in session.scalars(sa.select(PrivacyRequest))],
                "runs": _sorted(
                    (one.kind.value, one.state.value, one.round) for one in session.scalars(sa.select(ExecutionRun))
                ),
                "steps": _sorted(
                    (one.dataset, one.state.value, one.before, one.result, one.checked, one.error)
                    for one in session.scalars(sa.select(ExecutionStep))
                ),
                "ledger": _sorted((one.dataset, one.rows) for one in session.scalars(sa.select(LedgerLine))),
                "held": _sorted(
                    (
                        one.collection,
                        one.kind.value,
                        one.treatment,
                        one.masked_fields,
                        one.released_count,
                        keys_held(session, one),
                    )
                    for one in session.scalars(sa.select(HeldRows))
                ),
                "vault": _sorted(
                    (session.get_one(PlanItem, one.plan_item_id).collection, one.fields)
                    for one in session.scalars(sa.select(VaultEntry))
                ),
                "suppressed": _sorted(
                    (one.kind, one.channel, bytes(one.value_index) == hash_contact(center.keyring, "email", LI).index)
                    for one in session.scalars(sa.select(Suppression))
                ),
                "certificates": _sorted(_certificate(session, one) for one in session.scalars(sa.select(Certificate))),
                "inbox": sorted(one.template for one in session.scalars(sa.select(InboxMessage))),
                "outbox": sorted(one.template for one in session.scalars(sa.select(OutboxMessage))),
                "timeline": sorted(one.what for one in session.scalars(sa.select(RequestEvent))),
                "audit": sorted(one.act for one in session.scalars(sa.select(AuditEntry))),
                "chain holds": verify_chain(session).ok,
            }
    finally:
        center.close()


def _certificate(session: Any, one: Certificate) -> dict[str, Any]:
    assert is_genuine(session, one)
    said = {key: value for key, value in one.body.items() if key not in DRAWN}
    return said | {"extends": bool(one.extends_id), "held": _sorted(said["held"])}


def _rows_in(url: str) -> dict[str, list[str]]:
    engine, tables = sa.create_engine(url, poolclass=sa.NullPool), sa.MetaData()
    tables.reflect(engine)
    with engine.connect() as connection:
        return {
            name: _sorted(map(tuple, connection.execute(sa.select(table)))) for name, table in tables.tables.items()
        }


def _sorted(values: Any) -> list[str]:
    return sorted(map(repr, values))
