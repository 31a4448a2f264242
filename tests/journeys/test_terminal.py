"""The whole way through the terminal, on SQLite and across PostgreSQL and MariaDB in one request."""

import json
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests import corner
from tests.journeys.conftest import LI, SUBMIT, open_shop


@pytest.fixture(params=["sqlite", "postgres+mariadb"])
def shop(request: pytest.FixtureRequest, tmp_path: Path):
    """The company as it is: its home, and a way to look into its databases and to change them."""
    urls = {}
    if request.param != "sqlite":
        postgres = request.getfixturevalue("new_postgres")
        urls = {"shop_url": postgres(), "own_url": postgres(), "crm_url": request.getfixturevalue("mariadb_url")}
    home = tmp_path / "home"
    open_shop(home, **urls)
    engines = [
        sa.create_engine(urls.get(f"{name}_url") or f"sqlite:///{home / name}.db", poolclass=sa.NullPool)
        for name in ("shop", "crm")
    ]
    return corner.Corner(home, *engines, None)


def ids(rows, name="id"):
    return sorted(row[name] for row in rows)


def test_from_the_first_look_to_the_last_erasure(shop, run):
    """Locate, plan, submit, decide, execute, sweep, scan, replay, verify."""
    home = shop.home
    located = run(home, "locate", *LI)
    assert len(located["collections"]["shop.order_line"]["own"]) == 6 and located["skipped"] == {}
    assert located["collections"]["shop.address"]["shared"] and "shop.customer" in located["collections"]
    plan = run(home, "plan", *LI)
    assert plan["digest"] == run(home, "plan", *LI)["digest"]
    held = {hold["rule"]: hold["until"] for one in plan["items"] for hold in one["holds"]}
    assert held == {"after-sales-open": None, "invoice-10-years": "2036-10-05"}
    later = run(home, "plan", *LI, "--on", "2036-10-06")
    assert later["on"] == "2036-10-06" and later["digest"] != plan["digest"]
    assert {one["verdict"] for one in later["items"] if one["collection"] == "shop.invoice"} == {"erase"}

    reference = run(home, *SUBMIT)["reference"]
    assert "Decide first" in run(home, "request", "execute", reference, exit=1)
    assert run(home, "request", "list", "--state", "in_review") == run(home, "request", "list")
    shown = run(home, "request", "decide", reference, "approve", "--by", "R1")
    assert shown["decision"] == "final"
    assert shown["plan"]["digest"] == run(home, "request", "show", reference)["plan"]["digest"]
    done = run(home, "request", "execute", reference)
    assert done["state"] == "completed_with_holds" and len(done["runs"][0]["steps"]) == 2
    assert ids(shop.rows(corner.orders)) == [11, 21] and ids(shop.rows(corner.contact), "member_no") == ["M008"]
    assert run(home, "request", "execute", reference)["certificates"] == done["certificates"]

    assert run(home, "sweep")["released"] == 0
    shop.change(corner.case.update().where(corner.case.c.id == 31).values(closed_at=datetime(2026, 11, 20)))
    assert run(home, "sweep", "--collection", "shop.after_sales_case") == {"released": 1, "requests": [reference]}
    assert shop.rows(corner.case) == [] and ids(shop.rows(corner.orders)) == [21]

    scan = run(home, "scan", "--request", reference)
    assert (scan["people"], scan["hits"], scan["skipped"]) == (1, 0, []) and scan["rows_read"] > 0
    shop.change(corner.browsing.insert().values(customer_id=corner.LI, at=datetime(2026, 1, 1, 1), page="/p/1"))
    assert run(home, "replay", "--since", "2026-01-01")["requests"] == [reference]
    assert shop.rows(corner.browsing) == [] and run(home, "replay", "--since", "2026-01-01")["replayed"] == 0
    certificates = run(home, "request", "show", reference)["certificates"]
    assert [one["purpose"] for one in certificates] == ["erasure", "release", "scan", "replay"]
    assert all(one["extends"] == certificates[0]["number"] for one in certificates[1:])
    assert run(home, "audit", "verify")["ok"]
    tamper(home)
    broken = run(home, "audit", "verify", exit=1)
    assert broken["first_broken"]["seq"] == 3 and not broken["ok"]


def tamper(home: Path) -> None:
    """Somebody with every right on our database rewrites what was noted."""
    engine = sa.create_engine(corner.Center.open(home).settings.own_database_url, poolclass=sa.NullPool)
    change = "UPDATE audit_entry SET actor_id = 'somebody else' WHERE seq = 3"
    with pytest.raises(sa.exc.DBAPIError), engine.begin() as connection:
        connection.exec_driver_sql(change)
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("ALTER TABLE audit_entry DISABLE TRIGGER USER")
        else:
            found = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all()
            for name in found:
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.exec_driver_sql(change)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    open_shop(tmp_path / "home")
    return tmp_path / "home"


def test_refusals_go_to_stderr_with_1_and_wrong_usage_with_2(home, nursery):
    place = ["--home", str(home)]
    refused = [
        ["request", "show", "PC-0000-0000-0000"],
        ["request", "list", "--state", "nonsense"],
        ["sweep", "--request", "PC-0000-0000-0000"],
    ]
    for arguments in refused:
        code, out, err = nursery.tell(home, *place, *arguments)
        assert (code, out) == (1, "") and err.strip() and "Traceback" not in err, arguments
    for arguments in (
        ["plan"],
        ["request"],
        ["nonsense"],
        ["plan", *LI, "--on", "soon"],
        ["replay", "--since", "ever"],
    ):
        code, out, err = nursery.tell(home, *place, *arguments)
        assert (code, out) == (2, "") and "Traceback" not in err, arguments
    code, out, err = nursery.tell(home, "--home", str(home / "nowhere"), "request", "list")
    assert (code, out) == (1, "") and "settings.toml" in err


def test_the_home_may_stand_before_or_after_the_command_and_in_the_environment(home, nursery):
    before = nursery.tell(home, "--home", str(home), "plan", *LI, "--json")
    after = nursery.tell(home, "plan", *LI, "--json", "--home", str(home))
    within = nursery.tell(home, "plan", "--json", *LI, PRIVACY_CENTER_HOME=str(home))
    assert [json.loads(one[1])["digest"] for one in (before, after, within)].count(json.loads(before[1])["digest"]) == 3
    assert before[0] == after[0] == within[0] == 0 and before[2] == ""


def test_what_nobody_decided_is_not_carried_out_and_what_began_cannot_be_taken_back(home, run):
    reference = run(home, *SUBMIT)["reference"]
    run(home, "request", "execute", reference, exit=1)
    run(home, "request", "decide", reference, "confirm", "--by", "R2", exit=1)
    assert run(home, "request", "cancel", reference, "--by", "A1")["state"] == "cancelled"
    run(home, "request", "decide", reference, "approve", "--by", "R1", exit=1)


def test_nobody_confirms_their_own_decision_and_only_the_second_person_sets_it_off(home, run):
    text = (home / "settings.toml").read_text()
    (home / "settings.toml").write_text(text.replace("require_second_approval = false", ""))
    reference = run(home, *SUBMIT)["reference"]
    made = run(home, "request", "decide", reference, "--approve", "--by", "R1")
    assert made["decision"] != "final" and made["runs"] == []
    run(home, "request", "decide", reference, "confirm", "--by", "R1", exit=1)
    made = run(home, "request", "decide", reference, "confirm", "--by", "R2")
    assert made["decision"] == "final" and made["plan"]["signed_by"] == "R1+R2"
    assert run(home, "request", "execute", reference)["state"] == "completed_with_holds"
