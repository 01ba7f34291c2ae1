from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from maps.posters.labels import Room, around, beside, square
from maps.posters.paper import Box

PAGE = Box(0, 0, 100, 100)
boxes = st.builds(
    lambda x, y, wide, high: Box(x, y, x + wide, y + high),
    st.floats(0, 90),
    st.floats(0, 90),
    st.floats(0.5, 20),
    st.floats(0.5, 20),
)


def test_the_first_free_box_is_taken():
    room = Room(PAGE)
    room.take(Box(0, 0, 10, 10))
    assert room.first_free([Box(5, 5, 15, 15), Box(20, 0, 30, 10)]) == Box(20, 0, 30, 10)
    assert not room.is_free(Box(29, 0, 39, 10))


def test_boxes_that_share_an_edge_do_not_meet():
    room = Room(PAGE)
    room.take(Box(0, 0, 10, 10))
    assert room.is_free(Box(10, 0, 20, 10))


def test_nothing_is_placed_over_the_edge_of_the_map():
    assert Room(PAGE).first_free([Box(95, 0, 105, 10)]) is None


@given(st.lists(st.lists(boxes, min_size=1, max_size=4), max_size=30))
def test_no_two_placed_labels_ever_meet(wishes):
    room = Room(PAGE)
    placed = [box for box in map(room.first_free, wishes) if box is not None]
    assert [(a, b) for n, a in enumerate(placed) for b in placed[n + 1 :] if a.meets(b)] == []


def test_the_places_around_a_point_go_outwards():
    far = [max(abs(x), abs(y)) for x, y in around((0, 0), 2, (0, 1, 3))]
    assert len(far) == 17
    assert far[0] == 0
    assert max(far[1:9]) < min(far[9:])


def test_a_name_stands_right_left_below_or_above_of_its_badge():
    anchor = square((50, 50), 2)
    right, left, below, above = beside(anchor, 10, 3, 1)
    assert (right.left, left.right, below.top, above.bottom) == (53, 47, 53, 47)
    assert all(not box.meets(anchor) for box in (right, left, below, above))
    assert all(a != b for a, b in pairwise((right, left, below, above)))
