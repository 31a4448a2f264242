"""A company of one database, made of statements and a map, with the whole product opened on it."""

from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa

from privacy_center import clock
from privacy_center.center import Center
from privacy_center.execution.models import ExecutionStep
from privacy_center.keys.keyring import Keyring
from privacy_center.plans.draft import draft_plan
from privacy_center.plans.preflight import preflight
from privacy_center.plans.problem import Problem
from privacy_center.privacy_requests.queries import request_by_reference
from tests import corner
from tests.own_tables import DATABASE, copy_own_tables

LI, WANG = "li@example.com", "wang@example.com"


class Company:
    """A database filled by statements; `collections`: the map, as YAML under `collections:`; `rules`: a pack's rules."""

    def __init__(self, home: Path, url: str, statements: list[str], collections: str, rules: str = "") -> None:
        self.home, self.url = home, url
        if url.startswith("sqlite"):
            Path(sa.make_url(url).database or "").touch()
        self.engine = sa.create_engine(url)
        self.tell(*statements)
        self._write(collections, rules)
        self.reopen(url)
        corner.prepare_own(self.center)

    def tell(self, *statements: str) -> list[tuple]:
        """Statements of the company's own, and the rows of the last one."""
        with self.engine.begin() as connection:
            found = [connection.exec_driver_sql(one) for one in statements]
            return [tuple(row) for row in found[-1].all()] if found and found[-1].returns_rows else []

    def reopen(self, url: str) -> None:
        """The product on the database under this address, which may name another account."""
        (self.home / "sources.yml").write_text(f"sources:\n  shop: {{url: '{url}'}}\n")
        self.center = Center.open(self.home)
        self.corner = corner.Corner(self.home, self.engine, self.engine, self.center)

    def erase(self, email: str) -> str:
        """A deletion from intake to certificate; the state in which the request is then."""
        reference = corner.sign_and_run(self.corner, {"email": [email]})
        with self.center.database.reading() as session:
            return request_by_reference(session, reference).state.value

    def errors(self) -> list[str]:
        """Why steps could not be carried out, in English."""
        with self.center.database.reading() as session:
            steps = session.scalars(sa.select(ExecutionStep).where(ExecutionStep.error.is_not(None)))
            return [step.error_words.en for step in steps if step.error_words]

    def problems(self, email: str) -> list[Problem]:
        """What the preflight says of a plan for this person."""
        return preflight(self.center, draft_plan(self.center, {"email": [email]}, None, self.center.today(clock.now())))

    def close(self) -> None:
        self.center.close()
        self.engine.dispose()

    def _write(self, collections: str, rules: str) -> None:
        for folder in ("datamap", "policy"):
            (self.home / folder).mkdir(parents=True)
        (self.home / "settings.toml").write_text('secure_cookies = false\ndatabase_url = ""\n')
        (self.home / "datamap" / "shop.yml").write_text(
            f"dataset:\n- fides_key: shop\n  collections:\n{PEOPLE}{collections}"
        )
        if rules:
            (self.home / "policy" / "own.yml").write_text(PACK + rules)
        Keyring.create(self.home / "keys")
        copy_own_tables(self.home / DATABASE)


PEOPLE = """
  - name: customer
    fields:
    - {name: id, data_categories: [user.unique_id], fides_meta: {primary_key: true}}
    - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
"""
CUSTOMERS = [
    "CREATE TABLE customer (id INTEGER PRIMARY KEY, email VARCHAR(80) UNIQUE)",
    f"INSERT INTO customer VALUES (1, '{LI}'), (2, '{WANG}')",
]
PACK = """
pack: own-cn
version: "1"
jurisdiction: CN
status: needs_counsel_review
rules:
"""


def belonging(name: str, *columns: str, key: str = "id") -> str:
    """A collection of the map whose rows belong to customers by `customer_id`."""
    fields = (
        [f"    - {{name: {key}, data_categories: [system.operations], fides_meta: {{primary_key: true}}}}"]
        if key
        else []
    )
    fields.append(
        "    - {name: customer_id, data_categories: [user.unique_id],"
        " fides_meta: {references: [{dataset: shop, field: customer.id, direction: from}]}}"
    )
    fields += [f"    - {{name: {one}, data_categories: [user.content]}}" for one in columns]
    return "\n".join([f"  - name: {name}", "    fields:", *fields, ""])


def held_while_open(name: str) -> str:
    """A rule that keeps the rows of a collection as long as `closed_at` is NULL."""
    return f"""
- key: open-{name}
  title: Open
  authority: law
  citation: {{law: x, article: "1", checked: true}}
  covers: {{collection: shop.{name}}}
  when: {{field: closed_at, is: null}}
  until: {{event: closed}}
  treatment: restrict
  customer: {{zh-CN: 还没结束。, en: Still open.}}
"""


Open = Callable[..., Company]
