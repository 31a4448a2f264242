"""What went wrong with a company's database, in words for people; never the values that were sent."""

from typing import Any

import sqlalchemy as sa

from privacy_center.errors import Refusal, Words

Trouble = (sa.exc.SQLAlchemyError, OSError, ValueError, ArithmeticError)
"""What reading from a company's database may raise: the driver's errors, and values its column type cannot read."""


class Unavailable(Refusal):
    """A source, or a collection in it, that cannot be worked with now."""

    def __init__(self, words: Words) -> None:
        super().__init__(words.zh, words.en)


NOT_CONFIGURED = Words(
    "sources.yml 里没有数据集 {dataset} 的数据库。请补上后再试。",
    "sources.yml names no database for the dataset {dataset}. Add it and try again.",
)
NO_FILE = Words(
    "数据集 {dataset} 的数据库文件不存在。请检查 sources.yml 里的路径。",
    "The database file of the dataset {dataset} is not there. Check the path in sources.yml.",
)
NO_TABLE = Words(
    "数据库里没有表 {table}，或没有查看它的权限。请更正数据地图或授予权限。",
    "The database has no table {table}, or does not let us see it. Correct the data map or grant the privilege.",
)
NO_COLUMN = Words(
    "表 {table} 缺少列 {column}。请更正数据地图。", "The table {table} lacks the column {column}. Correct the data map."
)
NOT_COMPARABLE = Words(
    "表 {table} 的列 {column} 类型不能用来比较，无法据此查找。请更正数据地图。",
    "The column {column} of the table {table} has a type that cannot be compared, so nothing can be searched by it."
    " Correct the data map.",
)
HIDES_ROWS = Words(
    "表 {table} 启用了行级安全策略，我们的账号看不全它的行。请给账号 BYPASSRLS，或一条对它放行全部行的策略（USING (true)）。",
    "Row-level security keeps rows of the table {table} from our account. Give the account BYPASSRLS, or a policy that"
    " lets it see every row (USING (true)).",
)
NO_KEY = Words(
    "表 {table} 没有主键，说明一行属于谁的列 {column} 又不能比较，分不清哪一行是谁的。请给表建主键，或在数据地图里标明主键。",
    "The table {table} has no key, and the column {column} that says whose a row is cannot be compared, so rows cannot be"
    " told apart. Give the table a primary key, or mark one in the data map.",
)
SKIPPED_BY_MAP = Words(
    "数据地图要求跳过这个集合（skip_processing）。", "The data map says to leave this collection out (skip_processing)."
)
_TIMEOUT = Words(
    "数据库没有在规定时间内答复。请稍后再试，或为查询的列建立索引。",
    "The database did not answer in time. Try again later, or index the columns that are searched.",
)
_DOWN = Words(
    "连不上数据库。请检查它是否在运行、地址和密码是否正确。",
    "The database cannot be reached. Check that it runs and that its address and password are right.",
)
_FORBIDDEN = Words(
    "数据库账号没有所需的权限。请授予后再试。", "The database account lacks the privilege. Grant it and try again."
)
CHANGED = Words(
    "数据库里缺少数据地图所写的表或列。请更正数据地图。",
    "The database lacks a table or column that the data map names. Correct the data map.",
)
_OTHER = Words(
    "数据库拒绝了查询（{what}）。请查看数据库日志。",
    "The database refused the query ({what}). Look at the database's log.",
)

_POSTGRES = {
    "57014": _TIMEOUT,
    "55P03": _TIMEOUT,
    "42501": _FORBIDDEN,
    "28P01": _DOWN,
    "28000": _DOWN,
    "3D000": _DOWN,
    "42P01": CHANGED,
    "42703": CHANGED,
    "3F000": CHANGED,
}
_MYSQL = {
    1969: _TIMEOUT,
    3024: _TIMEOUT,
    1205: _TIMEOUT,
    1044: _FORBIDDEN,
    1142: _FORBIDDEN,
    1143: _FORBIDDEN,
    1227: _FORBIDDEN,
    1045: _DOWN,
    1049: _DOWN,
    2003: _DOWN,
    2006: _DOWN,
    2013: _DOWN,
    1146: CHANGED,
    1054: CHANGED,
    1356: CHANGED,
}
_SQLITE = (
    ("interrupted", _TIMEOUT),
    ("locked", _TIMEOUT),
    ("busy", _TIMEOUT),
    ("unable to open", _DOWN),
    ("not a database", _DOWN),
    ("no such", CHANGED),
    ("readonly", _FORBIDDEN),
)


def explain(error: BaseException) -> Words:
    """What a failure means and what to do about it. Says no value that was sent or stored."""
    if isinstance(error, Refusal):
        return error.words
    cause = getattr(error, "orig", None) or error
    said = _by_code(cause) or _by_text(cause)
    if said:
        return said
    if is_lost(error):
        return _DOWN
    return _OTHER.filled(what=type(cause).__name__)


def is_lost(error: BaseException) -> bool:
    """Whether the connection itself is gone, so that asking the same database again is useless."""
    if isinstance(error, OSError | sa.exc.TimeoutError):
        return True
    if not isinstance(error, sa.exc.DBAPIError):
        return False
    return error.connection_invalidated or (_by_code(error.orig) or _by_text(error.orig)) is _DOWN


def _by_code(cause: Any) -> Words | None:
    first = cause.args[0] if getattr(cause, "args", None) else None
    if isinstance(first, int):
        return _MYSQL.get(first)
    state = getattr(cause, "sqlstate", None) or ""
    return _POSTGRES.get(state) or (_DOWN if state.startswith(("08", "53", "57P")) else None)


def _by_text(cause: Any) -> Words | None:
    module, text = type(cause).__module__, str(cause).lower()
    if module.startswith("sqlite3"):
        return next((words for sign, words in _SQLITE if sign in text), None)
    names = [one.__name__ for one in type(cause).__mro__]
    told = getattr(cause, "sqlstate", None)  # a server that gives a reason is there
    return _DOWN if module.startswith("psycopg") and "OperationalError" in names and not told else None
