"""What is read from the vault in a terminal needs two people before, and stands in the access log like every other look."""

import re
from pathlib import Path

import pytest
import sqlalchemy as sa

from privacy_center.audit.models import AuditEntry
from privacy_center.cli import main
from tests.web.staff_room import OFFICER, SENIOR, StaffRoom
from tests.web.test_staff_reveal import carried_out, sealing  # noqa: F401

pytest_plugins = ["tests.web.staff_fixtures"]


def test_the_terminal_shows_once_what_two_people_agreed_on_and_the_customer_sees_that(
    sealing: StaffRoom,  # noqa: F811
    capsys: pytest.CaptureFixture,
):
    reference = carried_out(sealing)
    words = ["--home", str(Path(sealing.center.settings.home)), "vault", "open", reference, "--by", SENIOR]
    assert main(words) == 1
    path = f"/staff/requests/{reference}/vault"
    sealing.sit_down(SENIOR).post(path, {"reason": "tax audit"})
    assert main(words) == 1
    officer = sealing.sit_down(OFFICER)
    wish = re.search(r"/vault/([0-9a-f-]{36})/answer", officer.get(path).text)[1]
    officer.post(f"{path}/{wish}/answer", {"do": "agree"})
    assert main(words) == 0, capsys.readouterr().err
    assert main(words) == 1
    with sealing.center.database.reading() as session:
        look = session.scalars(sa.select(AuditEntry).where(AuditEntry.act == "data.reveal")).one()
    assert look.request_reference == reference and '"channel":"terminal"' in look.details
