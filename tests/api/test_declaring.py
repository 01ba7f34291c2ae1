from api.declaring import best_grid


def grid(code: str, n_cells: int) -> dict[str, object]:
    return {"code": code, "n_cells": n_cells}


def test_a_page_opens_with_the_coarsest_grid_that_hotspots_can_be_told_from() -> None:
    grids = [grid("districts", 16), grid("squares", 2646), grid("areas", 77)]
    assert best_grid(grids) == "areas"


def test_without_cells_enough_the_grid_with_the_fewest_opens() -> None:
    assert best_grid([grid("communities", 29), grid("districts", 16)]) == "districts"


def test_a_city_without_grids_opens_without_one() -> None:
    assert best_grid([]) is None
