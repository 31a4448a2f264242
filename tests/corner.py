"""A corner shop to test on: two databases of a few tables, a map, two rule packs, and a center opened on them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import sqlalchemy as sa

from privacy_center.center import Center
from privacy_center.keys.keyring import Keyring
from tests.own_tables import DATABASE, copy_own_tables

shop = sa.MetaData()
TEXT = sa.String(80)

customer = sa.Table(
    "customer", shop,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("email", sa.String(120), nullable=False, unique=True),
    sa.Column("phone", sa.String(20), index=True),
    sa.Column("name", sa.String(40), nullable=False),
)  # fmt: skip
address = sa.Table(
    "address", shop,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("street", sa.String(120), nullable=False),
)  # fmt: skip
orders = sa.Table(
    "orders", shop,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("customer_id", sa.ForeignKey("customer.id"), nullable=False, index=True),
    sa.Column("address_id", sa.ForeignKey("address.id"), index=True),
    sa.Column("placed_at", sa.DateTime, nullable=False),
    sa.Column("completed_at", sa.DateTime),
    sa.Column("note", sa.Text),
)  # fmt: skip
line = sa.Table(
    "order_line", shop,
    sa.Column("order_id", sa.ForeignKey("orders.id"), primary_key=True),
    sa.Column("line_no", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("item", TEXT, nullable=False),
    sa.Column("engraving", TEXT),
)  # fmt: skip
case = sa.Table(
    "after_sales_case", shop,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("order_id", sa.ForeignKey("orders.id"), nullable=False, index=True),
    sa.Column("opened_at", sa.DateTime, nullable=False),
    sa.Column("closed_at", sa.DateTime),
    sa.Column("message", sa.Text),
)  # fmt: skip
invoice = sa.Table(
    "invoice", shop,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("customer_id", sa.ForeignKey("customer.id"), nullable=False, index=True),
    sa.Column("issued_on", sa.Date),
    sa.Column("title", TEXT),
    sa.Column("remark", TEXT),
)  # fmt: skip
browsing = sa.Table(
    "browsing", shop,
    sa.Column("customer_id", sa.ForeignKey("customer.id"), nullable=False, index=True),
    sa.Column("at", sa.DateTime, nullable=False),
    sa.Column("page", TEXT),
)  # fmt: skip

crm = sa.MetaData()
contact = sa.Table(
    "contact", crm,
    sa.Column("member_no", sa.String(20), primary_key=True),
    sa.Column("customer_ref", sa.String(20), index=True),
    sa.Column("email", sa.String(120), index=True),
    sa.Column("remark", sa.Text),
)  # fmt: skip
card = sa.Table(
    "card", crm,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("member_no", sa.ForeignKey("contact.member_no"), nullable=False, index=True),
    sa.Column("number", sa.String(30)),
    sa.Column("unbound_at", sa.DateTime),
)  # fmt: skip

SHOP_MAP = """
dataset:
- fides_key: shop
  collections:
  - name: customer
    fields:
    - {name: id, data_categories: [user.unique_id], fides_meta: {primary_key: true, data_type: integer}}
    - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email, data_type: string, length: 120}}
    - {name: phone, data_categories: [user.contact.phone_number], fides_meta: {identity: phone_number, data_type: string}}
    - {name: name, data_categories: [user.name], fides_meta: {data_type: string}}
  - name: address
    fields:
    - {name: id, data_categories: [system.operations], fides_meta: {primary_key: true, data_type: integer}}
    - {name: street, data_categories: [user.contact.address.street], fides_meta: {data_type: string}}
  - name: orders
    fields:
    - {name: id, data_categories: [system.operations], fides_meta: {primary_key: true, data_type: integer}}
    - name: customer_id
      data_categories: [user.unique_id]
      fides_meta: {references: [{dataset: shop, field: customer.id, direction: from}]}
    - name: address_id
      data_categories: [system.operations]
      fides_meta: {references: [{dataset: shop, field: address.id, direction: to}]}
    - {name: placed_at, data_categories: [user.behavior.purchase_history]}
    - {name: completed_at, data_categories: [user.behavior.purchase_history]}
    - {name: note, data_categories: [user.content]}
  - name: order_line
    fields:
    - name: order_id
      data_categories: [system.operations]
      fides_meta: {primary_key: true, references: [{dataset: shop, field: orders.id, direction: from}]}
    - {name: line_no, data_categories: [system.operations], fides_meta: {primary_key: true}}
    - {name: item, data_categories: [user.behavior.purchase_history]}
    - {name: engraving, data_categories: [user.content]}
  - name: after_sales_case
    fields:
    - {name: id, data_categories: [system.operations], fides_meta: {primary_key: true}}
    - name: order_id
      data_categories: [system.operations]
      fides_meta: {references: [{dataset: shop, field: orders.id, direction: from}]}
    - {name: opened_at, data_categories: [user.behavior]}
    - {name: closed_at, data_categories: [user.behavior]}
    - {name: message, data_categories: [user.content]}
  - name: invoice
    fields:
    - {name: id, data_categories: [system.operations], fides_meta: {primary_key: true}}
    - name: customer_id
      data_categories: [user.unique_id]
      fides_meta: {references: [{dataset: shop, field: customer.id, direction: from}]}
    - {name: issued_on, data_categories: [user.financial]}
    - {name: title, data_categories: [user.financial]}
    - {name: remark, data_categories: [user.content]}
  - name: browsing
    fields:
    - name: customer_id
      data_categories: [user.unique_id]
      fides_meta: {references: [{dataset: shop, field: customer.id, direction: from}]}
    - {name: at, data_categories: [user.behavior.browsing_history]}
    - {name: page, data_categories: [user.behavior.browsing_history]}
"""

CRM_MAP = """
dataset:
- fides_key: crm
  collections:
  - name: contact
    fields:
    - {name: member_no, data_categories: [user.unique_id], fides_meta: {primary_key: true, identity: member_number}}
    - name: customer_ref
      data_categories: [user.unique_id]
      fides_meta: {references: [{dataset: shop, field: customer.id, direction: from}]}
    - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
    - {name: remark, data_categories: [user.content]}
  - name: card
    fields:
    - {name: id, data_categories: [system.operations], fides_meta: {primary_key: true}}
    - name: member_no
      data_categories: [user.unique_id]
      fides_meta: {references: [{dataset: crm, field: contact.member_no, direction: from}]}
    - {name: number, data_categories: [user.financial.credit_card]}
    - {name: unbound_at, data_categories: [user.financial]}
"""

POLICY = """
pack: corner-cn
version: "2026.1"
jurisdiction: CN
status: needs_counsel_review
rules:
- key: after-sales-open
  title: {zh-CN: 售后未完结, en: After-sales case still open}
  authority: law
  citation: {law: 电子商务法, article: "62", checked: true}
  covers: {collection: shop.after_sales_case}
  when: {field: closed_at, is: null}
  until: {event: case closed}
  treatment: restrict
  needs: [id, order_id, opened_at]
  customer: {zh-CN: 您有一笔售后还在处理。, en: An after-sales case is still open.}
- key: invoice-10-years
  title: {zh-CN: 发票, en: Invoices}
  authority: administrative_regulation
  citation: {law: 税收征收管理法实施细则, article: "29", checked: true}
  covers: {collection: shop.invoice}
  until: {period: P10Y, from: issued_on}
  treatment: restrict
  needs: [id, customer_id, issued_on, title]
  customer: {zh-CN: 发票要保存十年。, en: Invoices are kept for ten years.}
- key: card-bound
  title: {zh-CN: 银行卡未解绑, en: Bank card still bound}
  authority: contract
  citation: {law: 用户协议, article: "8", checked: true}
  covers: {collection: crm.card}
  when: {field: unbound_at, is: null}
  until: {event: card unbound}
  treatment: ask
  waivable: true
  customer: {zh-CN: 请先解绑这张卡。, en: Unbind this card first.}
"""

LI, WANG = 1, 2
"""Li has everything; Wang shares an address with her and has an order of his own."""


@dataclass
class Corner:
    """The shop: its two engines, its home folder, and a center opened on it."""

    home: Path
    shop: sa.Engine
    crm: sa.Engine
    center: Center
    before_run: Callable[[], None] | None = None
    once_approved: Callable[[], None] | None = None

    def reopen(self) -> Center:
        """Another center on the same home, as a restarted process would open it."""
        self.center.close()
        self.center = Center.open(self.home)
        return self.center

    def rows(self, table: sa.Table) -> list[dict]:
        """Every row of a table as it is now."""
        engine = self.shop if table.metadata is shop else self.crm
        with engine.connect() as connection:
            return [dict(row._mapping) for row in connection.execute(sa.select(table))]

    def change(self, statement: sa.Executable) -> None:
        """Something the company itself does in its databases."""
        table = statement.table
        with (self.shop if table.metadata is shop else self.crm).begin() as connection:
            connection.execute(statement)


def open_corner(
    home: Path, *, shop_url: str | None = None, crm_url: str | None = None, own_url: str = "", **settings: object
) -> Corner:
    """A corner shop with its people, ready to be asked; SQLite files in `home` unless URLs are given."""
    home.mkdir(parents=True, exist_ok=True)
    shop_url = shop_url or f"sqlite:///{home / 'shop.db'}"
    crm_url = crm_url or f"sqlite:///{home / 'crm.db'}"
    engines = sa.create_engine(shop_url), sa.create_engine(crm_url)
    shop.create_all(engines[0])
    crm.create_all(engines[1])
    fill_corner(*engines)
    write_home(home, shop_url, crm_url, own_url, **settings)
    if not own_url:
        copy_own_tables(home / DATABASE)
    center = Center.open(home)
    prepare_own(center)
    return Corner(home, *engines, center)


def prepare_own(center: Center) -> None:
    """The center's own tables."""
    from privacy_center.terminal.running import prepare

    prepare(center)


def write_home(home: Path, shop_url: str, crm_url: str, own_url: str = "", **settings: object) -> None:
    """The files of a home folder for the corner shop."""
    lines = [
        "secure_cookies = false",
        f'database_url = "{own_url}"',
        *(f"{name} = {value}" for name, value in settings.items()),
    ]
    (home / "settings.toml").write_text("\n".join(lines) + "\n")
    (home / "sources.yml").write_text(f"sources:\n  shop: {{url: '{shop_url}'}}\n  crm: {{url: '{crm_url}'}}\n")
    for folder, name, text in (
        ("datamap", "shop.yml", SHOP_MAP),
        ("datamap", "crm.yml", CRM_MAP),
        ("policy", "corner.yml", POLICY),
    ):
        (home / folder).mkdir(exist_ok=True)
        (home / folder / name).write_text(text)
    if not (home / "keys").exists():
        Keyring.create(home / "keys")


def fill_corner(shop_engine: sa.Engine, crm_engine: sa.Engine) -> None:
    """Li: three orders (one with an open case, one closed case), invoices new and old. Wang: one order, the same address."""
    moment = datetime(2026, 5, 1, 10)
    with shop_engine.begin() as c:
        c.execute(customer.insert(), [
            {"id": LI, "email": "li@example.com", "phone": "+86 138-0000-0001", "name": "李雷"},
            {"id": WANG, "email": "wang@example.com", "phone": "13900000002", "name": "王芳"},
        ])  # fmt: skip
        c.execute(address.insert(), [{"id": 1, "street": "长宁路 1 号"}, {"id": 2, "street": "愚园路 2 号"}])
        c.execute(orders.insert(), [
            {"id": 11, "customer_id": LI, "address_id": 1, "placed_at": moment, "completed_at": moment, "note": "门口"},
            {"id": 12, "customer_id": LI, "address_id": 2, "placed_at": moment, "completed_at": moment, "note": None},
            {"id": 13, "customer_id": LI, "address_id": None, "placed_at": moment, "completed_at": None, "note": "急"},
            {"id": 21, "customer_id": WANG, "address_id": 1, "placed_at": moment, "completed_at": moment, "note": "王"},
        ])  # fmt: skip
        c.execute(line.insert(), [
            {"order_id": number, "line_no": n, "item": f"商品 {n}", "engraving": "李" if number < 20 else "王"}
            for number in (11, 12, 13, 21) for n in (1, 2)
        ])  # fmt: skip
        c.execute(case.insert(), [
            {"id": 31, "order_id": 11, "opened_at": moment, "closed_at": None, "message": "还没修好"},
            {"id": 32, "order_id": 12, "opened_at": moment, "closed_at": datetime(2026, 6, 1), "message": "修好了"},
        ])  # fmt: skip
        c.execute(invoice.insert(), [
            {"id": 41, "customer_id": LI, "issued_on": date(2026, 10, 5), "title": "李雷", "remark": "月结"},
            {"id": 42, "customer_id": LI, "issued_on": date(2014, 3, 1), "title": "李雷", "remark": None},
        ])  # fmt: skip
        c.execute(browsing.insert(), [
            {"customer_id": LI, "at": datetime(2026, 1, 1, hour), "page": f"/p/{hour}"} for hour in range(5)
        ])  # fmt: skip
    with crm_engine.begin() as c:
        c.execute(contact.insert(), [
            {"member_no": "M007", "customer_ref": "1", "email": "li@example.com", "remark": "老客户"},
            {"member_no": "M008", "customer_ref": "2", "email": "wang@example.com", "remark": None},
        ])  # fmt: skip
        c.execute(card.insert(), [{"id": 51, "member_no": "M007", "number": "6222020000000000", "unbound_at": moment}])


def sign_and_run(
    corner: Corner, identities: dict[str, list[str]], *, categories=None, scope=None, overrides=None, waived=(), at=None
):
    """A deletion from intake to certificate in this process, decided by reviewer R1; returns the request."""
    from privacy_center import clock
    from privacy_center.audit.append import Actor
    from privacy_center.execution.proceed import proceed
    from privacy_center.people.identity import find_or_create_person
    from privacy_center.people.models import Level
    from privacy_center.plans.draft import draft_plan
    from privacy_center.plans.freeze import current_plan, items_of, sign_plan
    from privacy_center.privacy_requests.moves import approve
    from privacy_center.privacy_requests.scope import EVERYTHING, RequestScope
    from privacy_center.privacy_requests.submit import Submission
    from privacy_center.review.intake import take_in_deletion

    center, at = corner.center, at or clock.now()
    kind, values = next(iter(identities.items()))
    handed = []
    with center.database.transaction() as session:
        person = find_or_create_person(session, kind, values[0], at)
        scope = RequestScope.of_categories(categories) if categories else scope or EVERYTHING
        drafted = draft_plan(center, identities, scope, center.today(at), waived)
        handed_in = Submission(
            person=person,
            identities=identities,
            level=Level.V2,
            verification_method="counter",
            timezone="Asia/Shanghai",
            scope=scope,
            waived=waived,
        )
        by = Actor("staff", "A1", "agent")
        request = take_in_deletion(session, center, drafted, handed_in, cooling_off_days=0, actor=by, at=at)
        plan = current_plan(session, request.id)
        for item in items_of(session, plan.id):
            for collection, outcome in (overrides or {}).items():
                if item.collection == collection and item.outcome.value == "manual":
                    item.override(outcome, {"zh-CN": "核对过", "en": "checked"})
        sign_plan(session, plan, by="R1", at=at)
        approve(session, request, actor=Actor("staff", "R1", "reviewer"), at=at)
        corner.before_run and corner.before_run()
        proceed(session, request, lambda _, run, datasets: handed.append((run.id, datasets)), at)
    corner.once_approved and corner.once_approved()
    run_handed(corner, handed)
    return request.reference


def run_handed(corner: Corner, handed: list) -> None:
    """Carry out runs as a worker would, in this process."""
    from privacy_center import clock
    from privacy_center.errors import Refusal
    from privacy_center.execution.conclude import conclude_run
    from privacy_center.execution.step import carry_out, note_failure

    for run_id, datasets in handed:
        for dataset in datasets:
            try:
                carry_out(corner.center, run_id, dataset)
            except (sa.exc.SQLAlchemyError, Refusal) as trouble:
                note_failure(corner.center, run_id, dataset, trouble, clock.now())
        conclude_run(corner.center, run_id)


def release(corner: Corner, at=None) -> int:
    """Sweep and carry out what is due; returns the number of releases."""
    from privacy_center import clock
    from privacy_center.execution.due import release_due

    handed = []
    release_due(corner.center, lambda _, run, datasets: handed.append((run.id, datasets)), at or clock.now())
    run_handed(corner, handed)
    return len(handed)
