"""Documents as one HTML file without scripts or links, to be read and printed anywhere."""

from base64 import b64encode
from hashlib import sha256

from markupsafe import Markup

from maps.assets import STATIC_DIR
from maps.documents.document import Block, Document, Figure, Heading, Paragraph, Table, shown
from maps.frame import TEMPLATES

_KINDS = {Heading: "heading", Paragraph: "paragraph", Table: "table", Figure: "figure"}


def write_html(document: Document) -> bytes:
    """Return the document as HTML; every text of it is escaped."""
    html = TEMPLATES.get_template("document.html").render(
        document=document,
        blocks=[(_KINDS[type(block)], _on_paper(block)) for block in document.blocks],
        style=Markup(_style()),  # noqa: S704 - our own file
        shown=shown,
        picture=lambda figure: b64encode(figure.png).decode(),
    )
    return html.encode()


def _on_paper(block: Block) -> Block:
    return block.printed or block if isinstance(block, Table) else block


def document_policy() -> str:
    """Return the content security policy of such a file: its own style, its own pictures."""
    known = b64encode(sha256(_style().encode()).digest()).decode()
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src 'sha256-{known}'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'self'",
        )
    )


def _style() -> str:
    return (STATIC_DIR / "document.css").read_text(encoding="utf-8")
