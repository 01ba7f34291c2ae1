"""How the store stands now, for every request that may be answered from memory."""

from sqlalchemy import Engine

from data.queries.standing import HOW_IT_STANDS, Standing, standing_of
from data.repeated_statement import RepeatedStatement

STANDING = "guatu.standing"
"""Where the scope of a request says how the store stood when it came."""


class Watch:
    """Tells how the store stands, never as it stood before the question.

    A notification of PostgreSQL would not do: it may come after the writer was told that the write
    is done.
    """

    def __init__(self, engine: Engine) -> None:
        self._statement = RepeatedStatement(engine, HOW_IT_STANDS)

    async def standing(self) -> Standing | None:
        """Return how the store stands; ``None`` while it holds no city.

        Raises
        ------
        StoreError
            When the database does not answer.
        """
        return standing_of(await self._statement.ask())

    def close(self) -> None:
        """Give the connection back."""
        self._statement.close()
