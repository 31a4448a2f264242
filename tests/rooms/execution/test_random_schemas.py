"""Whatever the schema: what is held, somebody else's, unplanned or out of scope stays as it was, what is approved goes, and the
certificate says neither more nor less. The expectations are worked out here from the drawn company alone."""

import itertools
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, note, settings

from privacy_center import clock
from privacy_center.center import Center
from privacy_center.execution.certify import certificates_of
from privacy_center.holds.kinds import PlacedKind
from privacy_center.holds.place import NewHold, Placing, Records, place_hold
from privacy_center.people.staff.models import StaffMember
from privacy_center.plans.draft import draft_plan
from privacy_center.plans.models import PlannedRecord
from privacy_center.plans.preflight import preflight
from privacy_center.privacy_requests.queries import request_by_reference
from privacy_center.privacy_requests.scope import EVERYTHING, RequestScope
from tests import corner
from tests.rooms.execution.company import Company
from tests.rooms.execution.random_companies import LI, Drawn, Live, Row, companies, write_home
from tests.rooms.execution.second_request import draft_again_and_run, erased_by, is_blocked, take_in

EMAIL = {"email": ["li@example.com"]}
ANOTHER = {"phone_number": ["13800000009"], **EMAIL}
Place = tuple[str, int]
_numbers = itertools.count()


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder with its own database made, to copy from."""
    home = tmp_path_factory.mktemp("template") / "home"
    Company(
        home, f"sqlite:///{home.parent / 'none.db'}", ["CREATE TABLE customer (id INTEGER, email TEXT)"], ""
    ).close()
    return home


class Run:
    """One request of Li's in one drawn company, from draft to certificate; what was there before, and after."""

    def __init__(self, home: Path, template: Path, url: str, drawn: Drawn) -> None:
        self.drawn, self.live = drawn, Live(url, drawn)
        write_home(template, home, url, drawn)
        self.center = Center.open(home)
        self.problems: list[str] = []
        self.counted: dict[str, int] | None = None
        try:
            self._carry_out(home)
        finally:
            self.center.close()
            self.live.engine.dispose()

    def _carry_out(self, home: Path) -> None:
        self._hold(self.drawn.held_early)
        self.planned = self.live.rows()
        scope = RequestScope.of_categories(["user.content"]) if self.drawn.narrow else EVERYTHING
        if self.drawn.chosen is not None:
            scope = RequestScope.of_records([f"shop.{name}" for name in self.drawn.chosen])
        drafted = draft_plan(self.center, EMAIL, scope, self.center.today(clock.now()))
        self.problems = [str(one) for one in (*drafted.problems, *preflight(self.center, drafted)) if one.blocking]
        if self.problems:
            return
        shop = corner.Corner(
            home, self.live.engine, self.live.engine, self.center, once_approved=lambda: self._go_on(scope)
        )
        reference = corner.sign_and_run(shop, EMAIL, scope=scope)
        self.after = self.live.rows()
        with self.center.database.reading() as session:
            request = request_by_reference(session, reference)
            self.state = request.state.value
            bodies = [one.body["collections"] for one in certificates_of(session, request.id)]
        self.certificate = bodies[0] if bodies else None
        if self.drawn.twice and bodies:
            self._finish_second(shop)

    def _finish_second(self, shop: corner.Corner) -> None:
        """What is left goes with the second request; what went with the first is counted there alone."""
        draft_again_and_run(shop, self.second)
        self.left = self.live.rows()
        self.counted = erased_by(self.center, self.second)

    def _go_on(self, scope: RequestScope) -> None:
        if self.drawn.twice:
            with self.center.database.reading() as session:
                planned = session.scalar(sa.select(sa.func.count()).select_from(PlannedRecord))
            self.second = take_in(self.center, ANOTHER, scope)
            assert is_blocked(self.center, self.second) or not planned, "two open requests plan the same records"
        self.live.go_on()
        self._hold(self.drawn.held_late)
        self.before = self.live.rows()

    def _hold(self, places: list[Place]) -> None:
        at = clock.now()
        member = StaffMember(number="S1", roles=["senior_reviewer"], active=True, department="")
        for name, number in places:
            records = {f"shop.{name}": Records(("id",), [(number,)])}
            with self.center.database.transaction() as session:
                place_hold(
                    session, NewHold(PlacedKind.EVIDENCE, "x"), records, Placing(member, at, self.center.today(at))
                )


class Expected:
    """What has to be so after a run, from the drawn company and the rows before it."""

    def __init__(self, run: Run) -> None:
        self.run, self.drawn = run, run.drawn
        by_hand = {*run.drawn.held_early, *run.drawn.held_late}
        hers = {place for place in _places(run.planned) if self._is_lis(place, run.planned)}
        self.planned = {place for place in hers if run.drawn.chosen is None or place[0] in run.drawn.chosen}
        by_rule = {place for place in _places(run.before) if self._is_held(place)}
        self.held = (by_hand | by_rule) & set(_places(run.before))

    def _is_lis(self, place: Place, rows: dict[str, dict[int, Row]]) -> bool:
        name, number = place
        table, row = self.drawn.table(name), rows[name][number]
        if name == "customer":
            return number == LI
        if not table.mapped or table.belongs is None or (table.condition and row["kind"] != "mine"):
            return False
        owner = row["owner"]
        return owner is not None and self._is_lis((table.belongs.table, owner), rows)

    def _is_held(self, place: Place) -> bool:
        name, number = place
        return self.drawn.table(name).ruled and self.run.before[name][number]["closed"] is None

    def fields(self, name: str) -> tuple[str, ...]:
        """The fields of a table that the request may empty."""
        table = self.drawn.table(name)
        if self.drawn.narrow:
            return ("note",)
        return ("note", *(["extra"] if table.extra else []), *(["email"] if name == "customer" else []))

    def goes(self, place: Place) -> bool:
        """Whether the row itself is to go, unless another needs it."""
        name = place[0]
        whole = not self.drawn.narrow or (name != "customer" and not self.drawn.table(name).extra)
        return place in self.planned and place not in self.held and whole

    def check_second(self) -> None:
        """Of two requests each record is counted by the one that erased it, and what is held stays."""
        run = self.run
        for name, found in run.after.items():
            gone = {number for number in found if number not in run.left[name]}
            assert run.counted.get(f"shop.{name}", 0) == len(gone), f"the second certificate is wrong on {name}"
            assert not {(name, number) for number in gone} & self.held, f"what is held of {name} went along"

    def check(self) -> None:
        run = self.run
        if run.certificate is None:
            assert run.after == run.before, "without a certificate nothing was changed"
            return
        for place in _places(run.before):
            self._check_row(place)
        self._check_certificate()

    def _check_row(self, place: Place) -> None:
        name, number = place
        before, after = self.run.before[name][number], self.run.after[name].get(number)
        if place not in self.planned or place in self.held:
            assert after is not None, f"{place} went along"
            lost = {key for key in before if before[key] != after[key]}
            assert all(self._dropped(place, key) for key in lost), f"{place} was changed: {lost}"
            return
        if self.goes(place) and after is not None:
            assert self._is_needed(place), f"{place} is still there"
        if after is None:
            assert self.goes(place), f"{place} is gone"
            return
        kept = {key for key in before if key not in self.fields(name) and before[key] != after[key]}
        assert all(self._dropped(place, key) for key in kept), f"{place} was changed: {kept}"
        assert all(before[key] != after[key] for key in self.fields(name)), f"{place} was not emptied"

    def _is_left_alone(self, name: str) -> bool:
        """Whether the request leaves out a table that the map knows, so that not even a link in it may change."""
        if self.drawn.chosen is not None:
            return self.drawn.table(name).mapped and name not in self.drawn.chosen
        if not self.drawn.narrow or not self.drawn.table(name).mapped:
            return False
        return not any(planned == name for planned, _number in self.planned)

    def _dropped(self, place: Place, column: str) -> bool:
        """Whether a column is a link that the database emptied because the row that it led to is gone, on a row nobody holds."""
        link = next((one for one in self.drawn.table(place[0]).links if one.column == column), None)
        if link is None or link.rule != "SET NULL" or place in self.held or self._is_left_alone(place[0]):
            return False
        return self.run.before[place[0]][place[1]][column] not in self.run.after[link.table]

    def _is_needed(self, place: Place) -> bool:
        """Whether a row that is still there refers to this one, and would not just lose its link."""
        for table in self.drawn.tables:
            for link in (one for one in table.links if one.table == place[0] and one.rule):
                for number, row in self.run.after[table.name].items():
                    minds = self._is_left_alone(table.name) or (table.name, number) in self.held
                    free = link.rule == "SET NULL" and link.nullable and not minds
                    if row[link.column] == place[1] and not free:
                        return True
        return False

    def _check_certificate(self) -> None:
        assert self.run.certificate is not None
        gone, emptied = Counter[str](), Counter[str]()
        for name, number in _places(self.run.before):
            after = self.run.after[name].get(number)
            gone[name] += after is None
            emptied[name] += after is not None and after["note"] != self.run.before[name][number]["note"]
        told = {key.removeprefix("shop."): numbers for key, numbers in self.run.certificate.items()}
        for table in self.drawn.tables:
            numbers = told.get(table.name, {"erased": 0, "masked": 0})
            counts = (numbers["erased"], numbers["masked"])
            assert counts == (gone[table.name], emptied[table.name]), (
                f"the certificate is wrong on {table.name}: {counts}"
            )


def _places(rows: dict[str, dict[int, Row]]) -> list[Place]:
    return [(name, number) for name, found in rows.items() for number in found]


def check_many(dialect: str, examples: int, run_one: Callable[[Drawn], Run]) -> None:
    """Draw companies, the same in every run, and check what became of each."""
    carried_out = []

    @settings(
        max_examples=examples, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )  # fmt: skip
    @given(companies(dialect))
    def holds(drawn: Drawn) -> None:
        run = run_one(drawn)
        carried_out.append(not run.problems)
        if not run.problems:
            note(f"{run.state}: {run.before} -> {run.after}")
            Expected(run).check()
            if run.counted is not None:
                Expected(run).check_second()

    holds()
    assert sum(carried_out) > len(carried_out) / 2, "most plans were impossible, so nothing was shown"


def test_on_sqlite_nothing_goes_that_is_not_approved(tmp_path: Path, template: Path) -> None:
    def run_one(drawn: Drawn) -> Run:
        home = tmp_path / f"home{next(_numbers)}"
        file = tmp_path / f"{home.name}.db"
        file.touch()
        return Run(home, template, f"sqlite:///{file}", drawn)

    check_many("sqlite", 40, run_one)


@pytest.fixture
def emptied(request: pytest.FixtureRequest) -> Iterator[Callable[[], str]]:
    """The address of one database that is empty at each call."""
    url = request.getfixturevalue(request.param)
    engine = sa.create_engine(url)

    def empty() -> str:
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.exec_driver_sql("DROP SCHEMA public CASCADE")
                connection.exec_driver_sql("CREATE SCHEMA public")
            else:
                connection.exec_driver_sql("SET foreign_key_checks = 0")
                for (name,) in connection.exec_driver_sql("SHOW TABLES").all():
                    connection.exec_driver_sql(f"DROP TABLE {name}")
                connection.exec_driver_sql("SET foreign_key_checks = 1")
        return url

    yield empty
    engine.dispose()


@pytest.mark.parametrize(
    ("emptied", "dialect"), [("postgres_url", "postgresql"), ("mariadb_url", "mariadb")], indirect=["emptied"]
)
def test_on_servers_nothing_goes_that_is_not_approved(
    emptied: Callable[[], str], dialect: str, tmp_path: Path, template: Path
) -> None:
    check_many(dialect, 10, lambda drawn: Run(tmp_path / f"home{next(_numbers)}", template, emptied(), drawn))
