"""Two open requests about the same records: the later one says so and follows the first, and each record is counted once."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from tests import corner
from tests.journeys.conftest import LI, SUBMIT, open_shop

BY_CARD = [*SUBMIT[:4], "--identity", "member_number=M007", *SUBMIT[4:]]
"""The same customer, known by the number of her card."""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The corner shop."""
    home = tmp_path / "home"
    open_shop(home)
    return home


def test_a_later_request_follows_the_first_and_certificates_count_each_record_once(home: Path, run) -> None:
    before = rows_in(home)
    first = run(home, *SUBMIT)["reference"]
    assert any(first in str(problem) for problem in run(home, "plan", *LI)["problems"])
    later = run(home, *BY_CARD)
    assert any(first in str(problem) for problem in later["plan"]["problems"])
    (waits,) = later["other_requests"]
    assert (waits["reference"], waits["waiting"], waits["draft_again"]) == (first, True, False)
    refused = run(home, "request", "decide", later["reference"], "approve", "--by", "R1", exit=1)
    assert first in refused

    run(home, "request", "decide", first, "approve", "--by", "R1")
    done = run(home, "request", "execute", first)
    assert done["state"] == "completed_with_holds"
    (ended,) = run(home, "request", "show", later["reference"])["other_requests"]
    assert ended["draft_again"]
    again = run(home, "request", "redraft", later["reference"], "--by", "R1")
    assert not again["plan"]["problems"] and [one["waiting"] for one in again["other_requests"]] == [False]
    run(home, "request", "decide", later["reference"], "approve", "--by", "R1")
    then = run(home, "request", "execute", later["reference"])
    (elsewhere,) = then["certificates"][0]["in_other_requests"]
    assert elsewhere == {"reference": None, "records": again["other_requests"][0]["records"]}

    close_case(home)
    run(home, "sweep")
    run(home, "sweep")
    shown = [run(home, "request", "show", one) for one in (first, later["reference"])]
    counted = [certificate for one in shown for certificate in one["certificates"]]
    now = rows_in(home)
    for collection in before:
        erased = sum(one["collections"].get(collection, {}).get("erased", 0) for one in counted)
        assert erased == before[collection] - now[collection], collection


def test_once_the_first_is_cancelled_a_new_request_takes_its_records(home: Path, run) -> None:
    first = run(home, *SUBMIT)["reference"]
    run(home, "request", "cancel", first, "--by", "A1")
    later = run(home, *BY_CARD)
    assert not any(first in str(problem) for problem in later["plan"]["problems"])
    assert not later["other_requests"] and run(home, "plan", *LI)["items"]


def rows_in(home: Path) -> dict[str, int]:
    """Collection → records that the company's databases hold."""
    counts = {}
    for dataset, metadata in (("shop", corner.shop), ("crm", corner.crm)):
        engine = sa.create_engine(f"sqlite:///{home / dataset}.db")
        with engine.connect() as connection:
            for table in metadata.sorted_tables:
                count = connection.scalar(sa.select(sa.func.count()).select_from(table))
                counts[f"{dataset}.{table.name}"] = count
        engine.dispose()
    return counts


def close_case(home: Path) -> None:
    """What the shop kept for the open case is free."""
    engine = sa.create_engine(f"sqlite:///{home / 'shop.db'}")
    with engine.begin() as connection:
        connection.execute(sa.update(corner.case).values(closed_at=sa.func.current_timestamp()))
    engine.dispose()
