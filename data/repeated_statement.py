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
Asked = asyncio.Future[list[Row]]


class RepeatedStatement:
    """One statement without parameters, on a connection of its own.

    No answer is older than its question: who asks while another is being answered waits for the
    next one, with all who do; so many questions at once cost one statement. It speaks to libpq
    itself, because a cursor, or a thread to wait in, takes five times as long.
    """

    def __init__(self, engine: Engine, statement: str) -> None:
        self._engine = engine
        self._statement = statement.encode()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._connection: psycopg.Connection | None = None
        self._socket = -1
        self._is_idle = True
        self._waiting: list[Asked] = []
        self._asked: list[Asked] = []
        self._results: list[pq.abc.PGresult] = []

    async def ask(self) -> list[Row]:
        """Return the rows, each value as text.

        Raises
        ------
        StoreError
            When the database does not answer; the next call connects anew.
        """
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            self.close()
            self._loop = loop
        asked: Asked = loop.create_future()
        self._waiting.append(asked)
        if self._is_idle:
            self._is_idle = False
            await self._begin(loop)
        return await asked

    def close(self) -> None:
        """Give the connection back; who still waits is told so."""
        self._fail(psycopg.OperationalError("the connection is closed"))

    async def _begin(self, loop: asyncio.AbstractEventLoop) -> None:
        try:
            if self._connection is None:
                self._connection = await asyncio.to_thread(self._connect)
                self._socket = self._connection.pgconn.socket
                loop.add_reader(self._socket, self._read, self._connection.pgconn)
            self._send(self._connection.pgconn)
        except (SQLAlchemyError, psycopg.Error, OSError) as error:
            self._fail(error)
        except asyncio.CancelledError as error:
            self._fail(error)
            raise

    def _connect(self) -> psycopg.Connection:
        pooled = self._engine.raw_connection()
        connection = cast("psycopg.Connection", pooled.driver_connection)
        pooled.detach()
        connection.autocommit = True
        connection.pgconn.prepare(b"", self._statement)
        return connection

    def _send(self, server: pq.abc.PGconn) -> None:
        """Ask for all who wait."""
        self._asked, self._waiting = self._waiting, []
        server.send_query_prepared(b"", None)

    def _read(self, server: pq.abc.PGconn) -> None:
        """Take what the server says; when that is all, hand it on and ask for who waits by now."""
        try:
            server.consume_input()
            while not server.is_busy():
                result = server.get_result()
                if result is not None:
                    self._results.append(result)
                    continue
                if self._results:
                    self._hand_on(_rows_of(self._results))
                    self._is_idle = not self._waiting
                if self._waiting:
                    self._send(server)
                return
            if server.status == pq.ConnStatus.BAD:  # nothing will ever come
                self._fail(psycopg.OperationalError("the connection is cut"))
        except psycopg.Error as error:
            self._fail(error)

    def _hand_on(self, rows: list[Row]) -> None:
        asked, self._asked, self._results = self._asked, [], []
        for future in asked:
            if not future.done():
                future.set_result(rows)

    def _fail(self, error: BaseException) -> None:
        told, self._asked, self._waiting = [*self._asked, *self._waiting], [], []
        self._results, self._is_idle = [], True
        connection, self._connection = self._connection, None
        if connection is not None:
            self._forget_socket()
            connection.close()
        for future in told:
            if not future.done():
                future.set_exception(StoreError(f"the database does not answer: {error}"))

    def _forget_socket(self) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.remove_reader(self._socket)


def _rows_of(results: Sequence[pq.abc.PGresult]) -> list[Row]:
    (result,) = results
    if result.status != pq.ExecStatus.TUPLES_OK:
        raise psycopg.OperationalError(result.error_message.decode(errors="replace"))
    return [
        tuple(result.get_value(row, column) for column in range(result.nfields))
        for row in range(result.ntuples)
    ]
