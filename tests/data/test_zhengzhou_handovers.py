"""The register of the replayed campaign says what its work items say."""

from collections import Counter

import numpy as np
import pytest

from data.samples.zhengzhou import relighting
from data.samples.zhengzhou.darkness import dark_boxes
from data.samples.zhengzhou.districts import districts
from data.samples.zhengzhou.handovers import handovers
from data.samples.zhengzhou.streets import streets


@pytest.fixture(scope="module")
def laid():
    return streets(np.random.default_rng(1), districts())


@pytest.fixture(scope="module")
def dark(laid):
    rng = np.random.default_rng(2)
    return relighting.dark_streets(rng, laid, dark_boxes(rng, laid))


@pytest.fixture(scope="module")
def register(laid, dark):
    return handovers(np.random.default_rng(3), laid, dark).set_index("segment_code")


def test_what_never_came_over_is_what_is_dark_for_that_and_what_is_exempt(register, dark):
    causes = Counter(one.cause for one in dark)
    exempt = {one.code for one in dark if one.relit is None}
    absent = register[register["handed_over_on"].isna()]
    assert len(absent) == causes["never_handed_over"] + len(exempt)
    assert len(exempt) == 57
    assert 281 <= causes["never_handed_over"] <= 295


def test_what_never_came_over_is_shown_and_what_did_has_its_days_in_order(register):
    absent = register["handed_over_on"].isna()
    shown = register[["evidence_file", "evidence_sha256", "evidence_note"]].notna().all(axis=1)
    assert (shown == absent).all()
    came = register[~absent]
    assert (came["built_on"] < came["handed_over_on"]).all()
    assert (came["handed_over_on"] < came["accepted_on"]).all()


def test_the_same_seed_gives_the_same_register(register, laid, dark):
    again = handovers(np.random.default_rng(3), laid, dark).set_index("segment_code")
    assert again.drop(columns="recorded_at").equals(register.drop(columns="recorded_at"))
