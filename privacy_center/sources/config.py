"""`sources.yml`: where the company's databases are, and whether we may change them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

import sqlalchemy as sa
import yaml

from privacy_center.config import fill_from_environment
from privacy_center.errors import Misconfigured

Access = Literal["read", "write"]
_KEYS = ("url", "schema", "access")
DRIVERS = {
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
    "mysql": "mysql+pymysql",
    "mariadb": "mysql+pymysql",
    "mariadb+pymysql": "mysql+pymysql",
}


@dataclass(frozen=True, slots=True)
class SourceConfig:
    """One company database: its SQLAlchemy URL, the schema in it (None: the connection's own), what we may do."""

    url: str
    schema: str | None = None
    access: Access = "write"

    def __repr__(self) -> str:
        return f"SourceConfig({sa.make_url(self.url)!r}, schema={self.schema!r}, access={self.access!r})"


def load_sources(path: Path) -> dict[str, SourceConfig]:
    """Dataset key → its database, from `sources.yml`; `${NAME}` comes from the environment.

    A relative SQLite path counts from the folder that holds the file. A missing file means no sources. Refuses with
    `Misconfigured` what it cannot read, an unknown key, a missing or unreadable `url`, an `access` other than read or write.
    """
    if not path.exists():
        return {}
    try:
        raw = yaml.safe_load(path.read_text("utf-8")) or {}
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise Misconfigured(f"{path.name} 读不懂：{error}", f"{path.name} cannot be read: {error}") from error
    filled = fill_from_environment(raw, path.name)
    _require_mapping(path.name, "", filled)
    _refuse_unknown(path.name, "", filled, ("sources",))
    datasets = filled.get("sources") or {}
    _require_mapping(path.name, "sources", datasets)
    return {str(dataset): _read_one(path, str(dataset), entry) for dataset, entry in datasets.items()}


def _read_one(path: Path, dataset: str, entry: Any) -> SourceConfig:
    place = f"sources.{dataset}"
    _require_mapping(path.name, place, entry)
    _refuse_unknown(path.name, f"{place}.", entry, _KEYS)
    access, schema = entry.get("access", "write"), entry.get("schema")
    if access not in ("read", "write"):
        raise _wrong(path.name, f"{place}.access", "只能写 read 或 write", "write read or write")
    if schema is not None and not isinstance(schema, str):
        raise _wrong(path.name, f"{place}.schema", "应为文字", "must be text")
    return SourceConfig(_read_url(path, f"{place}.url", entry.get("url")), schema or None, cast(Access, access))


def _read_url(path: Path, place: str, text: Any) -> str:
    if not text or not isinstance(text, str):
        raise _wrong(path.name, place, "缺少数据库地址", "the database's URL is missing")
    try:
        url = sa.make_url(text)
    except sa.exc.ArgumentError as error:
        raise _wrong(path.name, place, "不是数据库地址", "this is no database URL") from error
    url = url.set(drivername=DRIVERS.get(url.drivername, url.drivername))
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        url = url.set(database=str((path.parent / url.database).resolve()))
    return url.render_as_string(hide_password=False)


def _refuse_unknown(file: str, place: str, entry: dict[str, Any], known: tuple[str, ...]) -> None:
    for key in entry:
        if key not in known:
            names = ", ".join(known)
            raise _wrong(file, f"{place}{key}", f"没有这个设置，可用的有：{names}", f"no such key; there are: {names}")


def _require_mapping(file: str, place: str, entry: Any) -> None:
    if not isinstance(entry, dict):
        raise _wrong(file, place or "sources", "应为“名称: 值”的形式", "must be written as `name: value`")


def _wrong(file: str, place: str, zh: str, en: str) -> Misconfigured:
    return Misconfigured(f"{file} 的 {place}：{zh}。", f"{file}, {place}: {en}.")
