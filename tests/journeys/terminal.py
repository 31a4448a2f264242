"""The console script, driven in this process."""

import json
from collections.abc import Iterable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import sqlalchemy as sa

from privacy_center import cli
from privacy_center.keys.keyring import Keyring
from tests.own_tables import DATABASE, copy_own_tables


@dataclass
class Terminal:
    """The console script on one home, and what it said last."""

    home: Path
    out: str = ""
    err: str = ""

    def __call__(self, *words: str) -> int:
        out, err = StringIO(), StringIO()  # not capsys: a logger that is set up on the way keeps its stream
        with redirect_stdout(out), redirect_stderr(err):
            try:
                code = cli.main(["--home", str(self.home), *words])
            except SystemExit as left:
                code = left.code
        self.out, self.err = out.getvalue(), err.getvalue()
        return code

    def json(self, *words: str) -> dict:
        assert self(*words, "--json") == 0, self.err
        return json.loads(self.out)

    def errors(self) -> list[str]:
        assert self("check", "--json") == 1
        return [
            f"{one['place']}: {one['words']}" for one in json.loads(self.out)["findings"] if one["level"] == "error"
        ]


def write_company(
    home: Path, data_map: str, dataset: str, statements: Iterable[str], url: str = "", more: str = "", new: bool = False
) -> None:
    """A home as a person writes it by hand, and the company's database with these statements run in it.

    `more`: further keys of the source, such as `, schema: crm`. `new`: without keys and tables of our own, as on the first day.
    """
    (home / "datamap").mkdir(parents=True)
    (home / "policy").mkdir()
    (home / "settings.toml").write_text("")
    if not new:
        Keyring.create(home / "keys")
        copy_own_tables(home / DATABASE)
    url = url or f"sqlite:///{home / 'company.db'}"
    (home / "sources.yml").write_text(f"sources: {{{dataset}: {{url: '{url}'{more}}}}}")
    (home / "datamap" / "map.yml").write_text(data_map)
    run_in(url, *statements)


def run_in(url: str, *statements: str) -> list[tuple]:
    """Run statements in a company's database; the rows of the last one, if it gives any."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    rows: list[tuple] = []
    with engine.begin() as connection:
        for statement in statements:
            result = connection.exec_driver_sql(statement)
            rows = [tuple(row) for row in result] if result.returns_rows else []
    return rows
