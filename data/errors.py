"""What the store, the importers and the private cluster refuse."""

from geo.errors import GuatuError


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


class NotFoundError(GuatuError):
    """No row of that kind and code is visible to the reader."""


class ImportRejectedError(GuatuError):
    """A ledger was refused; nothing of it was written."""


class SampleMissingError(GuatuError):
    """The package or folder that a sample city needs is not there."""
