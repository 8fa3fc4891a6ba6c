"""Nothing in a notice or a fixed page can run, load or pretend to be part of the site."""

import time

import pytest

from gongshi.web import markdown

HOSTILE = [
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    '<a href="javascript:alert(1)">x</a>',
    "[x](javascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    '<svg onload="alert(1)"></svg>',
    '<iframe src="https://elsewhere.example"></iframe>',
    '<p style="position:fixed;inset:0">over everything</p>',
    '<form action="https://elsewhere.example"><input name="secret"></form>',
    '<a id="main" class="btn" name="main">x</a>',
    "<style>body{display:none}</style>",
    "<!-- <script>alert(1)</script> -->",
    "![picture](https://elsewhere.example/pixel.png)",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_markup_that_could_do_harm_is_taken_out(text: str) -> None:
    shown = str(markdown.render(text)).lower()

    for harm in ("<script", "onerror", "onload", "javascript:", "data:", "<svg", "<iframe", "<img", "<form", "<input"):
        assert harm not in shown
    assert "style" not in shown
    assert "class=" not in shown


def test_what_a_notice_needs_is_kept() -> None:
    shown = markdown.render("## 来源 说明\n\n| 甲 | 乙 |\n|---|---|\n| 1 | 2 |\n\n- [台账](/ledger/)\n- **重要**\n")

    assert '<h2 id="s-来源-说明">' in shown
    assert "<td>1</td>" in shown
    assert 'href="/ledger/"' in shown
    assert "<strong>重要</strong>" in shown


def test_two_headings_alike_have_two_ids() -> None:
    shown = str(markdown.render("## 甲\n\n## 甲\n"))

    assert 'id="s-甲"' in shown
    assert 'id="s-甲_1"' in shown


def test_what_is_too_long_is_not_rendered() -> None:
    with pytest.raises(markdown.TooLong):
        markdown.render("字" * 7000)


def test_a_long_plain_document_is_rendered_quickly() -> None:
    begun = time.monotonic()

    markdown.render("这是一段普通的公告正文。\n\n" * 500)

    assert time.monotonic() - begun < 1
