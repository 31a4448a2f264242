"""Holds placed by staff, through the terminal: placed on what no plan knows, listed, reviewed, ended by one or two people."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from privacy_center import clock
from tests import corner
from tests.journeys.conftest import SUBMIT, open_shop


@pytest.fixture
def home(tmp_path):
    open_shop(tmp_path / "home")
    return tmp_path / "home"


def order(home, number=13):
    engine = sa.create_engine(f"sqlite:///{home / 'shop.db'}", poolclass=sa.NullPool)
    with engine.connect() as connection:
        row = connection.execute(sa.select(corner.orders).where(corner.orders.c.id == number)).mappings().one_or_none()
    return dict(row) if row else None


CLAIM = ["--kind", "legal_claim", "--reason", "劳动仲裁", "--by", "S1"]


def test_a_record_is_held_before_anybody_asks_and_goes_once_two_people_have_ended_that(home, run):
    before = order(home)
    assert run(home, "hold", "list") == []
    assert "case or file number" in run(home, "hold", "place", "--record", "shop.orders=13", *CLAIM, exit=1)
    assert "no record 99" in run(home, "hold", "place", "--record", "shop.orders=99", *CLAIM, exit=1)
    assert "by its key" in run(home, "hold", "place", "--record", "shop.orders", *CLAIM, exit=1)
    placed = run(home, "hold", "place", "--record", "shop.orders=13", *CLAIM, "--matter", "沪劳仲 12")
    assert placed["records"] == [{"collection": "shop.orders", "rows": 1, "fields": []}]
    reference = run(home, *SUBMIT)["reference"]
    run(home, "request", "decide", reference, "approve-in-part", "--by", "R1")
    done = run(home, "request", "execute", reference)
    assert done["state"] == "completed_with_holds" and order(home) == before
    end = ["hold", "end", placed["hold"]]
    assert "why the hold ends" in run(home, *end, "--by", "S1", exit=1)
    assert run(home, *end, "--by", "S1", "--reason", "结案")["state"] == "end proposed"
    assert "Ask a colleague" in run(home, *end, "confirm", "--by", "S1", exit=1)
    assert run(home, *end, "reject", "--by", "S2")["state"] == "in force"
    run(home, *end, "--by", "S1", "--reason", "结案")
    run(home, "sweep")
    assert order(home) == before
    ended = run(home, *end, "confirm", "--by", "S2")
    assert (ended["state"], ended["ended_by"], run(home, "hold", "list")) == ("ended", "S2", [])
    assert [one["hold"] for one in run(home, "hold", "list", "--ended")] == [placed["hold"]]
    run(home, "sweep")
    assert order(home) is None


def test_records_of_a_request_are_held_in_the_fields_that_were_named(home, run, nursery):
    reference = run(home, *SUBMIT)["reference"]
    soon = (clock.now().date() + timedelta(days=3)).isoformat()
    evidence = ["--kind", "evidence", "--reason", "退货争议", "--by", "S1", "--review-on", soon]
    place = ["hold", "place", reference, "--record", "shop.orders=13", "--field"]
    assert "has no field colour" in run(home, *place, "shop.orders.colour", *evidence, exit=1)
    placed = run(home, *place, "shop.orders.placed_at", *evidence)
    assert (placed["request"], placed["records"][0]["fields"]) == (reference, ["placed_at"])
    listed = ["hold", "list", "--request", reference, "--kind", "evidence"]
    assert [one["review_on"] for one in run(home, *listed)] == [soon] and run(home, *listed, "--overdue") == []
    later = (date.fromisoformat(soon) + timedelta(days=30)).isoformat()
    run(home, "hold", "review", placed["hold"], "--by", "S1", "--reason", "尚未了结", "--review-on", later)
    code, out, _err = nursery.tell(home, "--home", str(home), *listed)
    assert code == 0 and f"review {later}" in out and "shop.orders 1  only placed_at" in out
    whole = run(home, "hold", "place", reference, "--record", "shop.orders", *evidence)
    assert whole["records"][0]["rows"] > 1 and run(home, "hold", "end", whole["hold"], "--by", "S1", "--reason", "误设")
