"""Which OpenStreetMap tags make a street, an inspected premises or a lamp."""

from collections.abc import Mapping

Tags = Mapping[str, str]

ROADS = frozenset(
    {
        "motorway",
        "motorway_link",
        "trunk",
        "trunk_link",
        "primary",
        "primary_link",
        "secondary",
        "secondary_link",
        "tertiary",
        "tertiary_link",
        "unclassified",
        "residential",
        "living_street",
        "pedestrian",
        "busway",
        "road",
    }
)
"""Always a street."""

PATHS = frozenset({"footway", "path", "cycleway", "steps", "service", "track"})
"""A street only when it carries a name or says whether it is lit."""

PART_OF_A_STREET = frozenset({"sidewalk", "crossing", "traffic_island", "link"})
PRIVATE_SERVICE = frozenset({"driveway", "parking_aisle", "drive-through"})
EMPTY = frozenset({"no", "vacant"})

PREMISES: dict[str, frozenset[str] | None] = {
    "amenity": frozenset(
        {
            *("arts_centre", "bank", "bar", "biergarten", "bus_station", "cafe", "car_rental"),
            *("car_wash", "casino", "childcare", "cinema", "clinic", "college"),
            *("community_centre", "conference_centre", "courthouse", "crematorium", "dentist"),
            *("doctors", "driving_school", "embassy", "events_venue", "exhibition_centre"),
            *("fast_food", "ferry_terminal", "fire_station", "food_court", "fuel", "gambling"),
            *("hospital", "ice_cream", "internet_cafe", "kindergarten", "language_school"),
            *("library", "marketplace", "music_school", "nightclub", "nursing_home", "pharmacy"),
            *("place_of_worship", "police", "post_office", "prison", "pub", "public_bath"),
            *("research_institute", "restaurant", "school", "social_centre", "social_facility"),
            *("studio", "theatre", "townhall", "training", "university", "veterinary"),
        }
    ),
    "shop": None,
    "tourism": frozenset(
        {
            *("apartment", "aquarium", "chalet", "gallery", "guest_house", "hostel", "hotel"),
            *("motel", "museum", "theme_park", "zoo"),
        }
    ),
    "leisure": frozenset(
        {
            *("adult_gaming_centre", "amusement_arcade", "bowling_alley", "dance", "escape_game"),
            *("fitness_centre", "ice_rink", "sauna", "sports_centre", "sports_hall", "stadium"),
            *("trampoline_park", "water_park"),
        }
    ),
    "healthcare": None,
    "craft": None,
    "industrial": None,
    "office": None,
}
"""Keys of premises, the telling one first, with the values that count (``None``: all but empty)."""


def is_street(tags: Tags) -> bool:
    """Tell whether the way is a street people go along: the unit of lighting, not its sidewalks."""
    if tags.get("area") == "yes" or tags.get("indoor") == "yes":
        return False
    highway = tags.get("highway")
    if highway in ROADS:
        return True
    return (
        highway in PATHS
        and ("name" in tags or "lit" in tags)
        and tags.get(highway) not in PART_OF_A_STREET
        and tags.get("service") not in PRIVATE_SERVICE
    )


def is_main(tags: Tags) -> bool:
    """Tell whether the street ends the blocks of others: a road, or a path with a name."""
    return tags.get("highway") in ROADS or "name" in tags


def sector_of(tags: Tags) -> str | None:
    """Return the tag that makes it a premises, as ``key=value``; ``None`` when it is none."""
    for key, values in PREMISES.items():
        value = tags.get(key)
        if value and value not in EMPTY and (values is None or value in values):
            return f"{key}={value}"
    return None


def level_of(tags: Tags) -> str | None:
    """Return the level of an administrative boundary; ``None`` when it is none."""
    level = tags.get("admin_level", "")
    return level if tags.get("boundary") == "administrative" and level.isdecimal() else None


def name_of(tags: Tags) -> str | None:
    """Return the name people know it by."""
    return tags.get("name") or tags.get("brand") or tags.get("operator")


def address_of(tags: Tags) -> str | None:
    """Return street and house number as the map has them."""
    words = [tags[key] for key in ("addr:street", "addr:housenumber") if key in tags]
    return " ".join(words) or None
