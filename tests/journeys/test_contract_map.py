"""A first map and its check through the terminal: what is proposed can be what it says, and check and plan agree."""

from pathlib import Path

import pytest

from tests.journeys.terminal import Terminal, run_in, write_company

MEMBERS = """
dataset:
- fides_key: shop
  collections:
  - name: member
    fields:
    - {name: id, data_categories: [user.unique_id], fides_meta: {primary_key: true}}
    - {name: %s, data_categories: [user.contact], fides_meta: {identity: %s}}
"""
INVOICES = """
dataset:
- fides_key: shop
  collections:
  - name: customer
    fields:
    - {name: id, data_categories: [user.unique_id], fides_meta: {primary_key: true}}
    - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
  - name: invoice
    fields:
    - {name: id, data_categories: [system.operations], fides_meta: {primary_key: true}}
    - {name: customer_id, data_categories: [user.unique_id], fides_meta: {references: [{dataset: shop, field: customer.id, direction: from}]}}
    - {name: issued, data_categories: [system.operations], fides_meta: {data_type: %s}}
"""
TEN_YEARS = """
pack: books
version: '1'
jurisdiction: CN
status: signed
by: counsel
on: 2026-01-01
rules:
- key: invoices
  title: Invoices
  authority: law
  citation: {law: Law, article: '1', checked: true}
  covers: {collection: shop.invoice}
  until: {period: P10Y, from: issued}
  treatment: restrict
  needs: [issued]
  customer: Kept for ten years.
"""


@pytest.fixture(params=["sqlite", "postgres", "mariadb"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty company database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'first.db'}"
    return request.getfixturevalue(f"{request.param}_url")


@pytest.fixture
def generate(url: str, tmp_path: Path):
    """The first map of a database in which these statements were run."""

    def generated(*statements: str) -> str:
        run_in(url, *statements)
        terminal = Terminal(tmp_path)
        assert terminal("datamap", "generate", url, "--key", "shop") == 0, terminal.err
        return terminal.out

    return generated


def field_of(text: str, table: str, column: str) -> str:
    """The lines that a map writes of one column."""
    collection = text.split(f"- name: {table}\n", 1)[1].split("\n      - name: ", 1)[0]
    return collection.split(f"          - name: {column}\n", 1)[1].split("\n          - name: ", 1)[0]


def test_flags_times_counters_and_hashes_are_never_proposed_as_identifiers(generate):
    text = generate(
        "create table users(id integer primary key, email varchar(100) unique, email_verified_at timestamp null, phone_verified boolean,"
        " email_hash varchar(64) unique, phone_count integer, id_mail integer unique, welcome_email_sent integer, phone varchar(20))",
        "insert into users values (1, 'a@example.com', '2026-01-01 10:00:00', true, 'a3f1', 4, 7, 1, '13800010001'),"
        " (2, 'b@example.com', '2026-01-01 10:00:00', false, 'b3f1', 5, 8, 0, '13800010002'),"
        " (3, 'c@example.com', '2026-01-01 10:00:00', true, 'c3f1', 6, 9, 1, '13800010003')",
    )
    identities = [line.strip() for line in text.splitlines() if line.strip().startswith("identity:")]
    assert identities == ["identity: email", "identity: phone_number  # check: is it the person's own? 是本人的吗"]
    assert "identity: email" in field_of(text, "users", "email")


def test_an_address_worked_out_from_another_or_still_to_be_confirmed_is_no_identifier(generate):
    text = generate(
        "create table users(id integer primary key, email varchar(99) unique, normalized_email varchar(99) unique, new_email varchar(99))",
        "insert into users values (1, 'l.i+x@example.com', 'li@example.com', null), (2, 'b@example.com', 'b@example.com', 'bo@example.com'),"
        " (3, 'c@example.com', 'c@example.com', null)",
    )
    assert text.count("identity: email") == 1


def test_references_that_no_foreign_key_declares_are_proposed_with_a_mark(generate):
    text = generate(
        "create table ums_member(id integer primary key, phone varchar(20) unique)",
        "create table orders(id integer primary key, member_id integer, inviter_member_id integer, status integer)",
        "create table order_item(id integer primary key, order_id integer, title varchar(50))",
        "insert into ums_member values (1, '13800010001'), (2, '13800010002'), (3, '13800010003')",
    )
    assert "field: ums_member.id  # check: by its name only" in field_of(text, "orders", "member_id")
    assert "direction: from" in field_of(text, "orders", "member_id")
    inviter = field_of(text, "orders", "inviter_member_id")
    assert "is inviter the owner, or somebody else?" in inviter and "direction: to" in inviter
    assert "field: orders.id  # check" in field_of(text, "order_item", "order_id")
    assert "references" not in field_of(text, "orders", "status")


def test_names_of_things_are_not_surely_names_of_people(generate):
    text = generate(
        "create table goods(id integer primary key, name varchar(20))",
        "create table member(id integer primary key, name varchar(20), phone varchar(20) unique)",
        "insert into goods values (1, '白菜'), (2, '黄瓜'), (3, '毛豆'), (4, '石榴')",
        "insert into member values (1, '王芳', '13800010001'), (2, '李伟', '13800010002'), (3, '张敏', '13800010003')",
    )
    assert "user.name]  # check: values look like personal names" in field_of(text, "goods", "name")
    assert "user.name]\n" in field_of(text, "member", "name")


def test_a_comment_that_only_mentions_a_phone_makes_no_phone_number(mariadb_url, tmp_path):
    run_in(
        mariadb_url,
        "create table nav(id int primary key, platform varchar(30) comment '所属平台（pc网站, h5手机网站, ios）',"
        " event_type int comment '事件类型（0网页, 2打电话）', account_id bigint comment '邮箱账号编号',"
        " tel varchar(20) comment '联系方式', sjh varchar(20) comment '用户手机号码')",
    )
    terminal = Terminal(tmp_path)
    assert terminal("datamap", "generate", mariadb_url, "--key", "shop") == 0
    numbers = [name for name in ("platform", "event_type", "account_id", "tel", "sjh")
               if "phone_number" in field_of(terminal.out, "nav", name) or "email" in field_of(terminal.out, "nav", name)]  # fmt: skip
    assert numbers == ["tel", "sjh"]


def test_a_view_that_was_never_filled_costs_itself_alone_and_is_called_a_copy(postgres_url, tmp_path):
    run_in(
        postgres_url,
        "create table customer(id integer primary key, email varchar(100) unique)",
        "create materialized view report as select * from customer with no data",
    )
    terminal = Terminal(tmp_path)
    assert terminal("datamap", "generate", postgres_url, "--key", "shop") == 0, terminal.err
    report = terminal.out.split("- name: report\n")[1]
    assert "nothing could be read of it" in report and "keeps a copy until it is refreshed" in report
    assert "identity: email" in terminal.out.split("- name: report\n")[0]


def test_check_accepts_what_generate_writes_of_a_column_with_a_dot(tmp_path):
    url = f"sqlite:///{tmp_path / 'first.db'}"
    run_in(
        url,
        'create table member(id integer primary key, phone varchar(20) unique, "a.b" text, "free text" text)',
        'create table survey(id integer primary key, "e.mail" text)',
    )
    terminal = Terminal(tmp_path / "home")
    assert terminal("datamap", "generate", url, "--key", "shop") == 0
    write_company(tmp_path / "home", terminal.out, "shop", (), url)
    assert "name: a.b" in terminal.out and "identity: email  # check: is it the person's own?" in terminal.out
    assert terminal("check") == 0, terminal.out


@pytest.mark.parametrize(
    ("column", "kind", "values"),
    [
        ("email_ok boolean", "email", "(1, true)"),
        ("seen timestamp", "phone", "(1, '2026-01-01 10:00:00')"),
        ("times_called integer", "phone", "(1, 1), (2, 2), (3, 3)"),
        ("digest varchar(64)", "email", "(1, 'a3f1'), (2, 'b3f1'), (3, 'c3f1')"),
        ("mail_id integer", "email", "(1, 1), (2, 2), (3, 3)"),
    ],
)
def test_check_and_plan_refuse_an_identifier_that_the_column_cannot_be(url, tmp_path, column, kind, values):
    name = column.split()[0]
    write_company(
        tmp_path / "home", MEMBERS % (name, kind), "shop",
        (f"create table member(id integer primary key, {column})", f"insert into member values {values}"), url,
    )  # fmt: skip
    terminal = Terminal(tmp_path / "home")
    (said,) = terminal.errors()
    assert said.startswith(f"shop.member.{name}: This column is")
    plan = terminal.json("plan", "--identity", "email=a@example.com", "--identity", "phone=13800010001")
    assert any(one["collection"] == "shop.member" and one["blocking"] for one in plan["problems"])


@pytest.mark.parametrize("data_type", ["string", "integer"])
def test_the_databases_type_decides_in_check_and_in_plan(url, tmp_path, data_type):
    statements = (
        "create table customer(id integer primary key, email varchar(99) unique)",
        "create table invoice(id integer primary key, customer_id integer references customer(id), issued date)",
        "insert into customer values (1, 'a@example.com')",
        "insert into invoice values (1, 1, '2026-01-01')",
    )
    write_company(tmp_path / "home", INVOICES % data_type, "shop", statements, url)
    (tmp_path / "home/policy/pack.yml").write_text(TEN_YEARS)
    terminal = Terminal(tmp_path / "home")
    assert terminal("check") == 0, terminal.out
    plan = terminal.json("plan", "--identity", "email=a@example.com")
    held = {one["collection"]: one["holds"][0]["until"] for one in plan["items"] if one["holds"]}
    assert plan["problems"] == [] and held == {"shop.invoice": "2036-01-01"}


def test_what_only_the_database_shows_to_be_wrong_with_a_rule_blocks_the_plan_too(url, tmp_path):
    statements = (
        "create table customer(id integer primary key, email varchar(99) unique)",
        "create table invoice(id integer primary key, customer_id integer references customer(id), issued integer)",
        "insert into customer values (1, 'a@example.com')",
    )
    write_company(tmp_path / "home", INVOICES % "string", "shop", statements, url)
    (tmp_path / "home/policy/pack.yml").write_text(TEN_YEARS)
    terminal = Terminal(tmp_path / "home")
    (said,) = terminal.errors()
    assert "issued is integer, not a date" in said
    problems = terminal.json("plan", "--identity", "email=a@example.com")["problems"]
    assert [one["collection"] for one in problems if one["blocking"]] == ["shop.invoice"]
