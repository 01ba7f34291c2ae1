"""Where everything stands on a sheet, lying or standing."""

from dataclasses import dataclass, replace

from maps.posters.figures import WORST_MM, draw_figures, draw_worst, figures_height
from maps.posters.footer import draw_footer
from maps.posters.furniture import draw_furniture
from maps.posters.heading import draw_deadline, draw_title
from maps.posters.legend import draw_legend, legend_height
from maps.posters.mapping import bounds_of, draw_map
from maps.posters.marks import draw_marks
from maps.posters.paper import Box
from maps.posters.poster import Poster
from maps.posters.ranking import draw_behind, draw_ranking, n_behind, ranking_rows
from maps.posters.sheet import Sheet
from maps.posters.tables import table_height

MARGIN_MM = 12.0
HEAD_MM = 25.0
FOOT_MM = 11.0
GAP_MM = 5.0
COLUMN_MM = 114.0
BAND_MM = 86.0
FIGURES_MM, RANKING_MM, BETWEEN_MM = 98.0, 99.0, 6.0


@dataclass(frozen=True)
class Layout:
    """The boxes of the parts of a sheet."""

    title: Box
    deadline: Box
    map: Box
    worst: Box
    figures: Box
    legend: Box
    behind: Box
    ranking: Box
    footer: Box


def turned(poster: Poster) -> Poster:
    """Return the poster on paper that stands when what it shows does; it may have been chosen."""
    if poster.paper.portrait is not None:
        return poster
    min_x, min_y, max_x, max_y = bounds_of(poster.shapes[poster.focus])
    stands = max_y - min_y > max_x - min_x
    return replace(poster, paper=replace(poster.paper, portrait=stands))


def lay_out(poster: Poster) -> Layout:
    """Return the places of the parts, as large as the poster's own legend and figures leave."""
    return _standing(poster) if poster.paper.portrait else _lying(poster)


def _lying(poster: Poster) -> Layout:
    page = poster.paper.box.grown(-MARGIN_MM)
    body = Box(page.left, page.top + HEAD_MM + GAP_MM, page.right, page.bottom - FOOT_MM - GAP_MM)
    left = page.right - COLUMN_MM
    worst = Box(left, body.top, page.right, body.top + WORST_MM)
    figures = _below(worst, figures_height(poster))
    legend = _below(figures, legend_height(poster))
    behind = _behind(legend, poster)
    return Layout(
        title=Box(page.left, page.top, left - GAP_MM, page.top + HEAD_MM),
        deadline=Box(left, page.top, page.right, page.top + HEAD_MM),
        map=Box(page.left, body.top, left - 2 * GAP_MM, body.bottom),
        worst=worst,
        figures=figures,
        legend=legend,
        behind=behind,
        ranking=Box(left, behind.bottom + GAP_MM, page.right, body.bottom),
        footer=Box(page.left, page.bottom - FOOT_MM, page.right, page.bottom),
    )


def _standing(poster: Poster) -> Layout:
    page = poster.paper.box.grown(-MARGIN_MM)
    top, foot = page.top + HEAD_MM + GAP_MM, page.bottom - FOOT_MM - GAP_MM
    column = WORST_MM + GAP_MM + figures_height(poster)
    behind = GAP_MM + table_height(n_behind(poster)) if poster.behind else 0
    middle = legend_height(poster) + behind
    band = Box(page.left, foot - max(column, middle, BAND_MM), page.right, foot)
    left, right = page.left + FIGURES_MM, page.right - RANKING_MM
    worst = Box(page.left, band.top, left, band.top + WORST_MM)
    legend_bottom = band.top + legend_height(poster)
    legend = Box(left + BETWEEN_MM, band.top, right - BETWEEN_MM, legend_bottom)
    return Layout(
        title=Box(page.left, page.top, right - GAP_MM, page.top + HEAD_MM),
        deadline=Box(right, page.top, page.right, page.top + HEAD_MM),
        map=Box(page.left, top, page.right, band.top - GAP_MM),
        worst=worst,
        figures=_below(worst, figures_height(poster)),
        legend=legend,
        behind=_behind(legend, poster),
        ranking=Box(right, band.top, page.right, band.bottom),
        footer=Box(page.left, page.bottom - FOOT_MM, page.right, page.bottom),
    )


def _behind(legend: Box, poster: Poster) -> Box:
    """Return the room below the legend for those who are behind; none when nobody is."""
    if not poster.behind:
        return Box(legend.left, legend.bottom, legend.right, legend.bottom)
    return _below(legend, table_height(n_behind(poster)))


def _below(box: Box, high: float) -> Box:
    top = box.bottom + GAP_MM
    return Box(box.left, top, box.right, top + high)


def draw_sheet(poster: Poster) -> Sheet:
    """Draw one poster."""
    poster = turned(poster)
    sheet = Sheet(poster.paper)
    boxes = lay_out(poster)
    draw_title(sheet, boxes.title, poster)
    draw_deadline(sheet, boxes.deadline, poster)
    draw_worst(sheet, boxes.worst, poster)
    draw_figures(sheet, boxes.figures, poster)
    draw_legend(sheet, boxes.legend, poster)
    draw_behind(sheet, boxes.behind, poster)
    draw_ranking(sheet, boxes.ranking, poster)
    projected = draw_map(sheet, boxes.map, poster)
    draw_furniture(sheet, poster, projected)
    draw_marks(sheet, poster, projected, ranking_rows(poster, boxes.ranking.height))
    draw_footer(sheet, boxes.footer, poster)
    return sheet
