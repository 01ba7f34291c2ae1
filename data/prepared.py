"""A statement that is asked again and again from an event loop."""

import asyncio
from collections.abc import Sequence
from typing import cast

import psycopg
from psycopg import pq
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from data.errors import StoreError

Row = tuple[bytes | None, ...]


class Prepared:
    """One statement without parameters, on a connection of its own; asked by one at a time.

    It speaks to libpq itself: a cursor, or a thread to wait in, takes five times as long.
    """

    def __init__(self, engine: Engine, statement: str) -> None:
        self._engine = engine
        self._statement = statement.encode()
        self._connection: psycopg.Connection | None = None

    async def ask(self) -> list[Row]:
        """Return the rows, each value as text.

        Raises
        ------
        StoreError
            When the database does not answer; the next call connects anew.
        """
        try:
            if self._connection is None:
                self._connection = await asyncio.to_thread(self._connect)
            connection = self._connection.pgconn
            connection.send_query_prepared(b"", None)
            return _rows_of(await _results(connection))
        except (SQLAlchemyError, psycopg.Error, OSError) as error:
            self.close()
            raise StoreError("the database does not answer") from error
        except asyncio.CancelledError:
            self.close()  # what it was asked is still to come
            raise

    def close(self) -> None:
        """Give the connection back."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _connect(self) -> psycopg.Connection:
        pooled = self._engine.raw_connection()
        connection = cast("psycopg.Connection", pooled.driver_connection)
        pooled.detach()
        connection.autocommit = True
        connection.pgconn.prepare(b"", self._statement)
        return connection


async def _results(connection: pq.abc.PGconn) -> list[pq.abc.PGresult]:
    """Return what the server answers to what was sent, as soon as all of it is there."""
    loop = asyncio.get_running_loop()
    whole: asyncio.Future[list[pq.abc.PGresult]] = loop.create_future()
    results: list[pq.abc.PGresult] = []

    def read() -> None:
        try:
            connection.consume_input()
            while not connection.is_busy():
                result = connection.get_result()
                if result is None:
                    whole.set_result(results)
                    return
                results.append(result)
        except psycopg.Error as error:
            whole.set_exception(error)

    loop.add_reader(connection.socket, read)
    try:
        return await whole
    finally:
        loop.remove_reader(connection.socket)


def _rows_of(results: Sequence[pq.abc.PGresult]) -> list[Row]:
    (result,) = results
    if result.status != pq.ExecStatus.TUPLES_OK:
        raise psycopg.OperationalError(result.error_message.decode(errors="replace"))
    return [
        tuple(result.get_value(row, column) for column in range(result.nfields))
        for row in range(result.ntuples)
    ]
