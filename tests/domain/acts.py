"""Every verb of the process with one example of its use in the world of `making`: what it enters, and who may do it.

Tests knock on all of them: each appends exactly its kinds, none works for one person alone, for strangers, or for the
wrong roles, and a refusal leaves nothing behind.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from acts_answering import ANSWERING
from acts_contesting import CONTESTING
from acts_erasing import ERASING
from acts_mail import MAIL
from acts_preparing import PREPARING
from acts_second_thoughts import SECOND_THOUGHTS
from publishing import amend_words, correct_values

from gongshi.accounts import actions as accounts
from gongshi.accounts.models import Act, Role
from gongshi.accounts.two_people import Hands
from gongshi.admissions import actions as admissions
from gongshi.admissions import queries as dossiers
from gongshi.admissions.models import AdmissionOutcome
from gongshi.comments import actions as comments
from gongshi.comments import intake
from gongshi.comments.intake import Point, Target
from gongshi.comments.models import Channel, CommentKind, WithholdingReason
from gongshi.comments.redacting import redact
from gongshi.consultations import actions as consultations
from gongshi.consultations.models import Nature
from gongshi.ledger import Kind
from gongshi.notices import actions as notices
from gongshi.notices import corrections, lists
from gongshi.notices.actions import NoticeText
from gongshi.notices.models import InterruptionKind, NoticeKind
from gongshi.pilots import actions as pilots
from gongshi.pilots.models import EventKind
from gongshi.projects import actions as projects
from gongshi.projects import plan_text
from gongshi.projects.models import Category, PlanVersion
from gongshi.record import summary
from gongshi.revisions import actions as revisions
from gongshi.revisions.actions import Explanation
from gongshi.revisions.models import Subject
from making import PLAN, SERVER_KEY, beijing, make_draft
from making_decisions import confirm_gate, gate_shown
from making_world import World

NOW = beijing("2026-04-17", "12:00")
MONTH = timedelta(days=30)


class Undone(Exception):
    """Ends a transaction that is not meant to stay."""


@dataclass(frozen=True)
class Verb:
    """A public function of the process, one use of it, and the ledger kinds that this use appends, in order."""

    function: Callable[..., object]
    do: Callable[[World, Hands], object]
    kinds: tuple[Kind, ...] = ()
    act: Act | None = None
    prepare: Callable[[World], object] | None = None

    def ready(self, world: World) -> None:
        """Do what must be done before it."""
        if self.prepare:
            self.prepare(world)


def publishing(world: World) -> Hands:
    return Hands(world.office.editor, world.office.publisher)


def answering(world: World) -> Hands:
    return Hands(world.office.analyst, world.office.publisher)


def hands_for(act: Act | None, world: World) -> Hands:
    """Two people who may do this act."""
    judges = {Act.WITHHOLD, Act.APPEAL, Act.REDACT, Act.ERASE, Act.ANSWER, Act.JUDGE, Act.DECIDE, Act.ENTER}
    return answering(world) if act in judges else publishing(world)


def _appoint(world: World, _by: Hands) -> object:
    return accounts.appoint(
        world.session, world.office.bureau, login="new", pseudonym="新来庚", roles=[Role.EDITOR], at=NOW
    )


def _establish(world: World, _by: Hands) -> object:
    return accounts.establish(world.session, slug="new", name="新设机关", name_en="New Bureau")


def _draft(world: World, _by: Hands) -> object:
    return make_draft(world.session, world.office, number="2026-SL-09")


def _publish_list(world: World, by: Hands) -> object:
    return lists.publish_list(world.session, world.draft, opens_at=NOW, closes_at=NOW + MONTH, by=by, at=NOW)


def _record_archive(world: World, _by: Hands) -> object:
    return lists.record_archive(world.session, world.archive, published_at=beijing("2021-11-19"), at=NOW)


def _second_round(world: World, by: Hands) -> object:
    consultation = world.ready.consultation
    return lists.second_round(world.session, consultation, opens_at=NOW, closes_at=NOW + MONTH, by=by, at=NOW)


def _extend(world: World, by: Hands) -> object:
    round = world.open_list.round
    return lists.extend(
        world.session, round, closes_at=round.closes_at + timedelta(days=7), reason="来信较多", by=by, at=NOW
    )


def _interrupt(kind: InterruptionKind) -> Callable[[World, Hands], object]:
    return lambda world, by: lists.interrupt(
        world.session,
        world.open_list.consultation,
        kind=kind,
        slug="zhongzhi",
        title="关于中止的公告",
        reason="名单有误，须重新核对。",
        by=by,
        at=NOW,
    )


def _publish_notice(kind: NoticeKind) -> Callable[[World, Hands], object]:
    return lambda world, by: notices.publish_notice(
        world.session,
        slug="gonggao",
        kind=kind,
        title="公告",
        body="公告的正文。",
        bureau=world.office.bureau,
        nature=Nature.LIVE,
        consultation=world.open_list.consultation,
        by=by,
        at=NOW,
    )


def _record_archive_notice(world: World, _by: Hands) -> object:
    return notices.record_archive_notice(
        world.session,
        slug="2021-11-19-list",
        kind=NoticeKind.CONSULTATION,
        title="公布名单",
        body="正文。",
        source="a",
        bureau=None,
        consultation=None,
        published_at=beijing("2021-11-19"),
        at=NOW,
    )


def _register(world: World, _by: Hands) -> object:
    return projects.register(world.session, name="示例新机构", category=Category.BANK)


def _propose(world: World, _by: Hands) -> object:
    lead = world.open_list.projects[0].lead
    return projects.propose(world.session, world.draft, number=9, name="第九号项目", lead=lead)


def _draft_version(world: World, _by: Hands | None = None) -> PlanVersion:
    project = world.open_list.projects[0]
    revised = plan_text.parse(PLAN.replace("5分钟", "2分钟"))
    return projects.draft_version(world.session, project, title="方案", summary="改", text=revised)


def _points() -> list[Point]:
    return [
        Point(CommentKind.OPPOSE, "复核太少。", "改为每月复核。", Target()),
        Point(CommentKind.SUPPORT, "支持。"),
    ]


def _submit(world: World, _by: Hands) -> object:
    return intake.submit(
        world.session,
        world.open_list.consultation,
        submission_key="k-1",
        points=_points(),
        server_key=SERVER_KEY,
        at=NOW,
    )


def _enter(world: World, by: Hands) -> object:
    return intake.enter(
        world.session,
        world.open_list.consultation,
        submission_key="k-2",
        points=_points(),
        channel=Channel.LETTER,
        server_key=SERVER_KEY,
        by=by,
        at=NOW,
    )


def _publish(world: World, by: Hands) -> object:
    return comments.publish(world.session, world.pending, by=world.office.analyst, at=NOW)


def _withhold(world: World, by: Hands) -> object:
    return comments.withhold(world.session, world.pending, reason=WithholdingReason.ABUSE, by=by, at=NOW)


def _redact(world: World, by: Hands) -> object:
    return redact(world.session, world.published, text=[(0, 2)], reason=WithholdingReason.PERSONAL_DATA, by=by, at=NOW)


def _withdraw(world: World, _by: Hands) -> object:
    return comments.withdraw(world.session, world.pending, at=NOW)


def _publish_version(world: World, by: Hands) -> object:
    version = world.open_list.projects[0].versions[-1]
    why = {(Subject.PARAGRAPH, "p-5"): Explanation((world.objection,))}
    return revisions.publish_version(world.session, version, explanations=why, by=by, at=NOW)


def _judge(world: World, by: Hands) -> object:
    version = world.ready.project.current_version
    assert version is not None
    return admissions.judge(world.session, version, risk_key="r-4", is_sufficient=True, reason="足够。", by=by, at=NOW)


def _run_gate(world: World, by: Hands) -> object:
    shown = gate_shown(world.session, world.ready.project, NOW)
    return admissions.run_gate(world.session, world.ready.project, shown=shown, by=by, at=NOW)


def _decide(outcome: AdmissionOutcome) -> Callable[[World, Hands], object]:
    def do(world: World, by: Hands) -> object:
        return admissions.decide(world.session, world.ready.project, outcome=outcome, text="决定。", by=by, at=NOW)

    return do


def _confirm(world: World) -> object:
    return confirm_gate(world.session, world.ready.open_list, world.ready.project, NOW)


def _record(world: World, by: Hands) -> object:
    return pilots.record(
        world.session,
        world.admitted,
        kind=EventKind.MONITORING,
        happened_on=date(2026, 4, 17),
        title="首月运行",
        text="运行平稳。",
        risk_key="r-1",
        fulfils=True,
        by=by,
        at=NOW,
    )


def _reopen(world: World, by: Hands) -> object:
    return pilots.reopen(
        world.session,
        world.admitted,
        title="关于试点内容变更的公告",
        text="拟将服务对象由专业投资者扩大到普通投资者。",
        opens_at=NOW,
        closes_at=NOW + MONTH,
        by=by,
        at=NOW,
    )


def _announce(world: World, by: Hands) -> object:
    admission = dossiers.admission(world.session, world.admitted)
    assert admission is not None
    text = NoticeText("关于纳入的公告", "现将决定公告如下。")
    return admissions.announce(world.session, [admission], text, by=by, at=NOW)


def _publish_summary(world: World, by: Hands) -> object:
    return summary.publish_summary(world.session, world.ready.consultation, by=by, at=NOW)


_LIST_PUBLISHED = (
    Kind.VERSION_PUBLISHED,
    Kind.VERSION_PUBLISHED,
    Kind.CONSULTATION_PUBLISHED,
    Kind.ROUND_SCHEDULED,
)
_CORRECTED = (Kind.NOTICE_PUBLISHED, Kind.CONSULTATION_CORRECTED)
_SUSPENDED = (Kind.NOTICE_PUBLISHED, Kind.CONSULTATION_SUSPENDED)
_WITHDRAWN = (Kind.NOTICE_PUBLISHED, Kind.CONSULTATION_WITHDRAWN)
_ADMIT = _decide(AdmissionOutcome.ADMITTED)

VERBS: dict[str, Verb] = {
    "appoint a member of staff": Verb(accounts.appoint, _appoint, (Kind.STAFF_ROLE,)),
    "establish a bureau": Verb(accounts.establish, _establish),
    "draft a list": Verb(consultations.draft, _draft),
    "amend the words of a list": Verb(consultations.amend, amend_words),
    "publish a list": Verb(lists.publish_list, _publish_list, _LIST_PUBLISHED, Act.PUBLISH),
    "record an archive list": Verb(lists.record_archive, _record_archive, (Kind.CONSULTATION_PUBLISHED,)),
    "open a second round": Verb(lists.second_round, _second_round, (Kind.ROUND_SCHEDULED,), Act.PUBLISH),
    "extend a round": Verb(lists.extend, _extend, (Kind.ROUND_EXTENDED,), Act.EXTEND),
    "suspend a list": Verb(lists.interrupt, _interrupt(InterruptionKind.SUSPENDED), _SUSPENDED, Act.INTERRUPT),
    "withdraw a list": Verb(lists.interrupt, _interrupt(InterruptionKind.WITHDRAWN), _WITHDRAWN, Act.INTERRUPT),
    "publish a notice": Verb(
        notices.publish_notice, _publish_notice(NoticeKind.ADMISSION), (Kind.NOTICE_PUBLISHED,), Act.PUBLISH
    ),
    "correct a list": Verb(notices.publish_notice, _publish_notice(NoticeKind.CORRECTION), _CORRECTED, Act.CORRECT),
    "correct values of a list": Verb(corrections.correct, correct_values, _CORRECTED, Act.CORRECT),
    "record an archive notice": Verb(notices.record_archive_notice, _record_archive_notice, (Kind.NOTICE_PUBLISHED,)),
    "register an institution": Verb(projects.register, _register),
    "propose a project": Verb(projects.propose, _propose),
    **{name: Verb(*one) for name, one in PREPARING.items()},
    "draft a version": Verb(projects.draft_version, _draft_version),
    "receive a submission": Verb(intake.submit, _submit, (Kind.COMMENT_RECEIVED,) * 2),
    "enter a letter": Verb(intake.enter, _enter, (Kind.COMMENT_RECEIVED,) * 2, Act.ENTER),
    "publish a comment": Verb(comments.publish, _publish, (Kind.COMMENT_PUBLISHED,)),
    "withhold a comment": Verb(comments.withhold, _withhold, (Kind.COMMENT_WITHHELD,), Act.WITHHOLD),
    "redact a comment": Verb(redact, _redact, (Kind.COMMENT_REDACTED,), Act.REDACT),
    "erase a comment": Verb(*ERASING),
    "withdraw a comment": Verb(comments.withdraw, _withdraw, (Kind.COMMENT_WITHDRAWN,)),
    **{name: Verb(*one) for name, one in SECOND_THOUGHTS.items()},
    **{name: Verb(*one) for name, one in ANSWERING.items()},
    **{name: Verb(*one) for name, one in CONTESTING.items()},
    **{name: Verb(*one) for name, one in MAIL.items()},
    "publish a version": Verb(
        revisions.publish_version, _publish_version, (Kind.VERSION_PUBLISHED,), Act.REVISE, _draft_version
    ),
    "judge a risk": Verb(admissions.judge, _judge, (Kind.RISK_JUDGED,), Act.JUDGE),
    "run the gate": Verb(admissions.run_gate, _run_gate, (Kind.GATE_RUN,), Act.DECIDE),
    "admit a project": Verb(admissions.decide, _ADMIT, (Kind.ADMISSION_DECIDED,), Act.DECIDE, _confirm),
    "record a withdrawal of the applicant": Verb(
        admissions.decide, _decide(AdmissionOutcome.WITHDRAWN), (Kind.ADMISSION_DECIDED,), Act.DECIDE
    ),
    "record a life-cycle event": Verb(pilots.record, _record, (Kind.PILOT_EVENT,), Act.RECORD_EVENT),
    "reopen an admitted project": Verb(
        pilots.reopen, _reopen, (Kind.NOTICE_PUBLISHED, Kind.ROUND_SCHEDULED), Act.PUBLISH
    ),
    "announce a decision": Verb(admissions.announce, _announce, (Kind.NOTICE_PUBLISHED,), Act.DECIDE),
    "publish the summary": Verb(
        summary.publish_summary,
        _publish_summary,
        (Kind.NOTICE_PUBLISHED, Kind.SUMMARY_PUBLISHED),
        Act.SUMMARISE,
    ),
}
# Steps and questions of the verbs above, public because another module takes them; no acts by themselves.
STEPS = {
    "announce",
    "record_roles",
    "schedule_round",
    "enter",
    "record_on_list",
    "text_of",
    "repeated",
    "enter_under",
    "erasable",
    "of",
    "repeat",
    "commitments",
    "is_missing",
    "choices",
    "take_new",
    "words_beside",
    "words",
    "text_of_the_bureau",
    "end",
    "reseal_next",
}
