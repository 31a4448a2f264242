"""Whether the keys of data subjects lie apart from what they seal."""

from collections.abc import Iterator

import sqlalchemy as sa

from privacy_center.config import Settings
from privacy_center.datamap.finding import Finding
from privacy_center.errors import Words

TOGETHER = Words(
    "[keys] store 指向本系统自己的数据库：备份里密钥和内容在一起，销毁密钥就不起作用。请换一个数据库。",
    "[keys] store is our own database: its backups hold keys and content together, so destroying a key would not reach them. "
    "Name another database.",
)


def check_store(settings: Settings) -> Iterator[Finding]:
    """A warning where the key store is our own database, on the same server under the same name or in the same file."""
    if settings.keys.store and _place(settings.keys.store) == _place(settings.own_database_url):
        yield Finding("warning", "settings.toml", "", "", "", TOGETHER)


def _place(url: str) -> tuple[str | None, int | None, str | None]:
    read = sa.make_url(url)
    return read.host, read.port, read.database
