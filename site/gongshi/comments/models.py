"""Submissions, comments and what became of their text."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gongshi.accounts.models import Approval, StaffUser
from gongshi.append_only import append_only
from gongshi.comments import covering
from gongshi.comments.covering import Piece, Span
from gongshi.comments.said_models import InOwnWords, keep_words
from gongshi.consultations.models import Consultation, Round
from gongshi.db import Base, Code, Id, enumerated
from gongshi.projects.models import PlanVersion, Project

# How long a comment can be taken back or replaced (rule 7).
CHANGE_WITHIN = timedelta(minutes=10)


class CommentKind(StrEnum):
    """反对 oppose / 建议 suggest / 咨询 ask / 支持 support."""

    OPPOSE = "oppose"
    SUGGEST = "suggest"
    ASK = "ask"
    SUPPORT = "support"


class Channel(StrEnum):
    """How it came: on the site, or by letter, e-mail or call and entered by staff (rule 11)."""

    WEB = "web"
    LETTER = "letter"
    EMAIL = "email"
    CALL = "call"


class CommentState(StrEnum):
    """What the public can see of a comment. Placement under objections and answers is kept with those."""

    PENDING = "pending"
    PUBLISHED = "published"
    WITHHELD = "withheld"
    WITHDRAWN = "withdrawn"


class Proof(StrEnum):
    """Whether a proof of work came with a submission. Neither is better than the other; limits differ."""

    NONE = "none"
    SOLVED = "solved"


class WithholdingReason(StrEnum):
    """Why a comment's text is not shown. Being wrong, rude or one of many is not a reason."""

    UNLAWFUL = "unlawful"
    DEFAMATION = "defamation"
    PERSONAL_DATA = "personal-data"
    SECRET = "secret"  # noqa: S105  A reason code, not a password.
    ADVERTISING = "advertising"
    ABUSE = "abuse"


class AppealOutcome(StrEnum):
    """公布 the text is shown after all / 维持不予公开 it stays withheld."""

    PUBLISHED = "published"
    KEPT = "kept"


class Submission(Base):
    """提交: one sending. Its key makes it happen once, its receipt is the only key to its status.

    Of the receipt's secret only a hash is kept; the secret itself is an HMAC of the submission key (rule 5).
    `difficulty` is how many tries its proof of work took on average. What came on paper has neither mark.
    """

    __tablename__ = "submission"

    id: Mapped[Id]
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultation.id"))
    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"))
    submission_key: Mapped[Code] = mapped_column(unique=True)
    body_sha256: Mapped[Code]
    receipt_number: Mapped[Code] = mapped_column(unique=True)
    secret_sha256: Mapped[Code]
    channel: Mapped[Channel] = mapped_column(enumerated(Channel))
    received_at: Mapped[datetime]
    entered_approval_id: Mapped[UUID | None] = mapped_column(ForeignKey("approval.id"))
    proof: Mapped[Proof | None] = mapped_column(enumerated(Proof))
    difficulty: Mapped[int | None]

    consultation: Mapped[Consultation] = relationship()
    round: Mapped[Round] = relationship()
    comments: Mapped[list["Comment"]] = relationship(back_populates="submission", order_by="Comment.seq")


class Comment(Base):
    """意见: one point of a submission, about the list, a project, or one paragraph of one version of its plan.

    `number` is the consultation's number and a running one: 2026-SL-01-0418. The text is kept exactly as sent.
    """

    __tablename__ = "comment"
    __table_args__ = (
        UniqueConstraint("consultation_id", "seq"),
        CheckConstraint("paragraph_key IS NULL OR version_id IS NOT NULL", name="paragraph_of_a_version"),
        CheckConstraint("version_id IS NULL OR project_id IS NOT NULL", name="version_of_a_project"),
        Index("ix_comment_listing", "consultation_id", "state", "seq"),
        Index("ix_comment_target", "project_id", "paragraph_key", "state", "seq"),
    )

    id: Mapped[Id]
    submission_id: Mapped[UUID] = mapped_column(ForeignKey("submission.id"), index=True)
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultation.id"))
    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"))
    seq: Mapped[int]
    number: Mapped[Code] = mapped_column(unique=True)
    kind: Mapped[CommentKind] = mapped_column(enumerated(CommentKind))
    text: Mapped[str]
    resolution: Mapped[str | None]
    text_salt: Mapped[bytes] = mapped_column(LargeBinary)
    resolution_salt: Mapped[bytes | None] = mapped_column(LargeBinary)
    project_id: Mapped[UUID | None] = mapped_column(ForeignKey("project.id"))
    version_id: Mapped[UUID | None] = mapped_column(ForeignKey("plan_version.id"))
    paragraph_key: Mapped[str | None]
    received_at: Mapped[datetime]
    ledger_index: Mapped[int]
    state: Mapped[CommentState] = mapped_column(enumerated(CommentState), default=CommentState.PENDING)
    state_at: Mapped[datetime]
    state_ledger_index: Mapped[int | None]
    redacted_at: Mapped[datetime | None]
    text_ordinal: Mapped[int] = mapped_column(default=0, server_default="0")
    erased_at: Mapped[datetime | None]
    published_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff_user.id"))

    submission: Mapped[Submission] = relationship(back_populates="comments")
    consultation: Mapped[Consultation] = relationship()
    round: Mapped[Round] = relationship()
    project: Mapped[Project | None] = relationship()
    version: Mapped[PlanVersion | None] = relationship()
    published_by: Mapped[StaffUser | None] = relationship()
    withholding: Mapped["Withholding | None"] = relationship(back_populates="comment")
    redactions: Mapped[list["Redaction"]] = relationship(back_populates="comment", order_by="Redaction.ordinal")

    @property
    def changeable_until(self) -> datetime:
        """The first instant at which its sender can no longer take it back or replace it (rule 7)."""
        return min(self.received_at + CHANGE_WITHIN, self.round.closes_at)

    @property
    def was_taken_back(self) -> bool:
        """Whether it was withdrawn while it could be taken back. It counts as withdrawn all the same."""
        return self.state is CommentState.WITHDRAWN and self.state_at < self.changeable_until

    @property
    def redaction(self) -> "Redaction | None":
        """The latest one: what it shows is what the public may read. Asked for only where there is one."""
        return self.redactions[-1] if self.redacted_at is not None else None

    @property
    def is_text_erased(self) -> bool:
        """Whether what was said is gone for good; what is left is that, when and where it was said."""
        return self.erased_at is not None and not self.text_salt

    @property
    def shown_text(self) -> str:
        """The text as the public may read it. `text` itself is for the receipt's holder alone once it is redacted."""
        return self.redaction.shown_text if self.redaction else self.text

    @property
    def shown_resolution(self) -> str | None:
        """What change would resolve it, as the public may read it."""
        return self.redaction.shown_resolution if self.redaction else self.resolution

    @property
    def shown_pieces(self) -> list[Piece]:
        """The shown text with its covered places told apart."""
        if self.is_text_erased:
            return [Piece("", is_erased=True)]
        return self.redaction.pieces("text") if self.redaction else [Piece(self.text)]

    def shown_beginning(self, longest: int) -> list[Piece]:
        """The first characters of it, and never more than a few lines."""
        return covering.beginning(self.shown_pieces, longest)

    def is_longer_than(self, longest: int) -> bool:
        """Whether there is more to read than that beginning."""
        return len(self.shown_text) > longest or self.shown_text.count("\n") >= covering.MOST_LINES

    @property
    def shown_resolution_pieces(self) -> list[Piece]:
        if self.redaction and self.resolution is not None:
            return self.redaction.pieces("resolution")
        return [Piece(self.resolution or "")]


class Redaction(Base):
    """遮盖: part of the shown text is covered, by two people; the original stays as it was sent, sealed.

    A later one covers at least what the earlier ones did. `spans` are the covered places of `text` and `resolution`.
    """

    __tablename__ = "redaction"
    __table_args__ = (UniqueConstraint("comment_id", "ordinal"),)

    id: Mapped[Id]
    comment_id: Mapped[UUID] = mapped_column(ForeignKey("comment.id"))
    ordinal: Mapped[int]
    spans: Mapped[dict[str, Any]]
    shown_text: Mapped[str]
    shown_resolution: Mapped[str | None]
    reason: Mapped[WithholdingReason] = mapped_column(enumerated(WithholdingReason))
    redacted_at: Mapped[datetime]
    ledger_index: Mapped[int | None]
    approval_id: Mapped[UUID] = mapped_column(ForeignKey("approval.id"))

    comment: Mapped[Comment] = relationship(back_populates="redactions")
    approval: Mapped[Approval] = relationship()

    def spans_of(self, name: str) -> list[Span]:
        """The covered places of "text" or of "resolution"."""
        return covering.joined(self.spans.get(name, []))

    def pieces(self, name: str) -> list[Piece]:
        shown = self.shown_text if name == "text" else self.shown_resolution or ""
        return covering.pieces(shown, self.spans_of(name))


class Withholding(Base):
    """不予公开: the text is not shown, for a reason with a code and a second person; the comment stays counted."""

    __tablename__ = "withholding"

    id: Mapped[Id]
    comment_id: Mapped[UUID] = mapped_column(ForeignKey("comment.id"), unique=True)
    reason: Mapped[WithholdingReason] = mapped_column(enumerated(WithholdingReason))
    withheld_at: Mapped[datetime]
    approval_id: Mapped[UUID] = mapped_column(ForeignKey("approval.id"))

    comment: Mapped[Comment] = relationship(back_populates="withholding")
    approval: Mapped[Approval] = relationship()
    appeals: Mapped[list["Appeal"]] = relationship(back_populates="withholding", order_by="Appeal.ordinal")

    @property
    def open_appeal(self) -> "Appeal | None":
        """The appeal that waits for its decision."""
        return self.appeals[-1] if self.appeals and self.appeals[-1].decision is None else None

    @property
    def reason_in_force(self) -> WithholdingReason:
        """Why the text is not shown: as it was withheld, or as the latest appeal was decided."""
        decided = [one.decision.withheld_for for one in self.appeals if one.decision is not None]
        return next((one for one in reversed(decided) if one is not None), self.reason)


class Appeal(InOwnWords, Base):
    """申诉: the holder of the receipt asks that a withheld text be shown. The next one only once this is decided.

    What they say is for the bureau; the log holds a salted hash of it.
    """

    __tablename__ = "appeal"
    __table_args__ = (
        UniqueConstraint("withholding_id", "ordinal"),
        CheckConstraint("(reason IS NULL) = (reason_salt IS NULL)", name="reason_salted"),
    )

    id: Mapped[Id]
    withholding_id: Mapped[UUID] = mapped_column(ForeignKey("withholding.id"))
    comment_id: Mapped[UUID] = mapped_column(ForeignKey("comment.id"), index=True)
    ordinal: Mapped[int]
    appealed_at: Mapped[datetime]

    withholding: Mapped[Withholding] = relationship(back_populates="appeals")
    comment: Mapped[Comment] = relationship()
    decision: Mapped["AppealDecision | None"] = relationship(back_populates="appeal")


class AppealDecision(Base):
    """申诉决定: how an appeal ended, with public reasons, by two people who are not the two who withheld.

    `withheld_for` is the reason code under which the text stays withheld; none when it was published.
    """

    __tablename__ = "appeal_decision"
    __table_args__ = (
        CheckConstraint("(outcome = 'kept') = (withheld_for IS NOT NULL)", name="kept_for_a_reason"),
        CheckConstraint("length(reasons) > 0", name="with_reasons"),
    )

    id: Mapped[Id]
    appeal_id: Mapped[UUID] = mapped_column(ForeignKey("appeal.id"), unique=True)
    outcome: Mapped[AppealOutcome] = mapped_column(enumerated(AppealOutcome))
    withheld_for: Mapped[WithholdingReason | None] = mapped_column(enumerated(WithholdingReason))
    reasons: Mapped[str]
    decided_at: Mapped[datetime]
    approval_id: Mapped[UUID] = mapped_column(ForeignKey("approval.id"))
    ledger_index: Mapped[int]

    appeal: Mapped[Appeal] = relationship(back_populates="decision")
    approval: Mapped[Approval] = relationship()


class CommentTally(Base):
    """The reconciliation of a consultation (rule 18), kept as comments move, so that no page counts rows."""

    __tablename__ = "comment_tally"
    __table_args__ = (CheckConstraint("received = published + withheld + withdrawn + pending", name="reconciles"),)

    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultation.id"), primary_key=True)
    received: Mapped[int] = mapped_column(default=0)
    published: Mapped[int] = mapped_column(default=0)
    withheld: Mapped[int] = mapped_column(default=0)
    withdrawn: Mapped[int] = mapped_column(default=0)
    pending: Mapped[int] = mapped_column(default=0)


class ParagraphTally(Base):
    """How many published comments speak of a project (key empty) or of one of its paragraphs."""

    __tablename__ = "paragraph_tally"

    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"), primary_key=True)
    paragraph_key: Mapped[Code] = mapped_column(primary_key=True)
    published: Mapped[int] = mapped_column(default=0)


class Refusal(Base):
    """How many submissions one rule refused in one hour, counted in public (rule 9)."""

    __tablename__ = "refusal"

    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultation.id"), primary_key=True)
    code: Mapped[Code] = mapped_column(primary_key=True)
    hour: Mapped[datetime] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column(default=0)


# How what is not named here may change is in `text_models`.
append_only(Withholding.__table__)
keep_words(Appeal.__table__)
append_only(AppealDecision.__table__)
append_only(
    Submission.__table__,
    columns=(
        "id",
        "consultation_id",
        "round_id",
        "submission_key",
        "receipt_number",
        "secret_sha256",
        "channel",
        "received_at",
        "entered_approval_id",
        "proof",
        "difficulty",
    ),
)
append_only(
    Redaction.__table__, columns=("id", "comment_id", "ordinal", "spans", "reason", "redacted_at", "approval_id")
)
append_only(
    Comment.__table__,
    columns=("submission_id", "consultation_id", "seq", "number", "received_at", "ledger_index"),
)
