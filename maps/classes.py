"""Which class of a view each row of an answer belongs to, as the pages' script has it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from maps.layers import SubjectLayers, View
from maps.palettes import PaintClass, Rule

TOP_SHARE = 0.5
MANY = 10

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Classified:
    """The classes of a view, and the numbers of the rows in each, by the key of the class."""

    classes: tuple[PaintClass, ...]
    members: Mapping[str, list[int]]

    def class_of(self, row: int) -> PaintClass | None:
        """Return the class of the row with that number."""
        return next((each for each in self.classes if row in self.members[each.key]), None)

    @property
    def ordered(self) -> tuple[PaintClass, ...]:
        """The classes as a legend lists them: those without a figure last.

        Of more than `MANY` only those with rows are listed.
        """
        many = len(self.classes) > MANY
        listed = (each for each in self.classes if self.members[each.key] or not many)
        return tuple(sorted(listed, key=lambda each: each.hatched or bool(each.decision)))


def classify(view: View, rows: Sequence[Row], decisions: Collection[str]) -> Classified:
    """Sort the rows of an answer with these `decisions` into classes; the first that fits wins.

    Coarser breaks are taken while over half of the counted rows lie above the highest.
    """
    sorted_rows = _sort(view.classes, rows, decisions)
    for classes in view.coarser:
        if not _too_fine(sorted_rows):
            break
        sorted_rows = _sort(classes, rows, decisions)
    return sorted_rows


def first_view(declared: SubjectLayers, rows: Sequence[Row]) -> View:
    """Return the view a map opens with: the first in which something ranks.

    Where nothing does and no lamp was surveyed, the second says more than a status.
    """
    ranking = (view for view in declared.views if ranked(view, rows))
    unsurveyed = declared.rows == "segments" and all(row["n_lamps"] is None for row in rows)
    return next(ranking, declared.views[1 if unsurveyed and rows else 0])


def ranked(view: View, rows: Sequence[Row]) -> list[int]:
    """Return the numbers of the rows with a figure above 0, the worst first."""
    above = [number for number, row in enumerate(rows) if (row[view.rank_by] or 0) > 0]
    return sorted(above, key=lambda number: (-rows[number][view.rank_by], rows[number]["code"]))


def _sort(
    classes: tuple[PaintClass, ...], rows: Sequence[Row], decisions: Collection[str]
) -> Classified:
    members: dict[str, list[int]] = {each.key: [] for each in classes}
    for number, row in enumerate(rows):
        found = next((each for each in classes if _fits(each, row, decisions)), None)
        if found is not None:
            members[found.key].append(number)
    return Classified(classes, members)


def _fits(paint: PaintClass, row: Row, decisions: Collection[str]) -> bool:
    if paint.decision is not None:
        return paint.decision in decisions
    return all(_holds(rule, row[rule.field]) for rule in paint.rules)


def _holds(rule: Rule, value: Any) -> bool:
    if rule.missing or value is None:
        return rule.missing and value is None
    if rule.equals is not None:
        return bool(value == rule.equals)
    return (
        (rule.at_least is None or value >= rule.at_least)
        and (rule.above is None or value > rule.above)
        and (rule.below is None or value < rule.below)
    )


def _too_fine(rows: Classified) -> bool:
    sizes = [len(rows.members[e.key]) for e in rows.classes if e.key.startswith("step")]
    return sum(sizes) > 0 and sizes[-1] > TOP_SHARE * sum(sizes)
