"""The day looked at and the days counted before it, as two moments."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from geo.errors import WrongValueError


@dataclass(frozen=True)
class Period:
    """What was true at the end of `as_of`, and what happened in the `window_days` before.

    A date means the end of that local day, 24:00 excluded; a moment (tz-aware) means itself. The
    window holds the local days in (as_of − window_days, as_of], so one day is as_of's own day.

    Attributes
    ----------
    as_of
        A date, or a tz-aware datetime.
    window_days
        Number of local days, at least 1.
    timezone
        IANA name, such as ``Asia/Shanghai``; days begin and end by its clock.

    Raises
    ------
    WrongValueError
        When the window is shorter than a day, the moment has no time zone, or the zone is unknown.
    """

    as_of: date
    window_days: int
    timezone: str

    def __post_init__(self) -> None:
        if self.window_days < 1:
            raise WrongValueError(f"window: {self.window_days} days; it must be at least 1")
        if isinstance(self.as_of, datetime) and self.as_of.tzinfo is None:
            raise WrongValueError(f"as_of: {self.as_of} has no time zone")
        try:
            ZoneInfo(self.timezone)
        except (KeyError, ValueError) as error:
            raise WrongValueError(f"timezone: {self.timezone!r} is not an IANA name") from error

    @cached_property
    def zone(self) -> ZoneInfo:
        """The city's time zone."""
        return ZoneInfo(self.timezone)

    @property
    def day(self) -> date:
        """The local day looked at."""
        if isinstance(self.as_of, datetime):
            return self.as_of.astimezone(self.zone).date()
        return self.as_of

    @property
    def end(self) -> datetime:
        """The first moment that no longer counts (tz-aware)."""
        if isinstance(self.as_of, datetime):
            return self.as_of
        return self._midnight(self.as_of + timedelta(days=1))

    @property
    def start(self) -> datetime:
        """The first moment inside the window (tz-aware)."""
        return self._midnight(self.day - timedelta(days=self.window_days - 1))

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time.min, tzinfo=self.zone)
