"""How the store stands now, read once for all who ask at the same time."""

import asyncio

from sqlalchemy import Engine

from data.errors import StoreError
from data.prepared import Prepared
from data.queries.standing import STANDING, Standing, standing_of


class Watch:
    """Tells how the store stands, never as it stood before the question.

    Who asks while a reading is under way waits for the next one, which begins after the question;
    so many requests at once cost one statement. A notification of PostgreSQL would not do: it may
    come after the writer was told that the write is done.
    """

    def __init__(self, engine: Engine) -> None:
        self._statement = Prepared(engine, STANDING)
        self._waiting: list[asyncio.Future[Standing | None]] = []
        self._reader: asyncio.Task[None] | None = None

    async def standing(self) -> Standing | None:
        """Return how the store stands; ``None`` while it holds no city.

        Raises
        ------
        StoreError
            When the database does not answer.
        """
        asked: asyncio.Future[Standing | None] = asyncio.get_running_loop().create_future()
        self._waiting.append(asked)
        if self._reader is None or self._reader.done():
            self._reader = asyncio.create_task(self._answer_all())
        return await asked

    def close(self) -> None:
        """Give the connection back."""
        self._statement.close()

    async def _answer_all(self) -> None:
        while self._waiting:
            asked, self._waiting = self._waiting, []
            found = await _outcome(self._statement)
            for future in asked:
                if not future.done():
                    _settle(future, found)


async def _outcome(statement: Prepared) -> Standing | StoreError | None:
    try:
        return standing_of(await statement.ask())
    except StoreError as error:
        return error


def _settle(future: asyncio.Future[Standing | None], found: Standing | StoreError | None) -> None:
    if isinstance(found, StoreError):
        future.set_exception(found)
    else:
        future.set_result(found)
