"""Who hears of a request: the data subject, unless they have died, and whoever asked in their place."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from privacy_center.people.tell import tell_person
from privacy_center.privacy_requests.models import PrivacyRequest

DECEASED = "deceased"


def tell_about(
    session: Session,
    request: PrivacyRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    dedupe_key: str,
    at: datetime,
    ways: tuple[str, ...] = ("email",),
) -> None:
    """Say something about a request to everybody whom it concerns, each once; `ways`: the kinds of contact that hear of it.

    Nobody writes to the contacts of somebody who has died: others read them.
    """
    if request.represented_as != DECEASED:
        tell_person(session, request.person_id, template, context, dedupe_key=dedupe_key, at=at, ways=ways)
    if request.represented_by is not None:
        key = f"{dedupe_key}:asker"
        tell_person(session, request.represented_by, template, context, dedupe_key=key, at=at, ways=ways)
