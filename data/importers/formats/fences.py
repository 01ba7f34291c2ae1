"""What keeps the process that reads a file from doing harm, should the file take it over."""

import ctypes
import resource
import signal

from data.importers.formats.limits import Limits

_NEW_USER = 0x10000000
_NEW_NETWORK = 0x40000000
_MOST_FILES = 64


def fence(limits: Limits) -> None:
    """Limit this process for good, before it looks at anything."""
    leave_network()
    # Python would rather have it ignored.
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_NOFILE, _MOST_FILES)
    _limit(resource.RLIMIT_FSIZE, limits.answer_bytes)
    _limit(resource.RLIMIT_AS, limits.memory_bytes)
    _limit(resource.RLIMIT_CPU, limits.cpu_s)


def leave_network() -> bool:
    """Go where there is no network, if this system lets us; the other fences stand without it."""
    unshare = getattr(ctypes.CDLL(None), "unshare", None)
    if unshare is None:
        return False
    return 0 in map(unshare, (_NEW_NETWORK, _NEW_USER | _NEW_NETWORK))


def _limit(which: int, most: int) -> None:
    _, hard = resource.getrlimit(which)
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    resource.setrlimit(which, (most, most))
