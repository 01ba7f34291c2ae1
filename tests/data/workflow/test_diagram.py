"""The diagram of the README is the one of the table."""

import re
from pathlib import Path

from data.models.rectifications import STATES
from data.workflow.diagram import mermaid

README = Path(__file__).parents[3] / "README.md"


def test_the_readme_shows_the_transitions_of_the_table() -> None:
    (shown,) = re.findall(r"```mermaid\n(.*?)\n```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert shown == mermaid()


def test_every_state_is_reached() -> None:
    assert {name for name in STATES if f"--> {name}:" in mermaid()} == set(STATES)
