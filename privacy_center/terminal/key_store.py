"""Whether the keys of data subjects lie apart from what they seal, and whether destroyed ones can be swept away."""

from collections.abc import Iterator

import sqlalchemy as sa

from privacy_center.config import Settings
from privacy_center.datamap.finding import Finding
from privacy_center.errors import Words
from privacy_center.keys.store import KeyStore

TOGETHER = Words(
    "[keys] store 指向本系统自己的数据库：备份里密钥和内容在一起，销毁密钥就不起作用。请换一个数据库。",
    "[keys] store is our own database: its backups hold keys and content together, so destroying a key would not reach them. "
    "Name another database.",
)

NOT_SWEPT = Words(
    "密钥库的账号不能清理（VACUUM）表 subject_key：销毁的密钥会留在旧的行版本里，直到数据库自动清理。"
    "请让这个账号拥有这张表，或请数据库管理员执行 VACUUM subject_key。",
    "The role of the key store may not VACUUM subject_key: a destroyed key stays in old row versions until PostgreSQL "
    "vacuums by itself. Let the role own the table, or have a database administrator run VACUUM subject_key.",
)
CLOSED = Words(
    "打不开密钥库。请检查 settings.toml 里的 [keys] store，以及它是否在运行。",
    "The key store cannot be opened. Check [keys] store in settings.toml, and that the database runs.",
)


def check_store(settings: Settings) -> Iterator[Finding]:
    """A warning where the key store is our own database, on the same server under the same name or in the same file.

    A database as store is also opened and swept: an error where that does not go, a warning where its role may not.
    """
    if not settings.keys.store:
        return
    if _place(settings.keys.store) == _place(settings.own_database_url):
        yield Finding("warning", "settings.toml", "", "", "", TOGETHER)
    store = KeyStore(settings.home / "keys", settings.keys.store)
    try:
        if not store.sweep():
            yield Finding("warning", "settings.toml", "", "", "", NOT_SWEPT)
    except (sa.exc.SQLAlchemyError, ImportError):
        yield Finding("error", "settings.toml", "", "", "", CLOSED)
    finally:
        store.close()


def _place(url: str) -> tuple[str | None, int | None, str | None]:
    read = sa.make_url(url)
    return read.host, read.port, read.database
