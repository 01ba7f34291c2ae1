"""Files that are something else than their names say, or that make readers open something else."""

import random

from tests.faults.making import Bad, Family, Lure

DISGUISE = Family("disguise", 60)


def disguises(lure: Lure) -> list[str]:
    """Return documents that make other readers open files and addresses."""
    layer = '<OGRVRTLayer name="a"><SrcDataSource>{}</SrcDataSource></OGRVRTLayer>'
    entity = '<!DOCTYPE a [<!ENTITY b SYSTEM "{}">]><kml><name>&b;</name></kml>'
    targets = [lure.path, lure.url, f"/vsicurl/{lure.url}", f"CSV:{lure.path}"]
    return [
        *(f"<OGRVRTDataSource>{layer.format(to)}</OGRVRTDataSource>" for to in targets),
        *(entity.format(to) for to in (f"file://{lure.path}", lure.url)),
        *targets,
        f'{{"type": "FeatureCollection", "features": {{"$ref": "{lure.url}"}}}}',
        f'{{"layerDefinition": {{}}, "service": "{lure.url}/FeatureServer"}}',
        f"<WFSDataSource><URL>{lure.url}</URL></WFSDataSource>",
    ]


@DISGUISE
def another_format_inside(rng: random.Random, lure: Lure) -> Bad:
    ending = rng.choice(["csv", "geojson", "json", "gpkg", "xlsx", "xls", "ods", "zip", "parquet"])
    return Bad(f"a.{ending}", rng.choice(disguises(lure)).encode())


@DISGUISE
def a_format_that_is_not_read(rng: random.Random, lure: Lure) -> Bad:
    ending = rng.choice(["kml", "kmz", "gpx", "vrt", "xml", "gml", "dwg", "shp", "pdf", "html", ""])
    return Bad(f"a.{ending}", rng.choice(disguises(lure)).encode())


@DISGUISE
def a_name_that_means_something(rng: random.Random, lure: Lure) -> Bad:
    names = ["CSV:a.csv", "GeoJSON:a", "-.csv", "$(id).csv", "a.csv;.geojson", "WFS:a.json", ".csv"]
    return Bad(rng.choice(names), rng.choice(disguises(lure)).encode())
