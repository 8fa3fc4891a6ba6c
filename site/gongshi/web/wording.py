"""How the codes of the process read: every enum value and every refusal, in one table each.

A concept knows codes only. `label(member)` (in templates `{{ outcome|label }}`) words an enum's member, `say(refusal)`
a RuleBroken. A test fails when a value or a code is missing here, or has no Chinese.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from flask import Flask
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from gongshi.accounts.models import Act, Role
from gongshi.admissions.gate import ConditionCode, Gap
from gongshi.admissions.models import AdmissionOutcome
from gongshi.comments.models import Channel, CommentKind, CommentState, WithholdingReason
from gongshi.comments.refusals import Reason
from gongshi.consultations.models import Nature, RoundState
from gongshi.errors import RuleBroken
from gongshi.ledger import Kind
from gongshi.notices.models import InterruptionKind, NoticeKind
from gongshi.notices.openness import Openness
from gongshi.objections.models import Outcome
from gongshi.pilots.models import EventKind
from gongshi.projects.models import Block, Category, Severity
from gongshi.record.receipt_status import Progress, Step
from gongshi.record.trace import End
from gongshi.revisions.models import ChangeKind, Subject
from gongshi.revisions.redline import Mark
from gongshi.search import Sort
from gongshi.web import formatting

LABELS: dict[type[StrEnum], Mapping[str, str]] = {
    Act: {
        Act.PUBLISH: _("Publish"),
        Act.CORRECT: _("Correct"),
        Act.EXTEND: _("Extend"),
        Act.INTERRUPT: _("Suspend or withdraw"),
        Act.ENTER: _("Enter a comment that came by letter, e-mail or call"),
        Act.WITHHOLD: _("Withhold a comment"),
        Act.ANSWER: _("Answer"),
        Act.REVISE: _("Publish a revision"),
        Act.JUDGE: _("Judge a risk"),
        Act.DECIDE: _("Decide on admission"),
        Act.RECORD_EVENT: _("Record a pilot event"),
        Act.SUMMARISE: _("Publish the summary of opinions"),
    },
    AdmissionOutcome: {
        AdmissionOutcome.ADMITTED: _("Admitted"),
        AdmissionOutcome.REFUSED: _("Not admitted"),
        AdmissionOutcome.DEFERRED: _("Deferred"),
        AdmissionOutcome.WITHDRAWN: _("Withdrawn by the applicant"),
    },
    Block: {
        Block.HEADING: _("Heading"),
        Block.PARAGRAPH: _("Paragraph"),
        Block.ITEM: _("List item"),
        Block.HEADER: _("Table head"),
        Block.ROW: _("Table row"),
    },
    Category: {
        Category.SECURITIES: _("Securities company"),
        Category.FUND: _("Fund management company"),
        Category.FUTURES: _("Futures company"),
        Category.CORE: _("Core market institution"),
        Category.RATING: _("Credit rating agency"),
        Category.REGIONAL: _("Regional equity market operator"),
        Category.CUSTODY: _("Fund custodian"),
        Category.SERVICE: _("Securities and futures service institution"),
        Category.BANK: _("Bank"),
        Category.TECHNOLOGY: _("Technology company"),
        Category.OTHER: _("Other institution"),
    },
    ChangeKind: {
        ChangeKind.ADDED: _("Added"),
        ChangeKind.REMOVED: _("Removed"),
        ChangeKind.REWORDED: _("Reworded"),
        ChangeKind.MOVED: _("Moved"),
    },
    Channel: {
        Channel.WEB: _("On this site"),
        Channel.LETTER: _("By letter"),
        Channel.EMAIL: _("By e-mail"),
        Channel.CALL: _("By telephone"),
    },
    CommentKind: {
        CommentKind.OPPOSE: _("Oppose"),
        CommentKind.SUGGEST: _("Suggest"),
        CommentKind.ASK: _("Ask"),
        CommentKind.SUPPORT: _("Support"),
    },
    CommentState: {
        CommentState.PENDING: _("Under review"),
        CommentState.PUBLISHED: _("Published"),
        CommentState.WITHHELD: _("Withheld"),
        CommentState.WITHDRAWN: _("Withdrawn"),
    },
    ConditionCode: {
        ConditionCode.ROUND_OVER: _("The comment period is over"),
        ConditionCode.COMMENTS_PLACED: _("Every comment has its place"),
        ConditionCode.OBJECTIONS_DISPOSED: _("Every objection is disposed of"),
        ConditionCode.ADOPTED_REALISED: _("What was adopted is in the plan"),
        ConditionCode.MAJOR_RISKS_COVERED: _("Every major risk is covered"),
        ConditionCode.VERSION_PUBLIC: _("The current plan is public"),
        ConditionCode.ANSWERS_WAITED: _("The wait after the last answer is over"),
    },
    End: {
        End.OBJECTION: _("Grouped into an objection"),
        End.ELSEWHERE: _("Concerns other projects only"),
        End.ANSWER: _("Answered"),
        End.NOT_PLACED: _("Not grouped yet"),
        End.PENDING: _("Under review"),
        End.WITHHELD: _("Withheld"),
        End.WITHDRAWN: _("Withdrawn"),
    },
    EventKind: {
        EventKind.MONITORING: _("Operational monitoring"),
        EventKind.INSPECTION: _("On-site inspection"),
        EventKind.CONCLUSION: _("Evaluation conclusion"),
        EventKind.IMPROVEMENT: _("Improvement"),
        EventKind.RECTIFICATION: _("Rectification"),
        EventKind.SUSPENSION: _("Pilot suspended"),
        EventKind.STOP: _("Pilot stopped"),
        EventKind.EXIT: _("Exit"),
        EventKind.CONVERSION: _("Conversion to regular operation"),
    },
    Gap: {
        Gap.NO_RISK: _("the current plan has no such risk"),
        Gap.NO_PREVENTION: _("no prevention measure is stated"),
        Gap.NO_COMPENSATION: _("no compensation mechanism is stated"),
        Gap.NOT_JUDGED: _("whether it suffices has not been judged"),
        Gap.INSUFFICIENT: _("it was judged insufficient"),
    },
    InterruptionKind: {
        InterruptionKind.SUSPENDED: _("Consultation suspended"),
        InterruptionKind.WITHDRAWN: _("Consultation withdrawn"),
    },
    Kind: {
        Kind.CONSULTATION_PUBLISHED: _("Consultation published"),
        Kind.CONSULTATION_CORRECTED: _("Consultation corrected"),
        Kind.CONSULTATION_SUSPENDED: _("Consultation suspended"),
        Kind.CONSULTATION_WITHDRAWN: _("Consultation withdrawn"),
        Kind.ROUND_SCHEDULED: _("Round scheduled"),
        Kind.ROUND_EXTENDED: _("Round extended"),
        Kind.NOTICE_PUBLISHED: _("Notice published"),
        Kind.VERSION_PUBLISHED: _("Plan version published"),
        Kind.COMMENT_RECEIVED: _("Comment received"),
        Kind.COMMENT_PUBLISHED: _("Comment published"),
        Kind.COMMENT_WITHHELD: _("Comment withheld"),
        Kind.COMMENT_WITHDRAWN: _("Comment withdrawn"),
        Kind.COMMENT_REPLACED: _("Comment replaced"),
        Kind.COMMENT_REDACTED: _("Comment redacted"),
        Kind.COMMENT_ERASED: _("Comment erased"),
        Kind.COMMENT_DISPUTED: _("Comment disputed by the person it names"),
        Kind.COMMENT_APPEALED: _("Withholding appealed"),
        Kind.OBJECTION_WORDED: _("Objection worded"),
        Kind.OBJECTION_MERGED: _("Objections merged"),
        Kind.OBJECTION_SPLIT: _("Objection split"),
        Kind.OBJECTION_DISPOSED: _("Objection disposed of"),
        Kind.ANSWER_PUBLISHED: _("Answer published"),
        Kind.RESPONSE_RECORDED: _("Response to an answer recorded"),
        Kind.RISK_JUDGED: _("Risk judged"),
        Kind.GATE_RUN: _("Gate run"),
        Kind.ADMISSION_DECIDED: _("Admission decided"),
        Kind.SUMMARY_PUBLISHED: _("Summary of opinions published"),
        Kind.PILOT_EVENT: _("Pilot event recorded"),
        Kind.KEY_ROTATED: _("Signing key rotated"),
        Kind.CLOCK_STEPPED: _("Clock stepped back"),
        Kind.STAFF_ROLE: _("Staff role changed"),
    },
    Mark: {Mark.KEPT: _("Kept"), Mark.REMOVED: _("Removed words"), Mark.ADDED: _("Added words")},
    Nature: {
        Nature.LIVE: _("Consultation"),
        Nature.ARCHIVE: _("Historical record"),
        Nature.EXAMPLE: _("Worked example"),
    },
    NoticeKind: {
        NoticeKind.CALL: _("Call for applications"),
        NoticeKind.CONSULTATION: _("Consultation notice"),
        NoticeKind.CORRECTION: _("Correction"),
        NoticeKind.EXTENSION: _("Extension"),
        NoticeKind.INTERRUPTION: _("Suspension or withdrawal"),
        NoticeKind.SUMMARY: _("Summary of opinions"),
        NoticeKind.ADMISSION: _("Admission notice"),
        NoticeKind.LIFE_CYCLE: _("Pilot news"),
    },
    Openness: {
        Openness.NEVER: _("Takes no comments"),
        Openness.SCHEDULED: _("Not open yet"),
        Openness.OPEN: _("Open for comment"),
        Openness.CLOSED: _("Comment period over"),
        Openness.SUSPENDED: _("Consultation suspended"),
        Openness.WITHDRAWN: _("Consultation withdrawn"),
    },
    Outcome: {
        Outcome.ADOPTED: _("Adopted"),
        Outcome.PARTLY_ADOPTED: _("Partly adopted"),
        Outcome.NOT_ADOPTED: _("Not adopted"),
        Outcome.EXPLAINED: _("Explained"),
        Outcome.OUT_OF_SCOPE: _("Outside the scope of this consultation"),
    },
    Progress: {
        Progress.DONE: _("done"),
        Progress.NOW: _("in progress"),
        Progress.AHEAD: _("ahead"),
    },
    Reason: {
        Reason.NOT_OPEN: _("Outside the comment period"),
        Reason.NETWORK_LIMIT: _("Too many from one network"),
        Reason.CONSULTATION_LIMIT: _("Too many for this consultation at once"),
        Reason.KIND_MISSING: _("No kind chosen"),
        Reason.TEXT_MISSING: _("No text"),
        Reason.TEXT_TOO_LONG: _("Text too long"),
        Reason.TEXT_UNREADABLE: _("Characters that cannot be stored"),
        Reason.KEY_USED_FOR_ANOTHER_TEXT: _("Form sent again with another text"),
        Reason.BUSY: _("Site busy"),
        Reason.READ_ONLY: _("Site read-only"),
    },
    Role: {
        Role.EDITOR: _("Editor"),
        Role.PUBLISHER: _("Publisher"),
        Role.ANALYST: _("Analyst"),
        Role.ADMIN: _("Administrator"),
    },
    RoundState: {
        RoundState.SCHEDULED: _("Not open yet"),
        RoundState.OPEN: _("Open for comment"),
        RoundState.CLOSED: _("Comment period over"),
    },
    Severity: {Severity.GENERAL: _("General"), Severity.MAJOR: _("Major")},
    Step: {
        Step.RECEIVED: _("Received"),
        Step.REVIEW: _("Under review"),
        Step.PUBLICATION: _("Published or withheld"),
        Step.GROUPING: _("Grouped into an objection or an answer"),
        Step.ANSWER: _("Answered"),
        Step.CHANGES: _("Lines changed"),
        Step.DECISION: _("Decision"),
    },
    Sort: {Sort.RELEVANCE: _("Best first"), Sort.NEWEST: _("Newest first")},
    Subject: {Subject.PARAGRAPH: _("Paragraph"), Subject.RISK: _("Risk")},
    WithholdingReason: {
        WithholdingReason.UNLAWFUL: _("Unlawful content"),
        WithholdingReason.DEFAMATION: _("Defamation"),
        WithholdingReason.PERSONAL_DATA: _("Personal data of others"),
        WithholdingReason.SECRET: _("State or trade secrets"),
        WithholdingReason.ADVERTISING: _("Advertising"),
        WithholdingReason.ABUSE: _("Abuse"),
    },
}

REFUSALS: dict[str, str] = {
    "account-inactive": _("The account of %(person)s has been switched off."),
    "admin-holds-nothing-else": _("An administrator holds no other role: %(person)s."),
    "already-answered": _("Objection %(objection)s has its disposition already."),
    "already-decided": _("Project %(project)s has been decided already. Only a deferred project is decided again."),
    "already-published": _("This has been published already. What changes later is a correction."),
    "already-settled": _("Comment %(comment)s has been settled already and stays as it is."),
    "archive-takes-no-comments": _("This is a historical record. It has no comment period."),
    "cause-of-another-project": _(
        "Objection %(objection)s does not concern project %(project)s and cannot be the cause of a change in it."
    ),
    "change-unexplained": _(
        "Every change names the objections behind it, or why the applicant made it unasked; missing for: %(keys)s."
    ),
    "change-unknown": _("An explanation was given for what did not change: %(keys)s."),
    "comment-not-published": _("Only published comments can be placed under an objection or an answer: %(comments)s."),
    "commitment-unknown": _("An event names one commitment of the admitted plan, a paragraph or a risk."),
    "decision-text-missing": _("The decision on project %(project)s needs a published text."),
    "gate-moved": _("What was shown for project %(project)s has changed since. Please look at the conditions again."),
    "gate-not-passed": _("Project %(project)s cannot be admitted; not met: %(conditions)s."),
    "gate-not-run": _("A decision on project %(project)s rests on a confirmed check of its conditions; there is none."),
    "judgement-without-reason": _("The judgement of risk %(risk)s needs a reason."),
    "key-used-for-another-text": _(
        "This form was sent before with another text, and that text was received. "
        "Press the button again if this text, too, should be sent: it will be a comment of its own."
    ),
    "lead-unknown": _("Project %(project)s must name its lead institution."),
    "list-closed": _("A published list takes no further projects."),
    "never-shortened": _("A published comment period is never shortened; it runs until %(closes_at)s."),
    "no-comments": _("An objection is raised by at least one comment, and an answer is given to at least one."),
    "no-earlier-version": _("There is no published version before version %(version)s."),
    "no-projects": _("An objection concerns at least one project of the list."),
    "not-admitted": _("Project %(project)s has not been admitted, so there is no pilot to report on."),
    "not-of-this-list": _("Not part of this list: %(found)s."),
    "not-open": _(
        "Comments are taken only while the comment period is open. This one opens at %(opens_at)s "
        "and closes at %(closes_at)s. Nothing was stored."
    ),
    "not-your-bureau": _("%(person)s belongs to another bureau and cannot act here."),
    "not-your-role": _("This act is not for the roles of %(person)s."),
    "nothing-changed": _("The new version of the plan of project %(project)s does not differ from the one before."),
    "nothing-sent": _("Please write a comment before sending."),
    "nothing-to-cover": _("Risk %(risk)s cannot be judged covered: prevention and compensation are not both stated."),
    "nothing-to-decide": _(
        "Project %(project)s is on no published list, or on a historical one: nothing is decided about it."
    ),
    "nothing-to-publish": _("There is no project in this list yet."),
    "notice-is-generated": _("A notice of this kind comes from its act and is not entered by hand."),
    "period-in-the-past": _("A comment period opens no earlier than it is published, and closes after it opens."),
    "period-too-short": _(
        "A comment period shorter than 30 days needs a published reason; this one has %(days)s days."
    ),
    "placed-twice": _("A comment ends under objections or under one answer, never under both: %(comments)s."),
    "plan-missing": _("A list is published only when every project has a plan; missing: %(projects)s."),
    "project-number-taken": _("The number %(project)s is taken in this list."),
    "project-of-another-list": _("Project %(project)s belongs to another list."),
    "reason-missing": _("This act needs a published reason."),
    "reasons-missing": _("A public reason is needed: %(objection)s."),
    "risk-not-named": _("A major objection names a risk of the register of project %(project)s."),
    "risk-unknown": _("Risk %(risk)s is not in the plan version that the public can read."),
    "round-over": _("The comment period is over. It can no longer be extended or interrupted."),
    "rule-broken": _("The procedure does not allow this."),
    "same-person": _("Whoever prepares an act cannot approve it; a second person has to."),
    "summary-does-not-add-up": _(
        "The summary cannot be published: of %(received)s comments received, %(answered)s are answered, "
        "%(withheld)s withheld and %(withdrawn)s withdrawn. Still open: %(unanswered)s."
    ),
    "summary-too-early": _("The comment period of %(consultation)s is not over, so there is nothing to sum up yet."),
    "target-unknown": _("What this comment speaks of is not part of this list, or its plan version is not public."),
    "text-missing": _("Please write what you want to say."),
    "text-too-long": _(
        "The text has %(length)s characters; at most %(limit)s are accepted. Nothing was cut, nothing was stored."
    ),
    "text-unreadable": _("The text contains characters that cannot be stored as sent. Please retype that passage."),
    "version-already-published": _("Version %(version)s has been published already."),
}


def init_app(app: Flask) -> None:
    """Make `label` a template filter."""
    app.jinja_env.filters["label"] = label


def label(member: StrEnum) -> str:
    """What people read for a member of an enum."""
    return str(LABELS[type(member)][member])


def say(refusal: RuleBroken) -> str:
    """A refusal as one sentence, its details filled in."""
    template = str(REFUSALS.get(refusal.code, REFUSALS["rule-broken"]))
    details: dict[str, str] = defaultdict(lambda: "…")
    details.update({name: _shown(value) for name, value in refusal.details.items()})
    return template % details


def _shown(value: object) -> str:
    if isinstance(value, datetime):
        return formatting.spoken_closing(value)
    if isinstance(value, timedelta):
        return formatting.lasting(value)
    if isinstance(value, StrEnum):
        return label(value)
    if isinstance(value, list | tuple):
        return str(gettext(", ")).join(_shown(one) for one in value)
    return "—" if value is None else str(value)
