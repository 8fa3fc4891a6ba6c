"""Why an act on a list, or a notice, is refused."""

from gongshi.errors import RuleBroken


class AlreadyPublished(RuleBroken):
    """A list is published once; what changes later is a correction."""

    code = "already-published"


class NotPublishedYet(RuleBroken):
    """What nobody has published is amended, not corrected."""

    code = "not-published-yet"


class NothingToPublish(RuleBroken):
    """A list is published with its projects, each with a plan and a risk register."""

    code = "nothing-to-publish"


class PlanMissing(RuleBroken):
    """A project whose plan the public cannot read cannot be commented on."""

    code = "plan-missing"


class PeriodTooShort(RuleBroken):
    """A period shorter than 30 days needs a published reason (rule 4)."""

    code = "period-too-short"


class PeriodInThePast(RuleBroken):
    """A round opens after it is published and closes after it opens."""

    code = "period-in-the-past"


class PublicFromInThePast(RuleBroken):
    """What is approved now becomes public now or later, at a whole minute."""

    code = "public-from-in-the-past"


class NeverShortened(RuleBroken):
    """A published period is never shortened (rule 1)."""

    code = "never-shortened"


class ReasonMissing(RuleBroken):
    """This act needs a published reason."""

    code = "reason-missing"


class RoundOver(RuleBroken):
    """What is over cannot be extended or interrupted; a second round can be scheduled."""

    code = "round-over"


class RoundRunning(RuleBroken):
    """A further round is scheduled once the rounds before it are over; until then a period is extended."""

    code = "round-running"


class ArchiveTakesNoComments(RuleBroken):
    """An archive list is a record: it has no round, no gate and no admission."""

    code = "archive-takes-no-comments"


class NoticeUnfinished(RuleBroken):
    """A notice has a title and a text."""

    code = "notice-unfinished"


class NoticeIsGenerated(RuleBroken):
    """The summary of opinions, and the notice of an interruption, come from their act and are never typed (rule 11)."""

    code = "notice-is-generated"


class ProjectOfAnotherList(RuleBroken):
    """What is said about a project is said on its own list."""

    code = "project-of-another-list"


class NothingCorrected(RuleBroken):
    """A correction changes at least one value, and each to another one."""

    code = "nothing-corrected"


class CorrectionUnfinished(RuleBroken):
    """What is corrected gets a value: one for a name, institutions where institutions are meant, each once."""

    code = "correction-unfinished"


class TooManyAttachments(RuleBroken):
    """A notice carries at most ten files."""

    code = "too-many-attachments"
