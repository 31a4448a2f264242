"""Reading from the company's databases for one search: one read-only transaction per database, statements counted."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

import sqlalchemy as sa

from privacy_center.errors import Words
from privacy_center.sources.open import Sources
from privacy_center.sources.trouble import Trouble, Unavailable, explain, is_lost

ROWS_AT_ONCE = 1000


class Reading:
    """Connections opened on first use, one per database; `queries` counts statements, `lost` says which datasets are gone."""

    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        self.queries = 0
        self.lost: dict[str, Words] = {}
        self._open: dict[sa.Engine, sa.Connection] = {}

    def rows(self, dataset: str, statement: sa.Select[Any], values: Mapping[str, Any]) -> Iterator[sa.Row[Any]]:
        """The rows of one statement, as they come; refuses with `Unavailable` what the database does not answer.

        After a refusal the rest of the dataset can still be read, unless the connection itself is gone.
        """
        if dataset in self.lost:
            raise Unavailable(self.lost[dataset])
        engine = self.sources.engine(dataset)
        self.queries += 1
        try:
            connection = self._open.get(engine) or self._connect(engine)
            with connection.execute(statement, values) as result:
                yield from result.yield_per(ROWS_AT_ONCE)
        except Trouble as error:
            words = explain(error)
            self._start_over(engine)
            if is_lost(error):
                self.lost[dataset] = words
            raise Unavailable(words) from error

    def close(self) -> None:
        """End every transaction and give the connections back."""
        for engine in list(self._open):
            self._start_over(engine)

    def _connect(self, engine: sa.Engine) -> sa.Connection:
        connection = engine.connect()
        if engine.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        elif engine.dialect.name == "mysql":
            connection = connection.execution_options(stream_results=True)
            connection.exec_driver_sql("SET TRANSACTION READ ONLY")
        self._open[engine] = connection
        return connection

    def _start_over(self, engine: sa.Engine) -> None:
        connection = self._open.pop(engine, None)
        if connection is not None:
            with suppress(*Trouble):
                connection.close()
