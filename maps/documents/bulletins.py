"""Bulletins in the language of such documents: from frozen figures to a document."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from maps import words
from maps.documents.bulletin_tables import cell_map, cells_table, late_table, owners_table
from maps.documents.document import Block, Document, Heading, Paragraph, percent
from maps.documents.imprint import (
    Imprint,
    colophon,
    day_text,
    made_at,
    mark,
    masthead,
    moment_text,
    office_of,
)
from maps.words import Language
from maps.words.bulletins import PHRASE_END

Facts = Mapping[str, Any]


def compose_bulletin(facts: Facts, imprint: Imprint, language: Language) -> Document:
    """Return the document of the figures in `facts`, as `data` has gathered or frozen them."""
    text = _Text(facts, imprint, language)
    phrases = tuple(text.say(f"title.{facts['kind']}", city=facts["city"]).split(PHRASE_END))
    return Document(
        language=language,
        title="".join(phrases),
        title_phrases=phrases,
        subtitle=text.cut_off(),
        masthead=masthead(imprint, facts, language),
        mark=mark(language, simulated=facts["simulated"]),
        blocks=tuple(text.blocks()),
        notes=tuple(text.notes()),
        colophon=colophon(imprint, facts["city"], language),
        made_at=made_at(facts["cut_off"]),
        author=office_of(imprint, facts["city"], language),
    )


@dataclass(frozen=True)
class _Text:
    """The sentences of one bulletin."""

    facts: Facts
    imprint: Imprint
    language: Language

    def say(self, key: str, **values: Any) -> str:
        return words.text(f"bulletin.{key}", self.language, **values)

    def cut_off(self) -> str:
        moment = moment_text(self.facts["cut_off"], self.language)
        if self.imprint.corrects is not None:
            return self.say("corrects", number=self.imprint.corrects, moment=moment)
        if self.facts["known_at"] is None:
            return self.say("cut_off", moment=moment)
        known = moment_text(self.facts["known_at"], self.language)
        return self.say("known", moment=moment, known=known)

    def blocks(self) -> Iterator[Block]:
        """Yield the sections, numbered as they come."""
        numbers = iter(self.say("numbers"))
        kind = self.facts["kind"]
        sections: list[tuple[str, Iterable[Block]]] = [
            ("overall", self._overall()),
            (f"progress.{kind}", self._progress()),
            ("ranking", self._ranking()),
            ("overdue", self._late()),
        ]
        if "submissions" in self.facts:
            sections.append(("reporting", [Paragraph(self._reporting())]))
        for key, blocks in sections:
            yield Heading(self.say("section", number=next(numbers), title=self.say(key)))
            yield from blocks

    def _overall(self) -> Iterator[Block]:
        totals, moment = self.facts["totals"], moment_text(self.facts["cut_off"], self.language)
        if not totals["n_items"]:
            yield Paragraph(self.say("no_items", moment=moment))
            return
        rates = _by_name(self.facts["rates"])
        counts = {name: value for name, value in totals.items() if name != "by_state"}
        shown = {name: self._rate(rates[name]) for name in ("completion", "on_time")}
        yield Paragraph(self.say("total", moment=moment, **counts, **shown))
        if (segments := self.facts["segments"]) is not None:
            of_them = _by_name(segments["rates"])
            yield Paragraph(
                self.say(
                    "segments",
                    n_items=segments["totals"]["n_items"],
                    completion=self._rate(of_them["completion"]),
                    relit=self._rate(of_them["segments_relit"]),
                )
            )

    def _rate(self, rate: Facts) -> str:
        """Return a rate with all that it is made of."""
        if rate["value"] is None:
            return self.say("no_rate")
        parts = {"share": percent(rate["value"]), **rate}
        return self.say("rate" if rate["excluded"] else "rate_of_all", **parts)

    def _progress(self) -> Iterator[Block]:
        since, day = (
            day_text(date.fromisoformat(self.facts[name]), self.language)
            for name in ("since", "day")
        )
        days = day if since == day else self.say("days", since=since, day=day)
        changes = self.say("changes", days=days, **self.facts["changes"])
        yield Paragraph(self._joined(changes, self._trend()))
        if "visits" in self.facts:
            yield Paragraph(self._joined(self._visits(), self._hazards()))
            yield Paragraph(self._sanctions())

    def _joined(self, *sentences: str) -> str:
        return self.say("gap").join(filter(None, sentences))

    def _trend(self) -> str:
        before = self.facts["before"]["completion"]["value"]
        now = _by_name(self.facts["rates"])["completion"]["value"]
        if before is None or now is None:
            return ""
        points = round(100 * (now - before), 1)
        key = "up" if points > 0 else "down" if points < 0 else "level"
        day = day_text(date.fromisoformat(self.facts["before"]["day"]), self.language)
        return self.say(key, day=day, before=percent(before), points=abs(points))

    def _visits(self) -> str:
        made = self.facts["visits"]
        return self.say("no_visits") if made is None else self.say("visits", **made)

    def _hazards(self) -> str:
        found, made = self.facts["hazards"], self.facts["visits"]
        if found is None:
            return self.say("no_hazards")
        per_100 = self.say("no_rate")
        if made is not None and made["n_visits"]:
            value = 100 * found["n_by_visits"] / made["n_visits"]
            parts = {"numerator": found["n_by_visits"], "denominator": made["n_visits"]}
            per_100 = self.say("per_100", value=value, **parts)
        return self.say("hazards", per_100=per_100, **found)

    def _sanctions(self) -> str:
        done = self.facts["sanctions"]
        if done is None:
            return self.say("no_sanctions")
        fine = done["fine_yuan"]
        told = self.say("no_yuan") if fine is None else self.say("yuan", amount=float(fine))
        return self.say("sanctions", **{**done, "fine_yuan": told})

    def _ranking(self) -> Iterator[Block]:
        facts, language = self.facts, self.language
        least = next(d["values"]["n"] for d in facts["decisions"] if d["code"] == "ranked_from")
        if facts["owners"]:
            yield Paragraph(self.say("see_tables", n=least))
            yield owners_table(facts, self._numbered("owners"), language)
        else:
            yield Paragraph(self._joined(self.say("no_owners"), self.say("see_tables", n=least)))
        if facts["cells"]:
            yield cells_table(facts, self._numbered("cells"), language)
            yield cell_map(facts, self._numbered("cells"), language)

    def _late(self) -> Iterator[Block]:
        late, n = self.facts["late"], self.facts["totals"]["n_overdue"]
        if not late:
            yield Paragraph(self.say("no_late"))
            return
        number = self._numbered("late")
        yield Paragraph(self.say("late", n=n, shown=len(late), table=number))
        yield late_table(self.facts, number, self.language)

    def _numbered(self, table: str) -> int:
        """Return the number of a table: tables without rows have none."""
        present = [name for name in ("owners", "cells", "late") if self.facts[name]]
        return present.index(table) + 1

    def _reporting(self) -> str:
        reports = self.facts["submissions"]
        if reports is None:
            return self.say("no_submissions")
        return self.say("submissions", **{k: self._parties(names) for k, names in reports.items()})

    def _parties(self, names: Sequence[str]) -> str:
        if not names:
            return self.say("no_parties")
        return self.say("parties", n=len(names), names=self.say("comma").join(names))

    def notes(self) -> Iterator[str]:
        """Yield the definitions, numbered."""
        decide = partial(words.decision, language=self.language)
        told = [words.definition("rectifications", self.language, {})]
        told += [decide(one["code"], one["values"]) for one in self.facts["decisions"]]
        told += [self.say("note.late"), self.say("note.ranking")]
        if self.facts["known_at"] is not None and self.facts["cells"]:
            told.append(self.say("note.cells"))
        if "visits" in self.facts:
            told.append(self.say("note.sources"))
        stop = self.say("stop")
        for number, sentence in enumerate(told, start=1):
            ended = sentence.rstrip(stop) + stop
            yield f"{self.say('note') if number == 1 else ''}{number}. {ended}"


def _by_name(rates: Sequence[Facts]) -> dict[str, Facts]:
    return {rate["name"]: rate for rate in rates}
