"""The home folder of the benchmark's company: its map, its rules, its sources."""

from pathlib import Path

from privacy_center.keys.keyring import Keyring

OWNED = {
    "address": ("customer_id", "customer.id"),
    "orders": ("customer_id", "customer.id"),
    "order_line": ("order_id", "orders.id"),
    "payment": ("order_id", "orders.id"),
    "invoice": ("customer_id", "customer.id"),
    "after_sales_case": ("order_id", "orders.id"),
    "case_message": ("case_id", "after_sales_case.id"),
    "browsing": ("customer_id", "customer.id"),
    "login_log": ("customer_id", "customer.id"),
    "consent": ("customer_id", "customer.id"),
}
PERSONAL = {
    "customer": {
        "email": "user.contact.email",
        "phone": "user.contact.phone_number",
        "name": "user.name",
        "birthday": "user.demographic.date_of_birth",
    },
    "address": {"receiver": "user.name", "street": "user.contact.address.street"},
    "orders": {"note": "user.content"},
    "order_line": {"item": "user.behavior.purchase_history", "engraving": "user.content"},
    "payment": {"payer": "user.name", "card_tail": "user.financial"},
    "invoice": {"title": "user.financial", "tax_number": "user.financial", "sent_to": "user.contact.email"},
    "after_sales_case": {"subject": "user.content"},
    "case_message": {"words": "user.content"},
    "browsing": {"at": "user.behavior.browsing_history", "page": "user.behavior.browsing_history"},
    "login_log": {"at": "user.device", "ip": "user.device.ip_address", "device": "user.device"},
    "consent": {"channel": "user.behavior", "given_at": "user.behavior"},
}
PLAIN = {
    "customer": ("created_at",),
    "orders": ("placed_at", "completed_at"),
    "order_line": ("price",),
    "payment": ("paid_at", "amount"),
    "invoice": ("issued_on",),
    "after_sales_case": ("opened_at", "closed_at"),
    "case_message": ("at",),
}
IDENTITIES = {"customer": {"email": "email", "phone": "phone_number"}}

POLICY = """
pack: bench
version: "1"
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
  needs: [id, customer_id, order_id, issued_on, title, tax_number]
  customer: {zh-CN: 发票要保存十年。, en: Invoices are kept for ten years.}
"""


def write_home(folder: Path, shop_url: str, own_url: str) -> Path:
    """A home folder for a center on the company at `shop_url`, with its own database at `own_url`; the last e-mail waits."""
    for part in ("datamap", "policy"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    (folder / "settings.toml").write_text(
        f'database_url = "{own_url}"\nsecure_cookies = false\ncooling_off_days = 0\nsweep_hour = 23\n'
    )
    (folder / "sources.yml").write_text(f"sources:\n  shop: {{url: '{shop_url}'}}\n")
    (folder / "datamap" / "shop.yml").write_text(_map())
    (folder / "policy" / "bench.yml").write_text(POLICY)
    if not (folder / "keys").exists():
        Keyring.create(folder / "keys")
    return folder


def _map() -> str:
    return "dataset:\n- fides_key: shop\n  collections:\n" + "".join(_collection(table) for table in PERSONAL)


def _collection(table: str) -> str:
    keys = ("order_id", "line_no") if table == "order_line" else ("id",)
    lines = [f"  - name: {table}\n    fields:\n"]
    lines += [_key(table, name) for name in dict.fromkeys((*keys, *OWNED.get(table, ())[:1]))]
    if table == "orders":
        lines.append(
            "    - {name: address_id, data_categories: [system.operations],"
            " fides_meta: {references: [{dataset: shop, field: address.id, direction: to}]}}\n"
        )
    if table == "invoice":
        lines.append(
            "    - {name: order_id, data_categories: [system.operations],"
            " fides_meta: {references: [{dataset: shop, field: orders.id, direction: from}]}}\n"
        )
    identities = IDENTITIES.get(table, {})
    for name, category in PERSONAL[table].items():
        meta = f", fides_meta: {{identity: {identities[name]}}}" if name in identities else ""
        lines.append(f"    - {{name: {name}, data_categories: [{category}]{meta}}}\n")
    lines += [f"    - {{name: {name}, data_categories: [system.operations]}}\n" for name in PLAIN.get(table, ())]
    return "".join(lines)


def _key(table: str, name: str) -> str:
    meta = []
    if name == "id" or table == "order_line":
        meta.append("primary_key: true")
    if table in OWNED and OWNED[table][0] == name:
        meta.append(f"references: [{{dataset: shop, field: {OWNED[table][1]}, direction: from}}]")
    return f"    - {{name: {name}, data_categories: [system.operations], fides_meta: {{{', '.join(meta)}}}}}\n"
