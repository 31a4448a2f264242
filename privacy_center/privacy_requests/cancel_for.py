"""A request is cancelled for its customer, who says so at a counter or on the hotline."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from privacy_center.audit.append import Actor
from privacy_center.privacy_requests.audience import tell_about
from privacy_center.privacy_requests.models import Channel, PrivacyRequest, State
from privacy_center.privacy_requests.moves import move


def cancel_for_customer(
    session: Session,
    request: PrivacyRequest,
    *,
    channel: Channel,
    proof: Mapping[str, str],
    actor: Actor,
    at: datetime,
) -> None:
    """The customer changes their mind, and `actor`, who has verified them, notes it; refused once execution has begun.

    `proof`: what verified them and the case, in codes, for the record. The timeline says where it was said. Telephones hear
    of it beside e-mail: that the customer was there rests on the word of one member of staff.
    """
    where = {"channel": channel.value}
    move(
        session,
        request,
        State.CANCELLED,
        "cancelled_for",
        actor=actor,
        at=at,
        details=where,
        audited={**proof, **where},
    )
    tell_about(
        session,
        request,
        "cancelled_for",
        {"reference": request.reference},
        dedupe_key=f"cancelled-for:{request.id}:{request.version}",
        at=at,
        ways=("email", "phone_number"),
    )
