"""How the store stands now, read once for all who ask at the same time."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from data.queries.standing import Standing, standing


class Watch:
    """Tells how the store stands, never as it stood before the question.

    Who asks while a reading is under way waits for the next one, which begins after the question;
    so many requests at once cost one statement. A notification of PostgreSQL would not do: it may
    come after the writer was told that the write is done.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None
        # One thread of its own: it waits for no request, and nobody shares its connection.
        self._thread = ThreadPoolExecutor(1, "guatu-watch")
        self._waiting: list[asyncio.Future[Standing | None]] = []
        self._reader: asyncio.Task[None] | None = None

    async def standing(self) -> Standing | None:
        """Return how the store stands; ``None`` while it holds no city.

        Raises
        ------
        DBAPIError
            When the database does not answer.
        """
        asked: asyncio.Future[Standing | None] = asyncio.get_running_loop().create_future()
        self._waiting.append(asked)
        if self._reader is None or self._reader.done():
            self._reader = asyncio.create_task(self._answer_all())
        return await asked

    def close(self) -> None:
        """Give the connection back."""
        self._thread.submit(self._disconnect).result()
        self._thread.shutdown()

    async def _answer_all(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            asked, self._waiting = self._waiting, []
            found = await asyncio.gather(
                loop.run_in_executor(self._thread, self._read), return_exceptions=True
            )
            for future in asked:
                if not future.done():
                    _settle(future, found[0])

    def _read(self) -> Standing | None:
        try:
            if self._connection is None:
                self._connection = self._engine.connect().execution_options(
                    isolation_level="AUTOCOMMIT"
                )
            return standing(self._connection)
        except DBAPIError:
            self._disconnect()
            raise

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _settle(
    future: "asyncio.Future[Standing | None]", found: Standing | BaseException | None
) -> None:
    if isinstance(found, BaseException):
        future.set_exception(found)
    else:
        future.set_result(found)
