"""Markdown as HTML that can do no harm: the conversion itself, without the site around it. Pure.

It runs in the server for what has been published, and in a child that can be killed for what is still being written.
"""

from xml.etree.ElementTree import Element

import nh3
from markdown import Markdown
from markdown.treeprocessors import Treeprocessor

TAGS = {
    "a", "abbr", "blockquote", "br", "code", "dd", "del", "div", "dl", "dt", "em", "h2", "h3", "h4", "h5", "h6", "hr",
    "ins", "li", "ol", "p", "pre", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
HEADINGS = ("h2", "h3", "h4", "h5", "h6")
ATTRIBUTES = {
    "a": {"href", "title"}, "ol": {"start"}, "abbr": {"title"}, "div": {"aria-label"},
    **{heading: {"id"} for heading in HEADINGS},
}  # fmt: skip
# A table wider than the page scrolls in a region of its own, which a keyboard can reach and a screen reader names.
REGION = {"class": "scroll", "role": "region", "tabindex": "0"}


class _Tables(Treeprocessor):
    """Puts every table into its region."""

    def __init__(self, converter: Markdown, word: str) -> None:
        super().__init__(converter)
        self.word = word

    def run(self, root: Element) -> None:
        for parent in list(root.iter()):
            for place, table in enumerate(parent):
                if table.tag == "table":
                    columns = " ".join("".join(cell.itertext()) for cell in table.iter("th"))
                    region = Element("div", {**REGION, "aria-label": f"{self.word}: {columns}"})
                    region.append(table)
                    parent[place] = region


def convert(text: str, *, table_word: str) -> str:
    """Sanitised HTML. `table_word` names a table to a screen reader."""
    converter = Markdown(
        extensions=["tables", "toc", "sane_lists"],
        extension_configs={"toc": {"slugify": _slug}},
        output_format="html",
    )
    # After the inline patterns, when the words of the head row are there.
    converter.treeprocessors.register(_Tables(converter, table_word), "tables-in-regions", 5)
    return nh3.clean(
        converter.convert(text),
        tags=TAGS,
        attributes=ATTRIBUTES,
        tag_attribute_values={"div": {name: {value} for name, value in REGION.items()}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener noreferrer",
    )


def _slug(heading: str, separator: str) -> str:
    return "s-" + separator.join(heading.split())
