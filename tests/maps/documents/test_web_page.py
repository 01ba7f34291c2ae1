import re
from base64 import b64encode
from hashlib import sha256

import pytest

from maps.documents import document_policy
from maps.documents.web_page import write_html


@pytest.fixture(scope="module")
def html(document):
    return write_html(document).decode()


def test_ledger_text_is_escaped(html):
    assert html.count("=1+1 &lt;b&gt;{{ 7*7 }}&lt;/b&gt;") == 2
    assert "<b>" not in html


def test_nothing_is_fetched_and_nothing_runs(html):
    assert re.findall(r"<script|<link|https?://|url\(", html) == []
    assert 'src="data:image/png;base64,' in html


def test_the_policy_allows_this_style_and_no_other(html):
    style = re.search("<style>(.*?)</style>", html, re.DOTALL)[1]
    assert b64encode(sha256(style.encode()).digest()).decode() in document_policy()
    assert ' style="' not in html


def test_it_says_what_the_document_says(html, document):
    said = ("整治工作通报", "第 3 期", "三日排名通报", "截至8月31日24时", "模拟数据　内部使用")
    assert all(text in html for text in (*said, *document.notes, "2019年8月31日印发"))
    assert re.findall(r"<td[^>]*>(.*?)</td>", html)[-5:] == ["2", "金水区", "99.9%", "—", "—"]


def test_tables_alone_lie_on_broad_pages_without_a_mark(broad):
    html = write_html(broad).decode()
    assert '<body class="broad">' in html
    assert 'class="mark"' not in html
