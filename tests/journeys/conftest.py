"""Homes prepared once and copied for every journey, and a nursery of processes that may be killed."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from privacy_center import cli
from privacy_center.clock import now
from privacy_center.execution.models import ScanRecord
from privacy_center.people.staff.models import Role
from privacy_center.people.staff.roster import create_staff
from tests import corner, servers
from tests.journeys.children import Homes, Nursery
from tests.web.staff_room import make_fit

LI = ["--identity", "email=li@example.com"]
SUBMIT = ["request", "submit", "--kind", "deletion", *LI, "--verified-by", "counter", "--by", "A1"]
SEALED = corner.POLICY.replace(
    "treatment: restrict\n  needs: [id, customer_id", "treatment: seal\n  needs: [id, customer_id"
)
"""The corner's rules, with invoices put into the vault."""

REFUSING = corner.CRM_MAP.replace(
    "  - name: contact\n",
    "  - name: contact\n    fides_meta: {marketing_refusal: {when: {field: remark, eq: 老客户}, channel: email}}\n",
)
"""The corner's members, of whom Li's remark stands for a refusal of e-mail."""

NO_SWEEP = datetime(2100, 1, 1, tzinfo=UTC)
"""A pass that is noted for then keeps the daily sweep out of the tests, whatever the hour."""


@pytest.fixture(scope="session")
def nurseries(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Nursery]]:
    """Three parents, so that as many threads can bear children at the same time: a child waits as long as it works."""
    parents = [Nursery(tmp_path_factory.mktemp("children")) for _ in range(3)]
    yield parents
    for one in parents:
        one.close()


@pytest.fixture
def nursery(nurseries: list[Nursery]) -> Nursery:
    return nurseries[0]


@pytest.fixture(scope="session")
def on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Homes:
    """Li's deletion, approved and handed in, not begun; everything in SQLite files."""
    home = tmp_path_factory.mktemp("sqlite") / "home"
    approve_deletion(home)
    return Homes(home, home.parent)


@pytest.fixture(scope="session")
def undecided(tmp_path_factory: pytest.TempPathFactory) -> Homes:
    """Li's deletion before the reviewers, one of whom is R9."""
    home = tmp_path_factory.mktemp("undecided") / "home"
    open_shop(home)
    assert cli.main(["--home", str(home), *SUBMIT]) == 0
    center = corner.Center.open(home)
    with center.database.transaction() as session:
        roles, password = [Role.REVIEWER], "a long password"
        member = create_staff(
            session, number="R9", name="R9", email="r9@example.com", password=password, roles=roles, at=now()
        )
        make_fit(session, member, now())
    center.close()
    return Homes(home, home.parent)


@pytest.fixture(scope="session")
def case_closed(on_sqlite: Homes, nurseries: list[Nursery]) -> Iterator[Homes]:
    """Li's deletion carried out; then the case closed for which some rows had stayed."""
    with on_sqlite.copy() as home:
        nurseries[0].start(home).ends_well()
        engine = sa.create_engine(f"sqlite:///{home / 'shop.db'}")
        with engine.begin() as connection:
            connection.execute(sa.update(corner.case).values(closed_at=datetime(2026, 11, 20)))
        engine.dispose()
        yield Homes(home, home.parent)


@pytest.fixture(scope="session")
def on_postgres(tmp_path_factory: pytest.TempPathFactory, postgres_server: str) -> Iterator[Homes]:
    """The same; our own database and both of the company's on PostgreSQL."""
    home = tmp_path_factory.mktemp("postgres") / "home"
    with ExitStack() as stack:
        urls = [stack.enter_context(servers.fresh_database(postgres_server)) for _ in range(3)]
        approve_deletion(home, **dict(zip(("shop_url", "crm_url", "own_url"), urls, strict=True)))
        yield Homes(home, home.parent, postgres_server, {url: sa.make_url(url).database for url in urls})


def approve_deletion(home: Path, **urls: str) -> None:
    """A corner shop in which Li's deletion was approved and waits for a worker."""
    open_shop(home, **urls)
    assert cli.main(["--home", str(home), *SUBMIT]) == 0
    center = corner.Center.open(home)
    reference = only_reference(center)
    center.close()
    assert cli.main(["--home", str(home), "request", "decide", reference, "approve", "--by", "R1"]) == 0


def open_shop(home: Path, **urls: str) -> None:
    """A corner shop at rest: nobody is connected to its databases."""
    shop = corner.open_corner(home, require_second_approval="false", **urls)
    (home / "policy" / "corner.yml").write_text(SEALED)
    (home / "datamap" / "crm.yml").write_text(REFUSING)
    with shop.center.database.transaction() as session:
        session.add(ScanRecord(started_at=NO_SWEEP, people=0, skipped={}))
    shop.center.close()
    shop.shop.dispose()
    shop.crm.dispose()


def only_reference(center: corner.Center) -> str:
    """The one request there is."""
    from privacy_center.privacy_requests.models import PrivacyRequest

    with center.database.reading() as session:
        return session.scalars(sa.select(PrivacyRequest.reference)).one()


@pytest.fixture
def run(nursery: Nursery) -> Callable[..., Any]:
    """A command of the terminal, with `--json`: its one document, which is all that stands on stdout.

    One that must leave with another exit code than 0 gives what it said on stderr, or its document.
    """

    def run_command(home: Path, *arguments: str, exit: int = 0) -> Any:
        code, out, err = nursery.tell(home, "--home", str(home), *arguments, "--json")
        assert code == exit, (arguments, code, err)
        return json.loads(out) if out else err

    return run_command
