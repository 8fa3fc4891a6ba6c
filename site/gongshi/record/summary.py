"""意见采纳情况: the summary of opinions, generated from the record and never typed (rule 11).

Its words are part of the record, so they are Chinese and stand here. Numbers of objections, answers and comments are
written in full; a page that shows the notice makes links of them.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from gongshi import clock, ledger
from gongshi.accounts.models import Act
from gongshi.accounts.two_people import Hands, approve
from gongshi.comments.models import Comment, CommentState, WithholdingReason
from gongshi.comments.queries import Wanted
from gongshi.comments.queries import listing as comments
from gongshi.consultations.models import Consultation, RoundState
from gongshi.errors import RuleBroken
from gongshi.notices import queries as notices
from gongshi.notices.actions import enter, notice_digest
from gongshi.notices.models import Notice, NoticeKind
from gongshi.notices.plain import plain
from gongshi.objections import queries as objections
from gongshi.objections import responses
from gongshi.objections.models import Answer, Objection, Outcome
from gongshi.objections.responses import Counts
from gongshi.record import reconciliation
from gongshi.record.reconciliation import Reconciliation
from gongshi.revisions import queries as revisions
from gongshi.revisions.models import Change

OUTCOMES = {
    Outcome.ADOPTED: "采纳",
    Outcome.PARTLY_ADOPTED: "部分采纳",
    Outcome.NOT_ADOPTED: "未采纳",
    Outcome.EXPLAINED: "解释说明",
    Outcome.OUT_OF_SCOPE: "不属于本次征求意见范围",
}
UNFOUNDED = "经核实不成立，撤销"
REASONS = {
    WithholdingReason.UNLAWFUL: "违法内容",
    WithholdingReason.DEFAMATION: "侮辱诽谤",
    WithholdingReason.PERSONAL_DATA: "含他人个人信息",
    WithholdingReason.SECRET: "涉及国家秘密或者商业秘密",
    WithholdingReason.ADVERTISING: "广告",
    WithholdingReason.ABUSE: "谩骂",
}


class SummaryDoesNotAddUp(RuleBroken):
    """Received = answered + withheld + withdrawn, or there is no summary. The details say how far it is off."""

    code = "summary-does-not-add-up"


class SummaryTooEarly(RuleBroken):
    """While comments may still come in there is nothing to sum up."""

    code = "summary-too-early"


def publish_summary(session: Session, consultation: Consultation, *, by: Hands, at: datetime) -> Notice:
    """Publish what became of every opinion on a list. It can be run again after a further round.

    Raises SummaryTooEarly, SummaryDoesNotAddUp, and what `approve` raises.
    """
    session.flush()
    found = reconciliation.of(session, consultation)
    _refuse(consultation, found, at)
    bureaus = [bureau.id for bureau in consultation.bureaus]
    approval = approve(session, Act.SUMMARISE, by, bureaus=bureaus, at=at)

    notice = Notice(
        slug=_free_slug(session, consultation),
        kind=NoticeKind.SUMMARY,
        nature=consultation.nature,
        title=f"{consultation.title}的意见采纳情况",
        body=text_of(session, consultation, found),
        bureau=consultation.bureaus[0],
        consultation=consultation,
        published_at=at,
        approval=approval,
    )
    enter(session, notice, at)
    ledger.append(
        session,
        ledger.Kind.SUMMARY_PUBLISHED,
        {
            "consultation": consultation.number,
            "notice": notice.slug,
            "sha256": notice_digest(notice),
            "received": found.received,
            "answered": found.answered,
            "withheld": found.withheld,
            "withdrawn": found.withdrawn,
            "by": approval.codes,
        },
        at=at,
    )
    return notice


def text_of(session: Session, consultation: Consultation, found: Reconciliation) -> str:
    """The Markdown of the summary as the record stands."""
    return _text(session, consultation, found, responses.counts_of_list(session, consultation))


def text_of_the_bureau(session: Session, consultation: Consultation, found: Reconciliation) -> str:
    """The same as if nobody had said yet whether the answers satisfy: senders say so at any moment (rule 15), and
    whoever approves the summary does not answer for it."""
    return _text(session, consultation, found, {})


def _text(session: Session, consultation: Consultation, found: Reconciliation, said: Mapping[UUID, Counts]) -> str:
    listed = objections.of_list(session, consultation)
    parts = [
        _opening(consultation, found, listed),
        _said_to_all(said),
        "## 一、异议的处理意见",
        *(_objection(session, one, said.get(one.id)) for one in listed),
        "## 二、对支持、咨询类意见的答复",
        *(_answer(one, said.get(one.id)) for one in objections.answers_of_list(session, consultation)),
        "## 三、不予公开的意见",
        _withheld(comments(session, consultation, Wanted(CommentState.WITHHELD), limit=found.withheld or 1)),
        "\n\n".join(bureau.name for bureau in consultation.bureaus),
    ]
    return "\n\n".join(parts)


def _refuse(consultation: Consultation, found: Reconciliation, at: datetime) -> None:
    rounds = consultation.rounds
    if not rounds or any(one.state(at) is not RoundState.CLOSED for one in rounds):
        raise SummaryTooEarly(consultation=consultation.number)
    if not found.adds_up:
        raise SummaryDoesNotAddUp(
            received=found.received,
            answered=found.answered,
            withheld=found.withheld,
            withdrawn=found.withdrawn,
            pending=found.pending,
            unanswered=list(found.unanswered),
        )


def _free_slug(session: Session, consultation: Consultation) -> str:
    stem = f"{consultation.number.lower()}-summary"
    slug, further = stem, 2
    while notices.find(session, slug) is not None:
        slug, further = f"{stem}-{further}", further + 1
    return slug


def _opening(consultation: Consultation, found: Reconciliation, listed: list[Objection]) -> str:
    periods = "、".join(
        f"{_day(one.opens_at)}至{_day(clock.beijing(one.closes_at) - clock.AN_INSTANT)}" for one in consultation.rounds
    )
    standing = [one for one in listed if one.stands]
    outcomes = Counter(_outcome(one) for one in standing)
    counted = "，".join(f"{word}{outcomes[word]}条" for word in (*OUTCOMES.values(), UNFOUNDED) if outcomes[word])
    return (
        f"{periods}，就“{consultation.title}”公开征求意见。\n\n"
        f"收到意见{found.received}条 = 已答复{found.answered}条 + 不予公开{found.withheld}条"
        f" + 撤回{found.withdrawn}条。\n\n"
        f"意见归纳为异议{len(standing)}条，其中重大异议{sum(one.is_major for one in standing)}条。"
        + (f"处理结果：{counted}。" if counted else "")
    )


def _said_to_all(said: Mapping[UUID, Counts]) -> str:
    if not said:
        return "截至本公告发布，没有收到意见提出人对答复的评价。"
    satisfied = sum(one.satisfied for one in said.values())
    unsatisfied = sum(one.unsatisfied for one in said.values())
    return (
        f"截至本公告发布，收到意见提出人对答复的评价{satisfied + unsatisfied}条，"
        f"其中满意{satisfied}条，不满意{unsatisfied}条。"
    )


def _objection(session: Session, objection: Objection, said: Counts | None) -> str:
    if not objection.stands:
        return f"### {objection.number} {plain(objection.title)}\n\n{_where_it_went(objection)}"
    disposition = objection.disposition
    reasons = disposition.reasons if disposition else objection.unfounded_reason or ""
    major = "（重大）" if objection.is_major else ""
    concerned = "、".join(str(project.number) for project in objection.projects)
    return "\n\n".join(
        [
            f"### {objection.number} {plain(objection.title)}{major}",
            f"涉及项目：第{concerned}号。意见{len(objection.placements)}条。处理意见：**{_outcome(objection)}**。",
            f"理由：{plain(reasons)}",
            f"修改之处：{_changes(revisions.caused_by(session, objection))}",
            *_said(said),
        ]
    )


def _said(said: Counts | None) -> list[str]:
    return [f"对答复的评价：满意{said.satisfied}条，不满意{said.unsatisfied}条。"] if said else []


def _where_it_went(objection: Objection) -> str:
    if objection.merged_into is not None:
        return f"已并入{objection.merged_into.number}，一并处理。"
    return f"已拆分为{'、'.join(part.number for part in objection.parts)}，分别处理。"


def _outcome(objection: Objection) -> str:
    return OUTCOMES[objection.disposition.outcome] if objection.disposition else UNFOUNDED


def _changes(changes: Iterable[Change]) -> str:
    places: dict[tuple[int, int], list[str]] = {}
    for change in changes:
        version = change.revision.to_version
        places.setdefault((version.project.number, version.number), []).append(change.key)
    if not places:
        return "无。"
    return (
        "；".join(
            f"第{project}号项目方案第{version}版 {'、'.join(keys)}" for (project, version), keys in places.items()
        )
        + "。"
    )


def _answer(answer: Answer, said: Counts | None) -> str:
    numbers = "、".join(comment.number for comment in answer.comments)
    return "\n\n".join(
        [
            f"### {answer.number} {plain(answer.title)}",
            f"答复：{plain(answer.text)}",
            f"答复的意见：{numbers}。",
            *_said(said),
        ]
    )


def _withheld(hidden: Iterable[Comment]) -> str:
    counted = Counter(one.withholding.reason_in_force for one in hidden if one.withholding)
    return "\n".join(_counted(counted)) or "没有不予公开的意见。"


def _counted(counted: Counter[WithholdingReason]) -> Iterator[str]:
    for reason, count in counted.items():
        yield f"- {REASONS[reason]}：{count}条"


def _day(at: datetime) -> str:
    on = clock.beijing(at)
    return f"{on.year}年{on.month}月{on.day}日"
