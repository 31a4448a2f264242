"""What the privacy center holds beside people's own rows, once it has had its time: what was told of somebody who never came,
and why looks were hidden or unusual access was settled.
"""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.anomalies.models import Anomaly
from privacy_center.keys.sealing import keyring_of
from privacy_center.looks.models import HiddenLook, ReceivedLook
from privacy_center.looks.receive import owner_of
from privacy_center.people.models import PersonIdentity
from privacy_center.people.not_me.models import ContactChange

MOST = 200
"""Contacts in one daily pass: each key that is destroyed is swept out of the key store by itself."""


def forget_unclaimed(session: Session, before: datetime, at: datetime) -> int:
    """Destroy what other systems told of contacts that nobody has proven, the last of it before `before`; answers how many.

    The entries stay in the chain; what was shown cannot be read any more, and nothing tells which contact it was about.
    """
    same = PersonIdentity.value_index == ReceivedLook.value_index
    given_up = ContactChange.old_index == ReceivedLook.value_index
    nobodys = (ReceivedLook.value_index.is_not(None), ~sa.exists().where(same), ~sa.exists().where(given_up))
    ended = sa.select(ReceivedLook.value_index).where(*nobodys).group_by(ReceivedLook.value_index)
    over = ended.having(sa.func.max(ReceivedLook.received_at) < before).limit(MOST)
    indexes = [one for one in session.scalars(over) if one is not None]
    for one in indexes:
        keyring_of(session).subjects.destroy(owner_of(one), at)
    theirs = sa.update(ReceivedLook).where(ReceivedLook.value_index.in_(indexes)).values(value_index=None)
    session.execute(theirs.execution_options(synchronize_session=False))
    return len(indexes)


def forget_reasons(session: Session, before: datetime, today: date) -> int:
    """Remove why looks were hidden, once that is long over, and why items on unusual access were settled; answers how many."""
    over = sa.and_(HiddenLook.hidden_at < before, HiddenLook.until < today)
    gone = session.execute(sa.delete(HiddenLook).where(over).execution_options(synchronize_session=False))
    settled = sa.and_(Anomaly.settled_at < before, Anomaly.reason_sealed.is_not(None))
    emptied = sa.update(Anomaly).where(settled).values(reason_sealed=None)
    done = session.execute(emptied.execution_options(synchronize_session=False))
    return gone.rowcount + done.rowcount  # type: ignore[attr-defined,no-any-return]
