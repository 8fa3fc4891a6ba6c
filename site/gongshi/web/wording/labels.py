"""What people read for the members of the enums that the public pages show."""

from collections.abc import Mapping
from enum import StrEnum

from flask_babel import lazy_gettext as _

from gongshi.accounts.models import Act, Role
from gongshi.admissions.gate import ConditionCode, Gap
from gongshi.admissions.models import AdmissionOutcome
from gongshi.comments.models import Channel, CommentKind, CommentState, WithholdingReason
from gongshi.comments.refusals import Reason
from gongshi.consultations.models import Nature, RoundState
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

LABELS: dict[type[StrEnum], Mapping[str, str]] = {
    Act: {
        Act.PUBLISH: _("Publish"),
        Act.CORRECT: _("Correct"),
        Act.EXTEND: _("Extend"),
        Act.INTERRUPT: _("Suspend or withdraw"),
        Act.ENTER: _("Enter a comment that came by letter, e-mail or call"),
        Act.WITHHOLD: _("Withhold a comment"),
        Act.APPEAL: _("Decide the appeal of a withholding"),
        Act.REDACT: _("Cover part of a comment"),
        Act.ERASE: _("Erase what the law says must go"),
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
        ConditionCode.NOT_INTERRUPTED: _("Neither suspended nor withdrawn"),
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
        Reason.LATE: _("After the end of the comment period"),
        Reason.NETWORK_BLOCKED: _("Network blocked by staff"),
        Reason.WITHOUT_PROOF_LIMIT: _("Too many from one network without a proof of work"),
        Reason.PROOF_INVALID: _("Proof of work not valid"),
        Reason.PROOF_TOO_OLD: _("Proof of work too old"),
        Reason.PROOF_USED: _("Proof of work used before"),
        Reason.NETWORK_LIMIT: _("Too many from one network"),
        Reason.CONSULTATION_LIMIT: _("Too many for this consultation at once"),
        Reason.KIND_MISSING: _("No kind chosen"),
        Reason.TEXT_MISSING: _("No text"),
        Reason.TEXT_TOO_LONG: _("Text too long"),
        Reason.TEXT_UNREADABLE: _("Characters that cannot be stored"),
        Reason.TOO_MANY_POINTS: _("Too many comments in one submission"),
        Reason.TEXTS_TOO_LONG: _("Comments too long together"),
        Reason.NAME_MISSING: _("Consent to publish a name without a name"),
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
