"""What is read from the vault in a terminal stands in the access log like every other look."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from privacy_center.audit.models import AuditEntry
from privacy_center.cli import main
from tests.web.staff_room import OFFICER, SENIOR, StaffRoom

pytest_plugins = ["tests.web.staff_fixtures"]


def test_opening_the_vault_in_a_terminal_is_a_look_that_the_customer_sees(
    room: StaffRoom, capsys: pytest.CaptureFixture
):
    reference = room.ask("open-case")
    home = Path(room.center.settings.home)
    words = ["vault", "open", reference, "--by", OFFICER, "--second", SENIOR, "--reason", "核对"]
    assert main(["--home", str(home), *words]) == 0, capsys.readouterr().err
    with room.center.database.reading() as session:
        look = session.scalars(sa.select(AuditEntry).where(AuditEntry.act == "data.reveal")).one()
    assert look.request_reference == reference and '"channel":"terminal"' in look.details
