import numpy as np
import pytest
import shapely
from scipy.sparse import coo_array, csr_array, csr_matrix
from shapely import box

from geo.errors import WrongGeometryError, WrongValueError
from geo.neighbors import neighbors, require_weights


def pairs(*polygons, **options):
    return np.argwhere(neighbors(polygons, **options).toarray()).tolist()


def test_squares_that_share_an_edge_are_neighbors_both_ways():
    assert pairs(box(0, 0, 10, 10), box(10, 0, 20, 10)) == [[0, 1], [1, 0]]


def test_squares_that_share_a_corner_are_neighbors():
    assert pairs(box(0, 0, 10, 10), box(10, 10, 20, 20)) == [[0, 1], [1, 0]]


@pytest.mark.parametrize(("crack_m", "found"), [(0.5, 2), (1.0, 2), (1.5, 0)])
def test_a_crack_up_to_the_tolerance_does_not_part_neighbors(crack_m, found):
    assert len(pairs(box(0, 0, 10, 10), box(10 + crack_m, 0, 20, 10))) == found


def test_without_tolerance_a_hair_parts_neighbors():
    assert pairs(box(0, 0, 10, 10), box(10.001, 0, 20, 10), tolerance_m=0) == []


def test_overlapping_cells_are_neighbors():
    assert pairs(box(0, 0, 10, 10), box(5, 5, 20, 20)) == [[0, 1], [1, 0]]


def test_empty_and_missing_cells_have_no_neighbors():
    assert pairs(box(0, 0, 10, 10), shapely.Polygon(), None) == []


def test_a_square_inside_a_lattice_has_eight_neighbors():
    cells = [box(x, y, x + 1, y + 1) for x in range(3) for y in range(3)]
    matrix = neighbors(cells, tolerance_m=0)
    assert matrix.sum(axis=1).tolist() == [3, 5, 3, 5, 8, 5, 3, 5, 3]
    assert set(matrix.data) == {1.0}


def test_no_cells_make_an_empty_matrix():
    assert neighbors([]).shape == (0, 0)


def test_a_negative_tolerance_is_refused():
    with pytest.raises(WrongValueError, match="tolerance_m"):
        neighbors([box(0, 0, 1, 1)], tolerance_m=-1)


def test_points_are_no_cells():
    with pytest.raises(WrongGeometryError, match="is a Point, not a polygon or multipolygon"):
        neighbors([shapely.Point(0, 0)])


@pytest.mark.parametrize("make", [csr_array, csr_matrix, coo_array])
def test_every_sparse_form_is_read_as_the_same_weights(make):
    links = make(np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]]))
    assert require_weights(links, 3).sum(axis=1).tolist() == [1, 2, 1]


def test_a_stored_zero_is_no_neighbor():
    links = csr_array((np.array([1.0, 0.0]), ([0, 0], [1, 2])), shape=(3, 3))
    assert require_weights(links, 3).nnz == 1
    assert links.nnz == 2


def test_whole_numbers_become_weights_without_changing_the_matrix():
    links = csr_array(np.array([[0, 1], [1, 0]]))
    assert require_weights(links, 2).dtype == np.float64
    assert links.dtype.kind == "i"
