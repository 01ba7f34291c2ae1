"""The private PostGIS cluster."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Cluster:
    """One PostgreSQL server of our own."""

    home: Path
    user: str | None = None

    def start(self) -> None:
        """Not there yet: set GUATU_TEST_SERVER."""
        raise NotImplementedError

    def stop(self) -> None:
        """Nothing to stop."""

    def url(self, city: str) -> str:
        """Not there yet: set GUATU_TEST_SERVER."""
        raise NotImplementedError
