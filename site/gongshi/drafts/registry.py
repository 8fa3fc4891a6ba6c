"""Which class holds the contents of which kind of draft."""

from gongshi.drafts import answering, appeals, deciding, erasing, moderation, publishing, revising
from gongshi.drafts.contents import Contents
from gongshi.drafts.models import Draft, DraftKind

KINDS: tuple[type[Contents], ...] = (
    publishing.ListPublication,
    publishing.NoticePublication,
    publishing.ListCorrection,
    publishing.Extension,
    publishing.SecondRound,
    publishing.Stop,
    moderation.Letter,
    moderation.Withheld,
    moderation.Redaction,
    erasing.Erased,
    appeals.AppealRuling,
    answering.Answers,
    deciding.Judgement,
    deciding.Decision,
    deciding.Summary,
    deciding.Event,
    deciding.ScopeChange,
    revising.NextVersion,
)
CONTENTS: dict[DraftKind, type[Contents]] = {one.kind: one for one in KINDS}


def contents_of(draft: Draft) -> Contents:
    """What a draft holds, as a typed value."""
    return CONTENTS[draft.kind].from_json(draft.contents)
