"""The transitions as a diagram, drawn from their table."""

from data.workflow.table import BOTH, TRANSITIONS, Transition


def mermaid() -> str:
    """Return the states and the actions between them in the language of Mermaid.

    Actions that leave an item in its state are not drawn; actions with one target and many sources
    are drawn once a source.
    """
    arrows = [
        f"    {source} --> {step.target}: {_label(step)}"
        for step in TRANSITIONS
        if step.target is not None
        for source in step.sources
    ]
    return "\n".join(["stateDiagram-v2", "    [*] --> found: find", *dict.fromkeys(arrows)])


def _label(step: Transition) -> str:
    return step.action if step.ways == BOTH else f"{step.action} ({step.ways[0]})"
