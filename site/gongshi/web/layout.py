"""A plan's paragraphs as a page sets them: sections under headings, and in them paragraphs, lists and tables. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from gongshi.projects.models import Block, Paragraph
from gongshi.projects.plan_text import PlanParagraph

# Stored, or still being written.
Text = Paragraph | PlanParagraph
FORMS = {Block.PARAGRAPH: "paragraph", Block.ITEM: "list", Block.HEADER: "table", Block.ROW: "table"}


@dataclass(frozen=True)
class Group:
    """Neighbours that are set together: the items of one list, the rows of one table, or paragraphs."""

    form: str
    paragraphs: tuple[Text, ...]

    @property
    def header(self) -> Text | None:
        """A table's head, where it has one."""
        first = self.paragraphs[0]
        return first if first.block is Block.HEADER else None

    @property
    def body(self) -> tuple[Text, ...]:
        return self.paragraphs[1:] if self.header else self.paragraphs


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it, up to the next heading of whatever level."""

    heading: Text | None
    groups: tuple[Group, ...]

    @property
    def is_chapter(self) -> bool:
        return self.heading is not None and self.heading.level <= 2


def sections(paragraphs: Iterable[Text]) -> list[Section]:
    """The sections of a plan in their order; text before the first heading is a section without one."""
    found: list[Section] = []
    heading: Text | None = None
    text: list[Text] = []
    for paragraph in paragraphs:
        if paragraph.block is not Block.HEADING:
            text.append(paragraph)
            continue
        if heading is not None or text:
            found.append(Section(heading, _groups(text)))
        heading, text = paragraph, []
    if heading is not None or text:
        found.append(Section(heading, _groups(text)))
    return found


def _groups(paragraphs: Sequence[Text]) -> tuple[Group, ...]:
    return tuple(
        Group(form, tuple(neighbours)) for form, neighbours in groupby(paragraphs, key=lambda one: FORMS[one.block])
    )
