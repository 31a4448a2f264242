"""Nothing about a customer stands where it does not belong: job tables, the audit trail, logs, lists, process arguments."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import sqlalchemy as sa

from tests import corner
from tests.journeys.children import PATIENCE
from tests.journeys.conftest import only_reference
from tests.journeys.outcome import outcome_of

OF_LI = (
    "li@example.com",
    "李雷",
    "138-0000-0001",
    "13800000001",
    "+8613800000001",
    "6222020000000000",
    "老客户",
    "修好",
)
REFUSES = "CREATE TRIGGER stays BEFORE DELETE ON contact BEGIN SELECT RAISE(ABORT, 'li@example.com 老客户 stays'); END"


def ours(home: Path) -> sa.Engine:
    return sa.create_engine(f"sqlite:///{home / 'privacy-center.db'}", poolclass=sa.NullPool)


def everything_in(home: Path) -> str:
    """Every value of every table of ours, as text; what is sealed is bytes and says nothing."""
    engine, tables = ours(home), sa.MetaData()
    tables.reflect(engine)
    with engine.connect() as connection:
        rows = [row for table in tables.tables.values() for row in connection.execute(sa.select(table))]
    return "\n".join(repr(tuple(row)) for row in rows)


def named_in(text: str) -> list[str]:
    """What of Li stands in a text, also as JSON writes it."""
    return [one for one in OF_LI if one in text or json.dumps(one)[1:-1] in text]


def test_no_table_of_ours_names_the_customer_in_plain_text(on_sqlite, nursery):
    with on_sqlite.copy() as home:
        child = nursery.start(home).ends_well()
        assert "run-" in everything_in(home) and named_in(everything_in(home)) == []
        assert named_in(child.log.read_text()) == []
        code, out, _ = nursery.tell(home, "--home", str(home), "request", "list")
        assert code == 0 and "PC-" in out and named_in(out) == []
        code, out, _ = nursery.tell(home, "--home", str(home), "request", "show", "--json", out.split()[0])
        assert code == 0 and named_in(out) == []


def test_a_database_that_quotes_data_in_its_refusal_is_not_quoted_and_the_request_can_be_carried_out_later(
    on_sqlite, nursery, run
):
    with on_sqlite.copy() as home:
        crm = sa.create_engine(f"sqlite:///{home / 'crm.db'}", poolclass=sa.NullPool)
        with crm.begin() as connection:
            connection.exec_driver_sql(REFUSES)
        child = nursery.start(home).ends_well()
        found = outcome_of(home)
        assert found["requests"] == ["needs_attention"] and found["company"]["shop"]["browsing"] == []
        assert named_in(everything_in(home)) == [] and named_in(child.log.read_text()) == []
        with crm.begin() as connection:
            connection.exec_driver_sql("DROP TRIGGER stays")
        center = corner.Center.open(home)
        reference = only_reference(center)
        center.close()
        assert run(home, "request", "execute", reference)["state"] == "completed_with_holds"
        assert outcome_of(home)["company"]["crm"]["contact"] == ["('M008', '2', 'wang@example.com', None)"]


def test_a_run_whose_end_fails_is_shown_as_failed_and_can_be_carried_out_later(on_sqlite, nursery, run):
    with on_sqlite.copy() as home:
        with ours(home).begin() as connection:
            connection.exec_driver_sql(
                "CREATE TRIGGER full BEFORE INSERT ON certificate BEGIN SELECT RAISE(ABORT, 'full'); END"
            )
        nursery.start(home).ends_well()
        assert run(home, "request", "list")[0]["state"] == "needs_attention"
        with ours(home).begin() as connection:
            connection.exec_driver_sql("DROP TRIGGER full")
        reference = run(home, "request", "list")[0]["reference"]
        done = run(home, "request", "execute", reference)
        assert done["state"] == "completed_with_holds" and len(done["certificates"]) == 1


def test_the_worker_as_it_is_started_names_nobody_in_its_arguments_and_stops_when_it_is_told_to(on_sqlite, nursery):
    with on_sqlite.copy() as home:
        command = [str(Path(sys.executable).with_name("privacy-center")), "--home", str(home), "worker"]
        log = home / "worker.log"
        with log.open("w") as out:
            worker = subprocess.Popen(command, stdout=out, stderr=out)
        try:
            wait_for_the_end(home)
            arguments = (
                Path(f"/proc/{worker.pid}/cmdline").read_text() + Path(f"/proc/{worker.pid}/environ").read_text()
            )
            assert named_in(arguments) == []
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(30) == 0
        finally:
            worker.kill()
            worker.wait()
        assert named_in(log.read_text()) == [] and "Traceback" not in log.read_text()
        assert outcome_of(home)["requests"] == ["completed_with_holds"], log.read_text()


def wait_for_the_end(home: Path) -> None:
    """Wait until DBOS has noted the end of the one run."""
    until = time.monotonic() + PATIENCE
    while True:
        with ours(home).connect() as connection:
            if connection.exec_driver_sql("SELECT count(*) FROM workflow_status WHERE status = 'SUCCESS'").scalar():
                return
        assert time.monotonic() < until
        time.sleep(0.1)
