"""Which field each heading of a file means."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from data.errors import ImportRejectedError
from data.importers.columns import FIELDS, SERIAL_NUMBERS
from data.importers.field import POSITION, Field
from data.importers.keys import derivable, needed
from data.importers.report import Remark
from data.importers.titles import is_note, short_titles

__all__ = [
    "FIELDS",
    "POSITION",
    "Field",
    "contested",
    "decided",
    "folded",
    "guess",
    "is_remembered",
    "set_aside",
    "understood",
    "unit_of",
]

Choice = Mapping[str, str | None]
"""From headings to fields (or from fields to headings); None: deliberately to nothing."""

EITHER = {"inspections": ("unit_code", "unit_name")}
"""Fields of which a kind needs one or the other."""

_BRACKETS = re.compile(r"[(\[{【〔<《][^()\[\]{}【】〔〕<>《》]*[)\]}】〕>》]")
_UNIT = re.compile(
    r"[(\[【](?:单位[:：]?)?([^()\[\]【】]{1,4})[)\]】]|/(万元|千元|元|处|项|个|盏|条)$"
)
_MEANS_NOTHING = re.compile(r"[\s_\-*※★:：、,，.。\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
_CONNECTING = re.compile(r"(?<=[^\0-\x7f])[的及和与](?=[^\0-\x7f])")
_MUST = re.compile(r"^(?:必填|必填项|选填)|(?:必填|必填项|选填)$")
_SAYS_NO_MORE = ("姓名", "名称", "内容", "具体内容", "情况")
_MAPPED, _SAVED, _OWN_NAME, _ALIAS = range(4)


@dataclass(frozen=True, order=True)
class _Claim:
    """A heading that may mean a field; the smallest claim has it.

    Attributes
    ----------
    rank
        Who says so, the place of the alias among those of the field, and how much of the heading
        was passed over to find it.
    """

    rank: tuple[int, int, int]
    heading: str


def folded(heading: str, *, bare: bool = True) -> str:
    """Return a heading without the differences that mean nothing.

    Width, case, blanks, line breaks, marks of required columns, the words 的, 及, 和 and 与 and, if
    `bare`, notes in brackets: '* 存在的隐患（处）' is '存在隐患'.
    """
    text = unicodedata.normalize("NFKC", heading).casefold()
    if bare:
        text = _BRACKETS.sub("", text) or text
    return _CONNECTING.sub("", _MUST.sub("", _MEANS_NOTHING.sub("", text)))


def unit_of(heading: str) -> str | None:
    """Return the unit that a heading states: '元' of 整改资金（元）."""
    found = _UNIT.search(_MEANS_NOTHING.sub("", unicodedata.normalize("NFKC", heading)))
    return None if found is None else found[1] or found[2]


def guess(
    kind: str, headings: Sequence[str], saved: Choice | None = None, mapping: Choice | None = None
) -> dict[str, str | None]:
    """Return the field each heading means, None where it means none; never raises.

    Parameters
    ----------
    saved
        What was said of headings of this kind and source before: heading → field.
    mapping
        What is said now: field → heading; comes before `saved`, which comes before the aliases.
    """
    winners = {
        heading: name
        for name, claims in _claims(kind, headings, saved or {}, mapping or {}).items()
        if (heading := _winner(claims)) is not None
    }
    return {heading: winners.get(heading) for heading in headings}


def understood(
    kind: str, headings: Sequence[str], mapping: Choice, saved: Choice | None = None
) -> dict[str, Field]:
    """Return which field each heading means; headings that mean none are left out.

    Raises
    ------
    ImportRejectedError
        When `mapping` names what is not there, or when no heading (or several with equal right)
        means a field that is required.
    """
    by_name = {field.name: field for field in FIELDS[kind]}
    _refuse_any(set(mapping) - set(by_name), f"no field of {kind}")
    named = {heading for heading in mapping.values() if heading is not None}
    _refuse_any(named - set(headings), "no heading of the file")
    _refuse_any({one for one in named if _count(mapping, one) > 1}, "mapped to several fields")
    found = guess(kind, headings, saved, mapping)
    missing = _missing(kind, {name for name in found.values() if name is not None})
    claims = _claims(kind, headings, saved or {}, mapping)
    _refuse_any({name for name in missing if claims.get(name)}, "meant by several headings")
    _refuse_any(missing - {"code"}, f"missing among the headings ({', '.join(headings)})")
    if missing:
        others = " or ".join(" + ".join(sorted(key)) for key in needed(kind))
        told = f"; a ledger without codes needs {others}" if others else ""
        _refuse_any(missing, f"missing among the headings ({', '.join(headings)}){told}")
    return {heading: by_name[name] for heading, name in found.items() if name is not None}


def contested(
    kind: str, headings: Sequence[str], mapping: Choice, saved: Choice | None = None
) -> list[Remark]:
    """Return which headings mean a field that another heading has, or that none could have."""
    remarks = []
    for name, claims in _claims(kind, headings, saved or {}, mapping).items():
        if len(claims) < 2:
            continue
        winner, names = _winner(claims), [claim.heading for claim in sorted(claims)]
        others = ", ".join(one for one in names if one != winner)
        if winner is None:
            message = f"{others} all mean {name} with equal right: none is taken, all are kept"
        else:
            message = f"{name} is read from {winner}; {others}, which may mean it too, is kept"
        remarks.append(Remark("headings_contested", f"{message} as it stands (a mapping decides)"))
    return remarks


def decided(
    kind: str, headings: Sequence[str], mapping: Choice, saved: Choice | None = None
) -> dict[str, str | None]:
    """Return what a mapping says of headings, to be kept for the next file: heading → field.

    A heading that would have meant a field by itself means nothing (None) where the mapping says
    that no heading means that field.
    """
    taken = {name for name, heading in mapping.items() if heading is None}
    by_itself = guess(kind, headings, saved)
    ignored = dict.fromkeys(heading for heading, name in by_itself.items() if name in taken)
    return ignored | {heading: name for name, heading in mapping.items() if heading is not None}


def is_remembered(heading: str, field: str | None, saved: Choice) -> bool:
    """Tell whether a heading was said before to mean this field, or (None) to mean nothing."""
    said = {folded(one, bare=False): name for one, name in saved.items()}
    whole = folded(heading, bare=False)
    return whole in said and said[whole] == field


def set_aside(
    kind: str, headings: Sequence[str], mapping: Choice, saved: Choice | None = None
) -> frozenset[str]:
    """Return the headings that were said to mean nothing, now or when the last file came."""
    said = decided(kind, headings, mapping, saved)
    before = {one for one in headings if one not in said and is_remembered(one, None, saved or {})}
    return frozenset(before | {heading for heading, name in said.items() if name is None})


def is_serial(heading: str) -> bool:
    """Tell whether a heading only counts the rows: 序号."""
    return folded(heading) in _SERIAL


def _count(mapping: Choice, heading: str) -> int:
    return list(mapping.values()).count(heading)


def _missing(kind: str, found: set[str]) -> set[str]:
    required = {field.name for field in FIELDS[kind] if field.required}
    if derivable(kind, found):
        required.discard("code")
    either = EITHER.get(kind, ())
    if either and not found & set(either):
        required.add(either[0])
    return required - found


def _claims(
    kind: str, headings: Iterable[str], saved: Choice, mapping: Choice
) -> dict[str, list[_Claim]]:
    """Return for each field the headings that may mean it."""
    known = _KNOWN.get(kind, {})
    said = {folded(heading, bare=False): name for heading, name in saved.items()}
    mapped = {heading: name for name, heading in mapping.items() if heading is not None}
    claims: dict[str, list[_Claim]] = {}
    for heading in dict.fromkeys(headings):
        name, rank = _claim(heading, known, said, mapped)
        if name in _NAMES.get(kind, ()) and (rank[0] == _MAPPED or name not in mapping):
            claims.setdefault(str(name), []).append(_Claim(rank, heading))
    return claims


def _claim(
    heading: str, known: Mapping[str, tuple[str, int]], said: Choice, mapped: Mapping[str, str]
) -> tuple[str | None, tuple[int, int, int]]:
    """Return the field a heading claims, and how strongly."""
    whole = folded(heading, bare=False)
    if heading in mapped:
        return mapped[heading], (_MAPPED, 0, 0)
    if is_note(heading):
        return None, (_ALIAS, 0, 0)
    if whole in said:
        return said[whole], (_SAVED, 0, 0)
    for text, passed_over in _readings(heading, known):
        if text in known:
            name, order = known[text]
            return name, (_ALIAS if order else _OWN_NAME, order, passed_over)
    return None, (_ALIAS, 0, 0)


def _readings(heading: str, known: Mapping[str, object]) -> Iterator[tuple[str, int]]:
    """Return what a heading may be known by: whole, without brackets, and the part in a group.

    Of 整改情况 责任人 the group is passed over, of 主要负责人 姓名 the word that says no more. Of
    two telephones the one in a group that means a field itself comes first.
    """
    yield folded(heading, bare=False), 0
    yield folded(heading), 1
    parts = heading.split()
    for at in range(1, len(parts)):
        group, own = folded(" ".join(parts[:at])), folded(" ".join(parts[at:]))
        if own in _SAYS_NO_MORE:
            yield group, 2
        elif not heading.isascii():
            yield own, 3 - (group in known)


def _winner(claims: Sequence[_Claim]) -> str | None:
    """Return the heading with the strongest claim, None where several are equally strong."""
    first, *others = sorted(claims)
    return None if others and others[0].rank == first.rank else first.heading


def _refuse_any(names: set[str], reason: str) -> None:
    if names:
        raise ImportRejectedError(f"{', '.join(sorted(names))}: {reason}")


_SERIAL = {folded(heading) for heading in SERIAL_NUMBERS}
_NAMES = {kind: {field.name for field in columns} for kind, columns in FIELDS.items()}


def _known(kind: str) -> dict[str, tuple[str, int]]:
    """Return what each heading means, by its own name, its aliases and, last, its cut ones."""
    known = {
        folded(alias, bare=False): (field.name, order)
        for field in FIELDS[kind]
        for order, alias in enumerate((field.name, *field.aliases))
    }
    for language in ("zh", "en"):
        for name, short in short_titles(kind, language).items():
            known.setdefault(folded(short, bare=False), (name, _CUT))
    return known


_CUT = 1_000
_KNOWN = {kind: _known(kind) for kind in FIELDS}
