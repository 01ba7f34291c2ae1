"""Codes and telephone numbers that cannot be right: they are told, never refused."""

import re
import unicodedata
from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.importers.report import Remark, some_rows

_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_LENGTH = 18
_WEIGHTS = np.array([pow(3, place, 31) for place in range(_LENGTH - 1)])
_VALUES = np.full(256, -1)
_VALUES[[ord(letter) for letter in _LETTERS]] = np.arange(len(_LETTERS))
_ROUNDED = re.compile(r"\d(?:\.\d+)?[Ee]\+\d+")


def is_credit_code(texts: list[str]) -> NDArray[np.bool_]:
    """Tell which texts are unified social credit codes.

    They have 18 digits and capital letters (no I, O, S, V, Z), of which the last is the check
    character of GB 32100-2015: 31 − Σ cᵢ 3ⁱ mod 31.

    >>> is_credit_code(["91350100M000100Y43", "91350100M000100Y44"]).tolist()
    [True, False]
    """
    good = np.zeros(len(texts), dtype=bool)
    narrow = (one if one.isascii() else unicodedata.normalize("NFKC", one) for one in texts)
    plain = [text.strip().upper() for text in narrow]
    whole = [at for at, text in enumerate(plain) if len(text) == _LENGTH and text.isascii()]
    if whole:
        letters = np.frombuffer("".join(plain[at] for at in whole).encode(), dtype=np.uint8)
        values = _VALUES[letters.reshape(-1, _LENGTH)]
        check = -(values[:, :-1] @ _WEIGHTS) % 31
        good[whole] = (values >= 0).all(axis=1) & (values[:, -1] == check)
    return good


def doubtful(named: Mapping[str, pd.Series]) -> list[Remark]:
    """Return remarks on codes with a wrong check character and on numbers that a sheet rounded."""
    remarks = []
    codes = named.get("credit_code", pd.Series(dtype=object)).dropna()
    wrong = codes.index[~is_credit_code(codes.tolist())].tolist()
    if wrong:
        message = f"{len(wrong)} credit codes are none by their check character: {some_rows(wrong)}"
        remarks.append(Remark("credit_codes_doubtful", message))
    for name in ("code", "credit_code", "phone"):
        texts = named.get(name, pd.Series(dtype=object)).dropna()
        if "+" not in "".join(texts):
            continue
        rounded = [row for row, text in texts.items() if _ROUNDED.fullmatch(text)]
        if rounded:
            message = f"a sheet has rounded {len(rounded)} numbers of {texts.name}, their digits"
            remarks.append(Remark("digits_lost", f"{message} are lost: {some_rows(rounded)}"))
    return remarks
