"""One font file out of the slices that a web font comes in."""

import re
from pathlib import Path

from fontTools.merge import Merger, Options
from fontTools.ttLib import TTFont

UNUSED = ("GSUB", "GPOS", "GDEF", "BASE", "STAT", "VORG", "vhea", "vmtx", "prep", "gasp")
"""Tables for vertical text, hinting and shaping, which horizontal Chinese does without."""

NAMES = {1: "{family}", 2: "{style}", 4: "{family} {style}", 6: "{postscript}", 16: "{family}"}
STYLES = {400: "Regular", 700: "Bold"}


def merge_slices(slices: list[Path], file: Path) -> None:
    """Merge the slices of one weight; each character is taken from the first that has it."""
    font = Merger(options=Options(drop_tables=list(UNUSED))).merge([str(s) for s in needed(slices)])
    weight = int(re.findall(r"-(\d+)\.ttf$", file.name)[0])
    # Inside, the slices of every weight carry the name of the thinnest.
    family, style = "Noto Sans SC", STYLES[weight]
    for number, form in NAMES.items():
        name = form.format(family=family, style=style, postscript=f"NotoSansSC-{style}")
        font["name"].setName(name, number, 3, 1, 0x409)
    font["OS/2"].usWeightClass = weight
    font.save(file)


def needed(slices: list[Path]) -> list[Path]:
    """Return the slices that have a character no larger one has, the largest first."""
    characters = {path: set(TTFont(path).getBestCmap()) for path in slices}
    seen: set[int] = set()
    taken = []
    for path in sorted(slices, key=lambda path: -len(characters[path])):
        if characters[path] - seen:
            taken.append(path)
            seen |= characters[path]
    return taken
