"""Whether the cells of a grid overlap or leave holes between them."""

from sqlalchemy.orm import Session

from data.cities import metric_srid
from data.errors import ImportRejectedError
from data.importers.ledger import Ledger
from data.importers.report import Remark, RowError
from geo.crs import to_metric
from geo.errors import WrongGeometryError
from geo.grid import topology_report


def check_cells(session: Session, ledger: Ledger) -> None:
    """Refuse cells that overlap by more than a sliver; remark slivers and holes."""
    cells = ledger.rows.drop_duplicates("external_code")
    if cells.empty:
        return
    shapes = cells["geom"].to_numpy(dtype=object)
    codes = cells["external_code"].tolist()
    try:
        found = topology_report(to_metric(shapes, metric_srid(session, shapes)), codes)
    except WrongGeometryError as error:
        raise ImportRejectedError(f"{error}, in the city's metres") from error
    row_of = dict(zip(codes, cells.index, strict=True))
    overlaps = found[found["kind"] == "overlap"]
    for touching, area_m2 in zip(overlaps["codes"], overlaps["area_m2"], strict=True):
        reason = f"cells {' and '.join(touching)} overlap by {area_m2:.0f} m²"
        ledger.errors += [RowError(row_of[code], "geometry", code, reason) for code in touching]
    for kind, meaning in (("sliver", "slivers"), ("gap", "holes")):
        areas = found.loc[found["kind"] == kind, "area_m2"]
        if len(areas):
            message = f"{len(areas)} {meaning} between the cells, the largest {areas.max():.0f} m²"
            ledger.remarks.append(Remark(meaning, message))
