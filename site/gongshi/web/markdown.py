"""Markdown of notices and fixed pages, as HTML that can do no harm. Comments are plain text and never come here."""

from xml.etree.ElementTree import Element

import nh3
from flask_babel import gettext as _
from markdown import Markdown
from markdown.treeprocessors import Treeprocessor
from markupsafe import Markup

LONGEST = 20 * 1024  # bytes; Python-Markdown needs seconds for some inputs that are longer.
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

    def run(self, root: Element) -> None:
        for parent in list(root.iter()):
            for place, table in enumerate(parent):
                if table.tag == "table":
                    columns = " ".join("".join(cell.itertext()) for cell in table.iter("th"))
                    region = Element("div", {**REGION, "aria-label": f"{_('Table')}: {columns}"})
                    region.append(table)
                    parent[place] = region


class TooLong(ValueError):
    """Longer than anything that is rendered: a fault of the content, not of a reader."""


def render(text: str) -> Markup:
    """A Markdown document as sanitised HTML. Its headings begin with `##`, h1 being the page's, and carry ids `s-…`."""
    size = len(text.encode())
    if size > LONGEST:
        raise TooLong(f"{size} bytes of Markdown, at most {LONGEST} are rendered")
    converter = Markdown(
        extensions=["tables", "toc", "sane_lists"],
        extension_configs={"toc": {"slugify": _slug}},
        output_format="html",
    )
    # After the inline patterns, when the words of the head row are there.
    converter.treeprocessors.register(_Tables(converter), "tables-in-regions", 5)
    # nh3 has dropped everything that is not in the lists above: this is the one place where text becomes markup.
    return Markup(  # noqa: S704
        nh3.clean(
            converter.convert(text),
            tags=TAGS,
            attributes=ATTRIBUTES,
            tag_attribute_values={"div": {name: {value} for name, value in REGION.items()}},
            url_schemes={"http", "https", "mailto"},
            link_rel="nofollow noopener noreferrer",
        )
    )


def _slug(heading: str, separator: str) -> str:
    return "s-" + separator.join(heading.split())
