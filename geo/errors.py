"""The one family of errors, and geo's children of it."""


class GuatuError(Exception):
    """Everything Guatu refuses on purpose; the message names what is wrong and where."""


class MissingColumnError(GuatuError):
    """A frame lacks columns that a function needs."""


class WrongCrsError(GuatuError):
    """A geometry is in another coordinate reference system than the function needs."""


class WrongGeometryError(GuatuError):
    """A geometry is of the wrong type, empty where it may not be, or not finite."""


class WrongValueError(GuatuError):
    """A number or a word is outside the range a definition allows."""
