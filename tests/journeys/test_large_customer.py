"""One customer with 40,000 rows: planned, frozen and erased, without much more memory than for anybody else."""

import json
import subprocess
import sys

import sqlalchemy as sa

from tests import corner
from tests.journeys.conftest import open_shop
from tests.journeys.large_customer import PAGES, ROWS, fill_large


def test_a_customer_with_40_000_rows_is_erased_and_planning_it_takes_at_most_30_MB_more(tmp_path, nursery, run):
    home = tmp_path / "home"
    open_shop(home)
    shop = sa.create_engine(f"sqlite:///{home / 'shop.db'}", poolclass=sa.NullPool)
    fill_large(shop)
    command = [sys.executable, "-m", "tests.journeys.large_customer", str(home)]
    measured = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    print(f"peak of locate + plan + freeze: {measured['small']} MB for a few rows, {measured['large']} MB for {ROWS:,}")
    assert measured["large"] - measured["small"] < 30

    (large,) = [
        one for one in run(home, "request", "list") if rows_of(run(home, "request", "show", one["reference"])) > PAGES
    ]
    run(home, "request", "decide", large["reference"], "approve", "--by", "R1")
    done = run(home, "request", "execute", large["reference"])
    counts = done["certificates"][0]["collections"]
    assert done["state"] == "completed_with_holds" and counts["shop.browsing"]["erased"] == PAGES + 5
    with shop.connect() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(corner.browsing)) == 0
        left = connection.scalars(sa.select(corner.orders.c.id)).all()
    assert sorted(left) == [11, 21]


def rows_of(document: dict) -> int:
    return sum(item["rows"] for item in document["plan"]["items"])
