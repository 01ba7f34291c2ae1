"""What may be wrong with an action, and the rules of who refuses it, as the design words them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial

from data.workflow import Shown, Transition
from data.workflow.table import MAJOR
from tests.data.workflow.scenes import HASH, Flaw, Scene, Where

TO_HAND_OVER = {"hand_over", "reassign"}
FREE = {"found", "registered", "reopened"}
FIXED = {"fixed_on_site", "rechecked", "self_assessed", "accepted", "closed"}
SHOWING = {"fix_on_site", "report_fixed", "self_assess", "show"}
BY_ANOTHER = {"recheck", "fail_recheck", "accept", "refuse", "resume"}
NAMING = {*SHOWING, *BY_ANOTHER, "reopen"}
REASONED = {
    "return",
    "reassign",
    "fail_recheck",
    "refuse",
    "transfer",
    "reopen",
    "extend",
    "unlist",
}
MOVING = {"hand_over", "reassign", "start", "plan"}


def in_(actions: set[str], *fields: str) -> Where:
    return lambda step, _state, _way: set(fields) if step.action in actions else set()


def everywhere(name: str) -> Where:
    """A wrong value is refused where it may be brought; elsewhere the field is foreign."""
    return lambda _step, _state, _way: {name}


def of_five(name: str) -> Where:
    """A major hazard is not handed over without it."""

    def where(step: Transition, _state: str, way: str) -> set[str]:
        return {name} if way == MAJOR and step.action in TO_HAND_OVER else set()

    return where


def nobody(step: Transition, state: str, way: str) -> set[str]:
    named = in_(TO_HAND_OVER, "lead_party")(step, state, way)
    return named | of_five("person")(step, state, way)


def moved(step: Transition, state: str, _way: str) -> set[str]:
    kept = state not in FREE and step.action in MOVING
    return {"due_on"} if kept or "due_on" not in step.takes else set()


def back(step: Transition, _state: str, _way: str) -> set[str]:
    return {"due_on"} if step.action == "extend" or "due_on" not in step.takes else set()


def spared(step: Transition, state: str, _way: str) -> set[str]:
    return {"origin"} if step.action == "sanction" and state in FIXED else set()


def without_row(name: str, refused: Where) -> Flaw:
    return Flaw(f"no {name}", lambda scene: scene.with_row(**{name: None}), refused)


def without(name: str, refused: Where) -> Flaw:
    """Nothing is brought under that name."""

    def spoil(scene: Scene) -> Scene:
        rest = {one: value for one, value in scene.brought.columns.items() if one != name}
        more = {one: value for one, value in scene.brought.more.items() if one != name}
        return scene.bringing(columns=rest, more=more)

    return Flaw(f"{name} is not brought", spoil, refused)


def missing() -> Iterator[Flaw]:
    for name in ("measure", "money_yuan", "contingency", "person"):
        yield without_row(name, of_five(name))
    yield without_row("due_on", in_({*TO_HAND_OVER, "extend"}, "due_on"))
    yield Flaw("nobody is named", lambda s: s.with_row(person=None, lead_party=None), nobody)
    yield Flaw("a person of blanks", lambda s: s.with_row(person=" ", lead_party=None), nobody)
    yield without_row("exempt_reason", in_({"exempt", "confirm_exemption"}, "exempt_reason"))
    for name in ("exempt_confirmed_by_city", "exempt_confirmed_by_builder"):
        yield without_row(name, in_({"exempt"}, name))
    yield without_row("rechecked_by", in_({"close"}, "rechecked_by"))
    yield without("person", lambda _step, _state, _way: set())
    yield Flaw(
        "a claim of nobody",
        lambda s: s.bringing(columns={}).with_row(person=None),
        lambda step, state, way: (
            in_({"claim"}, "person")(step, state, way)
            | of_five("person")(step, state, way)
            | in_({"transfer"}, "lead_party")(step, state, way)
            | in_({"extend"}, "due_on")(step, state, way)
            | in_({"escalate"}, "escalation")(step, state, way)
            | in_({"confirm_exemption"}, "exempt_confirmed_by_city")(step, state, way)
        ),
    )
    yield without("leader", in_({"list"}, "leader"))
    yield without("kind", in_({"sanction"}, "kind"))
    yield without("issued_on", in_({"sanction"}, "issued_on"))


def said() -> Iterator[Flaw]:
    tomorrow, before = datetime(2900, 1, 1, tzinfo=UTC), datetime(2019, 8, 3, tzinfo=UTC)
    yield Flaw("nobody did it", lambda s: s.bringing(by="  "), in_(NAMING, "by"))
    yield Flaw("no reason", lambda s: s.bringing(reason=None), in_(REASONED, "reason"))
    yield Flaw("no file", lambda s: s.bringing(evidence=()), in_(SHOWING, "evidence"))
    yield Flaw("done tomorrow", lambda s: s.bringing(at=tomorrow), everywhere("at"))
    yield Flaw("done before its state", lambda s: s.bringing(at=before), everywhere("at"))
    yield Flaw(
        "done before it was found",
        lambda s: s.with_row(state_at=None).bringing(at=datetime(2019, 7, 1, tzinfo=UTC)),
        everywhere("at"),
    )
    yield Flaw("something foreign", lambda s: s.bringing_more(color="red"), everywhere("color"))
    yield Flaw(
        "nothing shown at all",
        lambda s: replace(s, is_shown=False).bringing(evidence=()),
        in_({*SHOWING, "close"}, "evidence"),
    )


def persons() -> Iterator[Flaw]:
    # The same name in full width, small letters and blanks.
    yield Flaw("by who fixed it", lambda s: s.bringing(by=" \uff2c\uff29 "), in_(BY_ANOTHER, "by"))
    yield Flaw(
        "re-checked by who fixed it",
        lambda s: s.with_row(rechecked_by="li"),
        in_({"close"}, "rechecked_by"),
    )
    yield Flaw(
        "by whom it was given to, nobody having reported",
        lambda s: s.with_row(reported_fixed_by=None).bringing(by="LI"),
        in_(BY_ANOTHER, "by"),
    )
    yield Flaw(
        "one person for both sides",
        lambda s: s.with_row(exempt_confirmed_by_builder="zhao"),
        in_({"exempt", "confirm_exemption"}, "exempt_confirmed_by_builder"),
    )


def lists() -> Iterator[Flaw]:
    yield Flaw("found by itself", lambda s: replace(s, origin="enterprise"), spared)
    yield Flaw("found by an expert", lambda s: replace(s, origin="expert"), spared)
    yield Flaw("no unit", lambda s: replace(s, has_unit=False), in_({"sanction"}, "unit"))
    yield Flaw("followed", lambda s: replace(s, is_followed=True), in_({"reopen"}, "state"))
    yield Flaw("listed", lambda s: replace(s, is_listed=True), in_({"list"}, "listed_on"))
    yield Flaw("not listed", lambda s: replace(s, is_listed=False), in_({"unlist"}, "listed_on"))
    yield Flaw("not stopped", lambda s: replace(s, stopped_on=None), in_({"resume"}, "kind"))
    yield Flaw(
        "stopped tomorrow",
        lambda s: replace(s, stopped_on=date(2019, 8, 21)),
        in_({"resume"}, "at"),
    )
    yield Flaw(
        "a step down",
        lambda s: s.with_row(escalation="supervision"),
        in_({"escalate"}, "escalation"),
    )


def values() -> Iterator[Flaw]:
    later = date(2019, 9, 20)
    yield Flaw("a deadline moved", lambda s: s.bringing_column(due_on=later), moved)
    yield Flaw("an extension back", lambda s: s.bringing_column(due_on=date(2019, 8, 31)), back)
    for name in ("cause", "origin", "escalation"):
        spoil = partial(Scene.bringing_column, **{name: "x"})
        yield Flaw(f"an unknown {name}", spoil, everywhere(name))
    yield Flaw("an unknown kind", lambda s: s.bringing_more(kind="x"), everywhere("kind"))
    for amount in ("-1", "1.234", "NaN", "1e12"):
        spoil = partial(Scene.bringing_column, money_yuan=Decimal(amount))
        yield Flaw(f"{amount} yuan", spoil, everywhere("money_yuan"))
        spoil = partial(Scene.bringing_more, fine_yuan=Decimal(amount))
        yield Flaw(f"{amount} yuan of fine", spoil, everywhere("fine_yuan"))
    for file in (Shown("a.jpg", "12", "dark"), Shown(" ", HASH, "dark"), Shown("a", HASH, "")):
        yield Flaw(f"{file}", partial(Scene.bringing, evidence=(file,)), everywhere("evidence"))


def all_flaws() -> list[Flaw]:
    return [*missing(), *said(), *persons(), *lists(), *values()]
