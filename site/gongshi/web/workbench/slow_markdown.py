"""A notice that a form takes is proven to be set quickly, before it is kept."""

from wtforms import Field, ValidationError

from gongshi.errors import RuleBroken
from gongshi.web import long_markdown, wording


def refuse_slow(field: Field) -> None:
    """A validator: the text of a notice can be rendered, and soon."""
    try:
        long_markdown.prove(field.data or "")
    except RuleBroken as refusal:
        raise ValidationError(wording.say(refusal)) from refusal
