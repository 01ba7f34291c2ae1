"""What the store, the importers and the private cluster refuse."""

from typing import TYPE_CHECKING

from geo.errors import GuatuError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from data.importers.report import ImportReport
    from data.workflow.guards import Refusal


class StoreError(GuatuError):
    """The database cannot be reached or used as it is."""


class ClusterError(StoreError):
    """The private PostGIS cluster cannot be made, started or stopped."""


class SchemaRevisionError(StoreError):
    """The database was migrated by another version of the program."""


class NoCityError(StoreError):
    """The store holds no city yet."""


class OtherCityError(StoreError):
    """The store already holds another city."""


class UnreadableAnchorsError(GuatuError):
    """A file of anchors outside the database holds something else."""


class NotFoundError(GuatuError):
    """No row of that kind and code is visible to the reader."""


class WrongStateError(GuatuError):
    """Something is not in the state that what was asked of it needs."""


class OvertakenError(WrongStateError):
    """Somebody else changed the thing since it was looked at."""


class ActRefusedError(GuatuError):
    """A guard refused an action on a rectification; nothing of it was written.

    Attributes
    ----------
    refusals
        Every field that is wrong, with the reason.
    """

    def __init__(self, message: str, refusals: "Sequence[Refusal]") -> None:
        super().__init__(message)
        self.refusals = tuple(refusals)


class DependentRowsError(WrongStateError):
    """A batch cannot be undone: later rows build on what it brought."""


class StillWrittenError(WrongStateError):
    """A bulletin cannot be drafted yet: what it would count is still being written."""


class ImportRejectedError(GuatuError):
    """A ledger was refused; nothing of it was written.

    Attributes
    ----------
    report
        What was refused, row by row, where it got as far as rows.
    """

    def __init__(self, message: str, report: "ImportReport | None" = None) -> None:
        super().__init__(message)
        self.report = report


class ExportRefusedError(GuatuError):
    """A ledger cannot leave the store in the way that was asked for."""


class SampleMissingError(GuatuError):
    """The package or folder that a sample city needs is not there."""
