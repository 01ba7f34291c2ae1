"""Bad files of delimited text: how they are written, and what their cells say."""

import random

from tests.faults.making import HEADINGS, Bad, Family, Lure, bad_rows, csv, good_rows, spoilt

CSV = Family("csv", 150)
CANARY = Family("canary", 80)
DATE = Family("date", 60)
CODE = Family("code", 40)
EXPORTED = Family("exported", 40)

CANARIES = (
    *(
        "'; DROP TABLE unit; --",
        "\" OR ''='",
        "{{7*7}}",
        "{% raw %}",
        "${7*7}",
        "<script>1</script>",
    ),
    *('=HYPERLINK("http://x")', "=cmd|' /C calc'!A0", "@SUM(1)", "\u202e321", "\x1b[2J", "x\x07"),
    *("../../etc/passwd", "%00", "%s%s%s%n", "x\u2028", "A" * 2**20, "（１２３", "NaN", "1e999"),
)
LONGEST_ID = 200


@CSV
def utf16(rng: random.Random, _: Lure) -> Bad:
    encoding = rng.choice(["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
    return Bad("a.csv", csv(good_rows(rng)).encode(encoding))


@CSV
def bytes_of_no_encoding(rng: random.Random, _: Lure) -> Bad:
    content = bytearray(csv(good_rows(rng)).encode())
    content[rng.randrange(len(content))] = 0xFF
    return Bad("a.csv", bytes(content) + b"\xff\xff")


@CSV
def noise(rng: random.Random, _: Lure) -> Bad:
    return Bad(f"a.{rng.choice(['csv', 'txt', 'tsv'])}", rng.randbytes(rng.randint(1, 20_000)))


@CSV
def nul(rng: random.Random, _: Lure) -> Bad:
    return bad_rows(spoilt(rng, code="u\0x"))


@CSV
def a_quote_that_never_ends(rng: random.Random, _: Lure) -> Bad:
    return Bad("a.csv", (csv(good_rows(rng)) + '"u9,').encode())


@CSV
def a_quote_inside(rng: random.Random, _: Lure) -> Bad:
    return Bad("a.csv", (csv(good_rows(rng)) + '"u9"x,y\n').encode())


@CSV
def a_row_too_wide(rng: random.Random, _: Lure) -> Bad:
    content = csv(good_rows(rng)) + "u9" + ",x" * rng.randint(6, 500) + "\n"
    return Bad("a.csv", content.encode("gb18030"), has_rows=True)


@CSV
def headings_twice(rng: random.Random, _: Lure) -> Bad:
    heading = rng.choice(HEADINGS)
    return Bad("a.csv", csv(good_rows(rng)).replace(heading, f"{heading},{heading}", 1).encode())


@CSV
def no_headings(rng: random.Random, _: Lure) -> Bad:
    content = rng.choice([b"", b"\n\n", b"\xef\xbb\xbf", b",,,\n1,2,3,4\n", b" \t\n"])
    return Bad("a.csv", content)


@CSV
def a_required_heading_missing(rng: random.Random, _: Lure) -> Bad:
    return Bad(
        "a.csv", csv(good_rows(rng)).replace("name", "x", 1).replace("code", "y", 1).encode()
    )


@CSV
def another_delimiter(rng: random.Random, _: Lure) -> Bad:
    return Bad("a.csv", csv(good_rows(rng), rng.choice([";", "|", "\t"])).encode())


@CSV
def a_very_long_line(rng: random.Random, _: Lure) -> Bad:
    return bad_rows(spoilt(rng, lon="9" * rng.choice([10_000, 10**7])))


@CSV
def a_cell_too_large(rng: random.Random, _: Lure) -> Bad:
    return bad_rows(spoilt(rng, lat="x" * rng.randint(1_000, 50_000)))


@CSV
def very_many_columns(rng: random.Random, _: Lure) -> Bad:
    return Bad("a.csv", ",".join(f"h{n}" for n in range(rng.randint(1_001, 9_000))).encode())


@CSV
def not_on_earth(rng: random.Random, _: Lure) -> Bad:
    return bad_rows(spoilt(rng, lon=rng.choice(["1e300", "-999", "181", "1e308"]), lat="34"))


@CSV
def one_coordinate(rng: random.Random, _: Lure) -> Bad:
    return bad_rows(spoilt(rng, **{rng.choice(["lon", "lat"]): ""}))


@CSV
def an_unknown_word(rng: random.Random, _: Lure) -> Bad:
    return bad_rows(spoilt(rng, risk=rng.choice(["紫色", "?", "-1", "低低"])))


@CANARY
def a_canary_for_a_number(rng: random.Random, _: Lure) -> Bad:
    return bad_rows(spoilt(rng, lon=rng.choice(CANARIES)))


@CANARY
def a_canary_for_a_date(rng: random.Random, _: Lure) -> Bad:
    return bad_rows(spoilt(rng, registered_on=rng.choice(CANARIES)))


@CANARY
def a_canary_for_a_word(rng: random.Random, _: Lure) -> Bad:
    return bad_rows(spoilt(rng, risk=rng.choice(CANARIES)))


DAYS = (
    *("2019-02-30", "2019-13-01", "2019-00-10", "1700-01-01", "9999-12-31", "31.31.2019"),
    *("2019-05-31 25:00", "2019-05-31 10:61", "2019-05-31T10:00+99:00", "明天", "2019年13月", "-1"),
    *("99999999", "2019-02-29", "0000-00-00", "now", "1e5", "2019-W22", "5月32", "2019-05-31Z9"),
)


@DATE
def no_day(rng: random.Random, _: Lure) -> Bad:
    rows = [{"code": "h1", "found_at": "2019-05-31"}, {"code": "h2", "found_at": rng.choice(DAYS)}]
    return bad_rows(rows, "hazards")


@DATE
def an_end_before_its_start(rng: random.Random, _: Lure) -> Bad:
    day = rng.randint(2, 28)
    row = {"code": "h1", "found_at": f"2019-05-{day:02}", "closed_at": f"2019-05-{day - 1:02}"}
    return bad_rows([row], "hazards")


@CODE
def a_code_too_long(rng: random.Random, _: Lure) -> Bad:
    return bad_rows(spoilt(rng, code="9" * rng.randint(LONGEST_ID + 1, 5_000)))


@CODE
def a_name_that_is_missing(rng: random.Random, _: Lure) -> Bad:
    return bad_rows(spoilt(rng, name=rng.choice(["", " ", "\u3000"])))


@CODE
def a_unit_nobody_knows(rng: random.Random, _: Lure) -> Bad:
    codes = ["410105", "999", "u1; --", "../u1", "０"]
    row = {"code": "i1", "unit_code": rng.choice(codes), "inspected_at": "2019-05-31"}
    return bad_rows([row], "inspections")


OBJECTS = (
    *("[1]", "x", '{"a": NaN}', '{"a": 1e999}', '{"a": -Infinity}', '{"a": "\\u0000"}'),
    *('{"a": "\\ud800"}', '{"a": ' * 40 + "1" + "}" * 40, '{"a": ' * 90_000, '{"a": 1'),
    '{"a": ' + "1" * 9_000 + "}",
)


@EXPORTED
def no_object(rng: random.Random, _: Lure) -> Bad:
    return bad_rows(spoilt(rng, properties=rng.choice(OBJECTS)))


@EXPORTED
def no_datum(rng: random.Random, lure: Lure) -> Bad:
    names = ["x", "EPSG:0", "EPSG:999999", f"+proj=longlat +nadgrids={lure.path}", lure.url]
    given = {"given_x": "113", "given_y": "34", "given_datum": "wgs84", "place_of": "own"}
    rows = [row | given for row in good_rows(rng)]
    rows[rng.randrange(len(rows))]["given_datum"] = rng.choice(names)
    return bad_rows(rows)


@EXPORTED
def another_source(rng: random.Random, _: Lure) -> Bad:
    return bad_rows(spoilt(rng, source=rng.choice(["other", "'", "x" * 300])))
