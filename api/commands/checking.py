"""guatu check: what fits together, and the rows behind what does not."""

import typer

from api.commands.options import AsOfOption, JsonOption, LanguageOption, settings_of
from api.commands.terminal import show_rows, write
from api.presenting import checks_in_words, dump_json
from api.store import connected, open_store
from data.answers.consistency import consistency
from data.engine import snapshot
from data.scope import WHOLE_CITY


def check(
    context: typer.Context,
    as_of: AsOfOption = None,
    lang: LanguageOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Say which figures fit together; with --json also the rows behind those that do not."""
    settings = settings_of(context)
    with connected(open_store(settings)) as engine, snapshot(engine) as session:
        told = checks_in_words(consistency(session, WHOLE_CITY, as_of), lang or settings.language)
    if as_json:
        write(dump_json(told), None)
        return
    columns = ("finding", "text")
    rows = [{name: one[name] for name in columns} for one in told["checks"]]
    show_rows(f"guatu check, {told['as_of']}", rows)
