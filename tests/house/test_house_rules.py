"""Rules that we care about, kept by a test."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from privacy_center.db import Base, Database
from privacy_center.db_upgrade import downgrade_database, upgrade_database

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "privacy_center"
MODULES = sorted(PACKAGE.rglob("*.py"))
LONGEST_MODULE, LONGEST_FUNCTION = 300, 40


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def body_of(function: ast.FunctionDef) -> int:
    """The line on which the work begins: after arguments and docstring."""
    first = function.body[1] if ast.get_docstring(function) and len(function.body) > 1 else function.body[0]
    return first.lineno


def test_rooms_import_only_from_floors_below():
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_modules_have_one_purpose_and_functions_fit_on_a_screen():
    long = [name(path) for path in MODULES if path.read_text("utf-8").count("\n") > LONGEST_MODULE]
    for path in MODULES:
        for one in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(one, ast.FunctionDef) and one.end_lineno - body_of(one) >= LONGEST_FUNCTION:
                long.append(f"{name(path)}:{one.name}")
    assert long == []


def test_every_module_says_what_it_is_for():
    silent = [
        name(path)
        for path in MODULES
        if path.read_text("utf-8").strip() and not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ]
    assert silent == []


def test_there_are_no_drawers():
    drawers = {"utils", "helpers", "common", "core", "manager", "service", "misc"}
    assert [name(path) for path in PACKAGE.rglob("*") if path.stem in drawers] == []


@pytest.mark.parametrize(
    ("what", "pattern", "where"),
    [
        (
            "the clock is asked in one place",
            r"datetime\.(now|utcnow|today)\(|date\.today\(|time\.time\(\)",
            {"clock.py"},
        ),
        ("engines to company databases are made in one place", r"create_engine\(", {"db.py", "dialects.py"}),
        ("transactions end in one place", r"\bsession\.commit\(", {"db.py"}),
        ("randomness is fit for secrets", r"^import random|^from random ", {"numbers.py"}),
        ("nothing is evaluated", r"\beval\(|\bexec\(|render_template_string", set()),
    ],
)
def test_one_door_for_each_thing(what, pattern, where):
    through = {
        path.name for path in MODULES if "demo" not in path.parts and re.search(pattern, path.read_text("utf-8"), re.M)
    }
    assert through <= where, what


@pytest.fixture(params=["sqlite", "postgresql"])
def blank(request, tmp_path):
    url = f"sqlite:///{tmp_path / 'blank.db'}" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    database = Database(url)
    yield database
    database.close()


def load_models() -> None:
    sys.path.insert(0, str(ROOT / "migrations"))
    from regenerate import load_models as load

    load()


def test_the_migrations_make_what_the_models_say(blank):
    load_models()
    upgrade_database(blank)
    with blank.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, Base.metadata) == []


def test_every_migration_goes_up_and_down_again(blank):
    upgrade_database(blank)
    downgrade_database(blank, "base")
    left = set(sa.inspect(blank.engine).get_table_names()) - {"alembic_version"}
    assert left == set()
    upgrade_database(blank)


def test_personal_data_of_our_own_is_sealed():
    load_models()
    plain = {"email", "phone", "address", "identity", "identities", "words", "text", "keys", "values"}
    found = [
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        if column.name in plain and not isinstance(column.type, sa.LargeBinary)
    ]
    assert found == ["staff_member.email"]


NOBODYS = {
    "demo/staff.py": "the second factor of staff",
    "holds/place.py": "a hold by hand protects records of several people and outlives their own keys",
    "holds/end.py": "why such a hold ends",
    "people/staff/second_factor.py": "the second factor of staff",
    "people/staff/sign_in.py": "the browser of a member of staff",
    "people/sign_in.py": "a contact that was typed, perhaps nobody's",
    "outbox/transport.py": "the mailbox of the demo, which knows addresses only",
    "anomalies/items.py": "what the security officer found about staff",
    "suppressions/register.py": "why a contact is suppressed, of which only a keyed hash is kept",
    "looks/hidden.py": "why an investigation is hidden",
    "web/staff/in_hand.py": "somebody new, for half an hour in the cookie of a member of staff",
}


def test_what_belongs_to_a_person_is_sealed_by_their_own_key():
    """`subject=` at every seal, or the key of a row of theirs (`seal_json_like`); what is nobody's is named above."""
    without = set()
    for path in MODULES:
        inside = str(path.relative_to(PACKAGE))
        for one in ast.walk(ast.parse(path.read_text("utf-8"))):
            called = getattr(one.func, "id", getattr(one.func, "attr", "")) if isinstance(one, ast.Call) else ""
            if called not in ("seal_text", "seal_json") or inside.startswith("keys/"):
                continue
            if len(one.args) < 4 and not any(word.arg == "subject" for word in one.keywords):
                without.add(inside)
    assert without == set(NOBODYS)


def test_every_sealed_column_says_what_it_holds():
    load_models()
    sealed = [one for table in Base.metadata.tables.values() for one in table.columns if one.name.endswith("_sealed")]
    assert [f"{one.table.name}.{one.name}" for one in sealed if not one.info.get("category")] == []


def test_the_project_speaks_of_itself_alone():
    words = re.compile(r"/work/|/tmp/[a-z]|\bissue #?\d+|language model", re.I)
    paths = [*MODULES, *ROOT.glob("docs/**/*.md"), ROOT / "README.md", *ROOT.glob("templates/**/*.html")]
    assert [name(path) for path in paths if words.search(path.read_text("utf-8"))] == []
