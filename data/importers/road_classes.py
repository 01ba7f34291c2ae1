"""How much a street carries, by the class that its ledger gives."""

from collections.abc import Mapping

ROAD_RANKS: Mapping[str, int] = {
    word: rank
    for rank, words in {
        1: "motorway motorway_link trunk trunk_link 高速公路 快速路 城市快速路 1",
        2: "primary primary_link 主干路 主干道 城市主干路 2",
        3: "secondary secondary_link tertiary tertiary_link 次干路 次干道 城市次干路 3",
        4: "unclassified residential living_street pedestrian busway road 支路 城市支路 街巷 4",
        5: "footway path cycleway steps service track 小路 里巷",
    }.items()
    for word in words.split()
}
"""Class, in small letters -> 1 (most) to 5: of OpenStreetMap, of Chinese cities, and by number."""
