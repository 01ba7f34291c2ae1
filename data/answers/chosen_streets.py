"""Which streets count: those of one status, one stage of the work on them, one owner, or all."""

from dataclasses import asdict, dataclass

from pandas import DataFrame

STATUSES = ("lit", "scattered", "dark", "no_lamp", "not_surveyed")


@dataclass(frozen=True)
class ChosenStreets:
    """What must be so of a street that counts, on the day; ``None``: anything.

    Attributes
    ----------
    status
        One of `STATUSES`.
    work
        How far the work on it is, one of `data.answers.street_works.STAGES`.
    owner
        Name of the party that leads the work.
    """

    status: str | None = None
    work: str | None = None
    owner: str | None = None

    @property
    def asked(self) -> dict[str, str]:
        """What is asked for, by the column of an answer's rows."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    def among(self, rows: DataFrame) -> DataFrame:
        """Return those of `rows` that were chosen."""
        for column, value in self.asked.items():
            rows = rows[rows[column] == value]
        return rows


ALL_STREETS = ChosenStreets()
