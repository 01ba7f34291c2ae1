import io

import pytest
from PIL import Image

from maps.documents.cell_map import CLASSES, MapCell, class_of, draw_cells

LEFT = ((0, 0), (500, 0), (500, 500), (0, 500))
RIGHT = ((500, 0), (1000, 0), (1000, 500), (500, 500))


def picture(*cells):
    return Image.open(io.BytesIO(draw_cells(cells))).convert("RGB")


def color_at(image, x, y):
    """The color at a share of the width and of the height, the latter from above."""
    return "#{:02x}{:02x}{:02x}".format(*image.getpixel((image.width * x, image.height * y)))


@pytest.mark.parametrize(
    ("share", "key"),
    [
        (1, "full"),
        (0.999, "from90"),
        (0.9, "from90"),
        (0.8, "from80"),
        (0.6, "from60"),
        (0.01, "below60"),
        (0, "zero"),
        (None, "no_data"),
    ],
)
def test_classes_are_half_open_and_unknown_is_not_zero(share, key):
    assert class_of(share).key == key


def test_a_cell_has_the_color_of_its_class():
    image = picture(MapCell((LEFT,), 1), MapCell((RIGHT,), 0.5))
    colors = {one.key: one.color for one in CLASSES}
    assert color_at(image, 0.25, 0.5) == colors["full"]
    assert color_at(image, 0.75, 0.5) == colors["below60"]


def test_what_is_not_known_is_hatched():
    image = picture(MapCell((LEFT,), None), MapCell((RIGHT,), 1))
    inside = image.crop((60, 60, image.width // 2 - 40, image.height - 60))
    assert len(inside.getcolors()) > 1


def test_north_is_on_top():
    low, high = ((0, 0), (1000, 0), (1000, 300), (0, 300)), ((0, 300), (1000, 300), (500, 900))
    image = picture(MapCell((low,), 0), MapCell((high,), 1))
    assert color_at(image, 0.5, 0.9) == class_of(0).color
    assert color_at(image, 0.5, 0.5) == class_of(1).color


def test_a_number_stands_on_its_cell_and_nowhere_else():
    image = picture(MapCell((LEFT,), 1, "7"), MapCell((RIGHT,), 1))
    left, right = (image.crop((x, 40, x + 600, image.height - 40)) for x in (40, 740))
    assert len(left.getcolors()) > len(right.getcolors()) == 1


def test_many_cells_are_drawn_without_numbers():
    cells = [MapCell((((x, 0), (x + 10, 0), (x + 10, 10), (x, 10)),), 1, "1") for x in range(70)]
    bare = [MapCell(cell.rings, 1) for cell in cells]
    assert draw_cells(cells) == draw_cells(bare)
