"""The numbers as a table, for the terminal and for docs/benchmarks.md."""

import os
import platform
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from tests.bench import append, masking
from tests.bench.append import Appended
from tests.bench.chain import REACH, Proof
from tests.bench.masking import Page
from tests.bench.measure import Compared, Drained, Web
from tests.bench.product import Spent

TABLES = 11
HEAD = "| What | Measured | Script or base | Ratio | Reach | |\n|---|---|---|---|---|---|\n"


@dataclass
class Numbers:
    """Everything measured in one run. Memory in MB: a small customer's deletion, that of the one with 40,000 rows."""

    customers: int
    rows: int
    machine: str
    durability: str
    compared: Compared | None = None
    drained: Drained | None = None
    web: Web | None = None
    memory: tuple[float, float] = (0.0, 0.0)
    grown: tuple[Spent, Spent] | None = None
    proof: Proof | None = None
    appended: list[Appended] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)
    same_rows: bool = False
    seconds: float = 0.0


def machine(server: str) -> str:
    """What it ran on, in neutral words."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    engine = sa.create_engine(server, poolclass=sa.NullPool)
    with engine.connect() as connection:
        version = connection.scalar(sa.text("SHOW server_version"))
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), {memory:.0f} GB, Linux, "
        f"Python {platform.python_version()}, PostgreSQL {str(version).split()[0]}"
    )


def write_report(numbers: Numbers, path: Path) -> str:
    """Write the page; returns the table."""
    table = HEAD + "".join(_rows(numbers))
    path.write_text(_page(numbers, table), encoding="utf-8")
    return table


def _rows(numbers: Numbers) -> list[str]:
    assert numbers.compared and numbers.drained and numbers.web and numbers.grown
    return [
        *_phases(numbers.compared),
        *_queue(numbers.drained),
        *_pages(numbers.web, numbers.drained),
        *_statements(numbers.compared),
        *_sizes(numbers.grown, numbers.memory),
        *map(_append, numbers.appended),
        *map(_staff_page, numbers.pages),
        *_proofs(numbers.proof),
    ]


def _line(what: str, measured: str, base: str, ratio: float | None, reach: str, reached: bool | None) -> str:
    mark = "" if reached is None else "yes" if reached else "**no**"
    return f"| {what} | {measured} | {base} | {f'{ratio:.1f}' if ratio is not None else ''} | {reach} | {mark} |\n"


def _phases(compared: Compared) -> list[str]:
    script, spent = compared.script.each, compared.product
    lines = []
    for what, cost, reach in (
        ("locate + plan + preflight + freeze, request entered", spent.plan, None),
        ("approve, run handed in", spent.approve, None),
        ("execute + check", spent.execute, 5.0),
        ("look for the rest, certify, tell", spent.conclude, None),
    ):
        each = cost.each
        ratio = each[0] / script[0]
        reached = None if reach is None else ratio <= reach
        lines.append(_line(what, _ms(each), _ms(script), ratio, f"≤ {reach:.0f}" if reach else "", reached))
    return lines


def _ms(each: tuple[float, float, float]) -> str:
    return f"{each[0]:.1f} ms ({each[1]:.1f} + {each[2]:.1f} CPU)"


def _queue(drained: Drained) -> list[str]:
    each, script, rate = drained.wall / drained.count * 1000, drained.script.each[0], drained.count / drained.wall
    cpu = drained.cpu / drained.count * 1000
    return [
        _line(
            "approval to certificate, queue drained by one worker process",
            f"{each:.1f} ms ({cpu:.1f} CPU)", f"{script:.1f} ms", each / script, "≤ 20", each <= 20 * script,
        ),
        _line("deletions a second", f"{rate:.1f}", "", None, "≥ 20", rate >= 20),
        _line("one deletion alone, idle worker", f"{drained.alone * 1000:.0f} ms", "", None, "", None),
    ]  # fmt: skip


def _pages(web: Web, drained: Drained) -> list[str]:
    lines = [
        _line(
            f"requests a second, `{path}`", f"{rate:.0f}", f"{web.bare:.0f}", web.bare / rate, "≤ 3",
            web.bare <= 3 * rate,
        )
        for path, rate in web.pages.items()
    ]  # fmt: skip
    worker = max(web.worker_memory, drained.memory)
    total = web.memory + worker
    what = f"peak memory of web + worker ({web.memory:.0f} + {worker:.0f} MB)"
    return [*lines, _line(what, f"{total:.0f} MB", "", None, "≤ 250 MB", total <= 250)]


def _statements(compared: Compared) -> list[str]:
    company, own = compared.statements["company"], compared.statements["own"]
    return [
        _line("statements a deletion, company database", f"{company:.0f}", "17", company / 17, "", None),
        _line("statements a deletion, for each collection", f"{company / TABLES:.1f}", "1.5", None, "", None),
        _line("statements a deletion, own database", f"{own:.0f}", "", None, "", None),
    ]


def _sizes(grown: tuple[Spent, Spent], memory: tuple[float, float]) -> list[str]:
    small, large = (one.plan.wall + one.execute.wall for one in grown)
    count = grown[0].plan.times
    more = memory[1] - memory[0]
    return [
        _line(
            "locate + plan + freeze + execute + check at 10 times the customers",
            f"{large / count * 1000:.1f} ms", f"{small / count * 1000:.1f} ms", large / small, "≤ 1.3", large <= 1.3 * small,
        ),
        _line(
            "memory of the deletion of one customer with 40,000 rows",
            f"{memory[1]:.0f} MB", f"{memory[0]:.0f} MB", memory[1] / memory[0], "≤ 30 MB more", more <= 30,
        ),
    ]  # fmt: skip


def _staff_page(one: Page) -> str:
    what, measured, base = f"staff page: {one.name}", f"{one.whole:.1f} ms", f"{one.bare:.1f} ms"
    ratio = one.whole / one.bare
    return _line(what, measured, base, ratio, f"≤ {masking.REACH}", ratio <= masking.REACH)


def _append(one: Appended) -> str:
    what = f"append to the record, median; {one.where}"
    measured, base = f"{one.entry:.2f} ms", f"{one.bare:.2f} ms"
    return _line(what, measured, base, one.entry / one.bare, f"≤ {append.REACH:.0f} ms", one.entry <= append.REACH)


def _proofs(proof: Proof | None) -> list[str]:
    if proof is None:
        return []
    what = f"the record verified whole, {proof.entries:,} entries against {proof.heads} heads"
    return [_line(what, f"{proof.seconds:.0f} s", "", None, f"≤ {REACH:.0f} s", proof.seconds <= REACH)]


def _page(numbers: Numbers, table: str) -> str:
    same = "exactly the same rows" if numbers.same_rows else "**not the same rows**"
    return PAGE.format(
        customers=f"{numbers.customers:,}", rows=f"{numbers.rows:,}", machine=numbers.machine,
        durability=numbers.durability, same=same, seconds=f"{numbers.seconds:.0f}", table=table,
    )  # fmt: skip


PAGE = """# Benchmarks

Written by `make bench` ({seconds} seconds). On {machine}. The numbers of another machine differ; the ratios are what is
held to, as both sides of each were measured in the same run, in turns.

{customers} customers with {rows} rows in {tables} tables on PostgreSQL. Customers are deleted by the product and by
`tests/bench/script.py`, a hand-written psycopg script that knows these tables: it locates and changes the rows with one
prepared statement for each table and act, in one transaction for each customer. It freezes no plan, keeps no record, looks
at nothing afterwards. Both deleted, masked and kept {same}. Both ran on the same server with {durability}.

{table}
What the lines mean:

- **Milliseconds** are for one deletion, on the wall; in brackets CPU of our process + CPU of the database server. The
  second column is the script's whole deletion, from finding the customer to the commit.
- **execute + check** is one step of a run: rows counted before, the change with the rules asked again inside its
  transaction, everything read again, what stays entered in the register; in three transactions of our own.
- **approval to certificate**: 200 approved requests in a queue, from the first approval (a signature, a timeline entry, two
  audit entries, a message, the queue) to the last certificate, with one worker process and everything it does beside;
  divided by 200. **One deletion alone** also waits until the idle worker looks into the queue.
- **requests a second**: one web process and an idle worker; four connections that keep cookies as a browser does (what the
  home page looks for once in a login is looked for once). The base is a bare Flask page with one query under the same
  server (waitress) with as many threads.
- **peak memory** is the largest resident set (VmHWM) since the start of each process.
- **10 times the customers** compares the same 50 customers at {customers} and at ten times as many, in turns.
- **staff page**: with masks and access log beside the same page without both, in turns, in one process on SQLite.
- **append to the record**: beside a bare insert of the same row into a table with the same indexes, in turns.
- **the record** is a SQLite file of its own; every entry is a look with what was shown, and every hash is made again.
- **40,000 rows** is the largest resident set of a process that does one deletion from form to certificate.
""".replace("{tables}", str(TABLES))
