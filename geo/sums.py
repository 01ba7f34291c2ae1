"""Sums by group that follow their members one by one."""

from typing import TypeVar

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from geo.frames import Columns, require

Whole = NDArray[np.int64]
Number = TypeVar("Number", bound=np.generic)


class GroupSums:
    """What members add to their groups, and the sums, all in whole numbers.

    A member that changes is taken off its old group and added to its new one: as exact as adding
    up all members again, in a time that does not grow with their number.

    Parameters
    ----------
    parts
        One row a member: its number `member`, the number of its group `by`, and other columns of
        whole numbers.
    member, by
        Names of the columns of members and of groups.
    """

    def __init__(self, parts: Columns, member: str, by: str) -> None:
        self._member, self._by = member, by
        self._names = [str(name) for name in parts if name not in {member, by}]
        self._members = self._groups = _labels(())
        self._group_of = np.empty(0, dtype=np.intp)
        # The last row counts the members themselves.
        self._parts = np.empty((len(self._names) + 1, 0), dtype=np.int64)
        self._sums = self._parts.copy()
        self._used = np.empty(0, dtype=bool)
        self._order, self._labels = self._group_of, self._groups.rename(by)
        self._put(parts)

    def replace(self, members: ArrayLike, parts: Columns) -> None:
        """Let `members` add what `parts` says, those that are not in it nothing any more.

        Parameters
        ----------
        members
            The numbers of all members that changed, with those that are new or gone.
        parts
            The same columns as before, of `members` alone.
        """
        require(parts, self._member, self._by, *self._names)
        self._take(_labels(members))
        self._put(parts)

    def sums(self) -> tuple[pd.Index, dict[str, Whole]]:
        """Return the groups that have a member, in ascending order, and the sums of each column."""
        self._sort()
        totals = zip(self._names, self._sums, strict=False)
        return self._labels, {name: total.take(self._order) for name, total in totals}

    def _sort(self) -> None:
        """Find the ascending order of the groups in use, unless they are those of the last time."""
        is_used = self._sums[-1] > 0
        if not np.array_equal(is_used, self._used):
            self._used = is_used
            self._order = np.flatnonzero(is_used)[self._groups[is_used].argsort()]
            self._labels = self._groups[self._order].rename(self._by)

    def _take(self, members: pd.Index) -> None:
        at = self._members.get_indexer(members)
        at = at[at >= 0]
        _add(self._sums, self._group_of[at], -self._parts[:, at])
        self._parts[:, at] = 0

    def _put(self, parts: Columns) -> None:
        self._members, at = _with_new(self._members, _labels(parts[self._member]))
        self._groups, group = _with_new(self._groups, _labels(parts[self._by]))
        added = np.ones((len(self._parts), len(at)), dtype=np.int64)
        for row, name in zip(added, self._names, strict=False):
            row[:] = parts[name]
        self._group_of = _widened(self._group_of, len(self._members))
        self._parts = _widened(self._parts, len(self._members))
        self._sums = _widened(self._sums, len(self._groups))
        self._group_of[at], self._parts[:, at] = group, added
        _add(self._sums, group, added)


def _labels(numbers: ArrayLike) -> pd.Index:
    """Return an index of one type: to look up another type in it is to make it anew."""
    return pd.Index(np.asarray(numbers, dtype=np.int64))


def _with_new(known: pd.Index, labels: pd.Index) -> tuple[pd.Index, NDArray[np.intp]]:
    """Return the known labels and behind them the new ones, and where each of `labels` is."""
    at = known.get_indexer(labels)
    if (at < 0).any():
        known = known.append(labels[at < 0].unique())
        at = known.get_indexer(labels)
    return known, at


def _widened(array: NDArray[Number], width: int) -> NDArray[Number]:
    """Return the array with zeros up to a width of its last axis; itself where it has that."""
    n_new = width - array.shape[-1]
    return (
        np.concatenate([array, np.zeros((*array.shape[:-1], n_new), array.dtype)], axis=-1)
        if n_new
        else array
    )


def _add(sums: Whole, group: NDArray[np.intp], parts: Whole) -> None:
    for total, part in zip(sums, parts, strict=True):
        np.add.at(total, group, part)
