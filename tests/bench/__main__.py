"""`make bench`: measure, print the table, write docs/benchmarks.md."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import sqlalchemy as sa

from privacy_center.center import Center
from privacy_center.terminal.running import prepare
from tests.bench.append import compare_appends
from tests.bench.chain import prove_chain
from tests.bench.cost import server_clock
from tests.bench.home import write_home
from tests.bench.masking import compare_pages
from tests.bench.measure import compare, drain, grow, serve_pages
from tests.bench.processes import memory_of_one
from tests.bench.product import Spent, delete_here
from tests.bench.report import Numbers, machine, write_report
from tests.bench.tables import copy_database, durability, fill_company, rows_apart
from tests.servers import fresh_database, postgres

CUSTOMERS = 20_000
MORE = 10 * CUSTOMERS
WARM, FIRST, QUEUED, GROWN = range(1001, 1011), range(1, 201), range(301, 501), range(601, 651)
REPORT = Path(__file__).parents[2] / "docs" / "benchmarks.md"


def main() -> None:
    """Everything in one run, on one PostgreSQL server that is gone afterwards."""
    begun = time.monotonic()
    with ExitStack() as stack:
        server = stack.enter_context(postgres())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        before, by_hand, product = (stack.enter_context(fresh_database(server)) for _ in range(3))
        say(f"filling {CUSTOMERS:,} customers")
        rows = fill_company(before, CUSTOMERS)
        for copy in (by_hand, product):
            remake(server, before, copy)
        home = write_home(folder / "home", product, stack.enter_context(fresh_database(server)))
        center = stack.enter_context(opened(home))
        numbers = Numbers(CUSTOMERS, rows, machine(server), durability(product))
        measure(numbers, server, center, home, before, by_hand, product)
        say(f"filling {MORE:,} customers")
        large_url = stack.enter_context(fresh_database(server))
        fill_company(large_url, MORE)
        large_home = write_home(folder / "large", large_url, stack.enter_context(fresh_database(server)))
        large = stack.enter_context(opened(large_home))
        for one in WARM:
            delete_here(large, one, Spent())
        numbers.grown = grow(center, large, GROWN)
        say("staff pages with and without masks and access log")
        numbers.pages = compare_pages(folder / "masking")
        say("entries of the record beside bare inserts")
        own = stack.enter_context(fresh_database(server))
        numbers.appended = compare_appends(SQLite=f"sqlite:///{folder / 'append.db'}", PostgreSQL=own)
    say("a million entries of the record")
    numbers.proof = prove_chain()
    numbers.seconds = time.monotonic() - begun
    print(write_report(numbers, REPORT))


def measure(numbers: Numbers, server: str, center: Center, home: Path, before: str, by_hand: str, product: str) -> None:
    """The measurements at one size."""
    clock_of_server = server_clock(server)
    compare(center, by_hand, WARM, clock_of_server)
    say("deleting one after the other")
    numbers.compared = compare(center, by_hand, FIRST, clock_of_server)
    say("deleting through the queue")
    numbers.drained = drain(center, home, by_hand, QUEUED)
    numbers.same_rows = set(rows_apart(before, by_hand)) == set(rows_apart(before, product))
    say("one customer with 40,000 rows")
    numbers.memory = memory_of_one(home, 2001), memory_of_one(home, CUSTOMERS)
    say("serving pages")
    numbers.web = serve_pages(center, home, before, FIRST[0])


@contextmanager
def opened(home: Path) -> Iterator[Center]:
    """A center whose own tables are there."""
    center = Center.open(home)
    try:
        prepare(center)
        yield center
    finally:
        center.close()


def remake(server: str, source: str, target: str) -> None:
    """Put a copy of one database in the place of an empty one."""
    name = sa.make_url(target).database or ""
    engine = sa.create_engine(server, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name}")
    copy_database(server, sa.make_url(source).database or "", name)


def say(what: str) -> None:
    """A line for whoever waits."""
    print(f"… {what}", flush=True)


if __name__ == "__main__":
    main()
