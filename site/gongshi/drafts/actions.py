"""Verbs: prepare a draft, amend, submit, recall, give back, take over, discard, approve it (rule 2)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from gongshi import ledger
from gongshi.accounts.models import StaffRole, StaffUser
from gongshi.accounts.two_people import ACTS, Hands, SamePerson, check
from gongshi.consultations.models import Consultation
from gongshi.drafts import queries
from gongshi.drafts.contents import Contents
from gongshi.drafts.models import Draft, DraftKind, DraftState, DraftStep, StepKind
from gongshi.drafts.registry import contents_of
from gongshi.errors import RuleBroken
from gongshi.projects.models import Project


class DraftIsSettled(RuleBroken):
    """What was approved is on record and what was discarded is over: neither is changed any more."""

    code = "draft-is-settled"


class DraftIsSubmitted(RuleBroken):
    """While somebody else looks at a draft it is not changed; recall it first."""

    code = "draft-is-submitted"


class DraftNotSubmitted(RuleBroken):
    """Only what was submitted can be approved, given back or recalled."""

    code = "draft-not-submitted"


class DraftOfSomebodyElse(RuleBroken):
    """A draft is written by the person who has it in hand; a colleague takes it over first."""

    code = "draft-of-somebody-else"


class DraftEditedMeanwhile(RuleBroken):
    """The draft was changed since the page was opened, in another window perhaps."""

    code = "draft-edited-meanwhile"


class DraftMoved(RuleBroken):
    """What the approver saw is no longer so; look again."""

    code = "draft-moved"


class NobodyToApprove(RuleBroken):
    """A draft is submitted to somebody: the bureau has nobody else who may approve it."""

    code = "nobody-to-approve"


class NoteMissing(RuleBroken):
    """Whoever gives a draft back says what has to be changed."""

    code = "note-missing"


def prepare(
    session: Session,
    contents: Contents,
    *,
    title: str,
    consultation: Consultation | None = None,
    project: Project | None = None,
    by: StaffUser,
    at: datetime,
) -> Draft:
    """Begin a draft. Raises NotYourRole, NotYourBureau, AccountInactive."""
    draft = Draft(
        number=queries.next_number(session),
        kind=contents.kind,
        act=contents.act,
        bureau=by.bureau,
        consultation=consultation,
        project=project,
        title=title,
        contents=contents.as_json(),
        edition=1,
        state=DraftState.DRAFT,
        prepared_by=by,
        state_at=at,
        results=[],
    )
    _refuse_stranger(draft, by, preparing=True)
    session.add(draft)
    session.flush()
    _step(draft, StepKind.PREPARED, by, at)
    session.flush()
    contents.take_up(session, draft)
    return draft


def amend(
    session: Session, draft: Draft, contents: Contents, *, title: str, edition: int, by: StaffUser, at: datetime
) -> None:
    """Give a draft another wording. `edition` is the one that the writer had before them.

    Raises DraftIsSettled, DraftIsSubmitted, DraftOfSomebodyElse, DraftEditedMeanwhile.
    """
    _refuse_unless_in_hand(draft, by)
    if edition != draft.edition:
        raise DraftEditedMeanwhile(draft=draft.number)
    contents_of(draft).put_down(session, draft)
    draft.contents, draft.title = contents.as_json(), title
    contents.take_up(session, draft)
    draft.edition, draft.state_at = draft.edition + 1, at
    _step(draft, StepKind.AMENDED, by, at)
    session.flush()


def submit(session: Session, draft: Draft, *, by: StaffUser, at: datetime) -> None:
    """Hand a draft to those who may approve it. Whatever its act would refuse now is refused here already.

    Raises DraftIsSettled, DraftIsSubmitted, DraftOfSomebodyElse, NobodyToApprove, and what the act raises.
    """
    _refuse_unless_in_hand(draft, by)
    rehearse(session, draft, at=at)
    draft.state, draft.state_at = DraftState.SUBMITTED, at
    _step(draft, StepKind.SUBMITTED, by, at)
    session.flush()


def rehearse(session: Session, draft: Draft, *, at: datetime) -> None:
    """Carry a draft out and undo it again, so that every refusal of its act comes to light. Raises NobodyToApprove."""
    others = approvers(session, draft)
    if not others:
        raise NobodyToApprove(act=draft.act)
    hands = Hands(prepared_by=draft.prepared_by, approved_by=others[0])
    session.flush()
    told = dict(session.info)
    trial = session.begin_nested()
    try:
        contents_of(draft).carry_out(session, draft, by=hands, at=at)
        session.flush()
    finally:
        trial.rollback()
        session.expire_all()  # What was read during the rehearsal is forgotten with it.
        session.info.clear()
        session.info.update(told)


def recall(session: Session, draft: Draft, *, by: StaffUser, at: datetime) -> None:
    """Take a submitted draft back into one's own hands. Raises DraftNotSubmitted, DraftOfSomebodyElse."""
    _refuse_unless_submitted(draft)
    if draft.prepared_by_id != by.id:
        raise DraftOfSomebodyElse(draft=draft.number, person=draft.prepared_by.pseudonym)
    draft.state, draft.state_at = DraftState.DRAFT, at
    _step(draft, StepKind.RECALLED, by, at)
    session.flush()


def give_back(session: Session, draft: Draft, *, note: str, by: StaffUser, at: datetime) -> None:
    """Return a submitted draft to whoever prepared it, saying what is to be changed.

    Raises DraftNotSubmitted, NoteMissing, SamePerson, NotYourRole, NotYourBureau.
    """
    _refuse_unless_submitted(draft)
    _refuse_stranger(draft, by, preparing=False)
    if draft.prepared_by_id == by.id:
        raise SamePerson(act=draft.act.value)
    if not note.strip():
        raise NoteMissing
    draft.state, draft.state_at = DraftState.DRAFT, at
    _step(draft, StepKind.GIVEN_BACK, by, at, note=note.strip())
    session.flush()


def take_over(session: Session, draft: Draft, *, by: StaffUser, at: datetime) -> None:
    """Go on with a colleague's draft. Whoever wrote part of it cannot approve it later.

    Raises DraftIsSettled, DraftIsSubmitted, NotYourRole, NotYourBureau.
    """
    _refuse_unless_draft(draft)
    _refuse_stranger(draft, by, preparing=True)
    draft.prepared_by, draft.state_at = by, at
    draft.edition += 1
    _step(draft, StepKind.TAKEN_OVER, by, at)
    session.flush()


def discard(session: Session, draft: Draft, *, by: StaffUser, at: datetime) -> None:
    """Give a draft up; it stays readable for staff. Raises DraftIsSettled, DraftIsSubmitted, DraftOfSomebodyElse."""
    _refuse_unless_in_hand(draft, by)
    contents_of(draft).put_down(session, draft)
    draft.state, draft.state_at = DraftState.DISCARDED, at
    _step(draft, StepKind.DISCARDED, by, at)
    session.flush()


def approve(session: Session, draft: Draft, *, shown: str, by: StaffUser, at: datetime) -> None:
    """Carry out what was shown: the act and its approval stand or fall together.

    `shown` is the digest of what the approver had before them. Raises DraftNotSubmitted, DraftIsSettled, SamePerson
    for everybody who wrote part of it, DraftMoved, NotYourRole, NotYourBureau, and what the act raises.
    """
    _refuse_unless_submitted(draft)
    _refuse_stranger(draft, by, preparing=False)
    if by.id in draft.writers:
        raise SamePerson(act=draft.act.value)
    if shown != digest(session, draft, at=at):
        raise DraftMoved(draft=draft.number)

    hands = Hands(prepared_by=draft.prepared_by, approved_by=by)
    results = contents_of(draft).carry_out(session, draft, by=hands, at=at)
    _step(draft, StepKind.APPROVED, by, at)
    draft.state, draft.state_at, draft.approved_by = DraftState.APPROVED, at, by
    draft.results = [str(one) for one in results]
    session.flush()


def digest(session: Session, draft: Draft, *, at: datetime) -> str:
    """The hash of everything that an approver relies on: what was shown is what is approved."""
    seen = contents_of(draft).seen(session, draft, at)
    return ledger.digest(
        {"number": draft.number, "kind": draft.kind.value, "title": draft.title, "contents": draft.contents,
         "prepared_by": draft.prepared_by.code, "seen": seen}
    )  # fmt: skip


def approvers(session: Session, draft: Draft) -> list[StaffUser]:
    """Who may approve a draft: of its bureaus, with the role for its act, not one of its writers, and not barred."""
    writers = {draft.prepared_by_id, *draft.writers, *_barred(session, draft)}
    return list(
        session.scalars(
            select(StaffUser)
            .where(
                StaffUser.is_active,
                StaffUser.bureau_id.in_(draft.bureau_ids),
                StaffUser.id.not_in(writers),
                StaffUser.id.in_(select(StaffRole.user_id).where(StaffRole.role.in_(ACTS[draft.act][1]))),
            )
            .order_by(StaffUser.code)
        )
    )


def may_approve(session: Session, draft: Draft, person: StaffUser) -> bool:
    """Whether the approval of this person would count."""
    return (
        person.is_active
        and bool(person.roles & ACTS[draft.act][1])
        and person.bureau_id in draft.bureau_ids
        and person.id not in draft.writers
        and person.id not in _barred(session, draft)
    )


def may_prepare(draft: Draft, person: StaffUser) -> bool:
    """Whether this person may write this draft."""
    return bool(person.roles & ACTS[draft.act][0]) and person.bureau_id in draft.bureau_ids


def _step(draft: Draft, kind: StepKind, by: StaffUser, at: datetime, *, note: str | None = None) -> None:
    sha256 = ledger.digest({"title": draft.title, "contents": draft.contents})
    draft.steps.append(
        DraftStep(ordinal=len(draft.steps) + 1, kind=kind, by=by, by_id=by.id, at=at, sha256=sha256, note=note)
    )


def _refuse_stranger(draft: Draft, person: StaffUser, *, preparing: bool) -> None:
    check(person, ACTS[draft.act][0 if preparing else 1], draft.bureau_ids)


def _refuse_unless_draft(draft: Draft) -> None:
    if not draft.is_open:
        raise DraftIsSettled(draft=draft.number)
    if draft.state is DraftState.SUBMITTED:
        raise DraftIsSubmitted(draft=draft.number)


def _refuse_unless_in_hand(draft: Draft, person: StaffUser) -> None:
    _refuse_unless_draft(draft)
    if draft.prepared_by_id != person.id:
        raise DraftOfSomebodyElse(draft=draft.number, person=draft.prepared_by.pseudonym)
    _refuse_stranger(draft, person, preparing=True)


def _refuse_unless_submitted(draft: Draft) -> None:
    if not draft.is_open:
        raise DraftIsSettled(draft=draft.number)
    if draft.state is not DraftState.SUBMITTED:
        raise DraftNotSubmitted(draft=draft.number)


def waiting_for(session: Session, person: StaffUser) -> list[Draft]:
    """Submitted drafts that this person may approve, the one that waits longest on top."""
    return [one for one in queries.waiting_for(session, person) if person.id not in _barred(session, one)]


def count_waiting_for(session: Session, person: StaffUser) -> int:
    """How many those are. Asked on every page, so only the kind that bars people is looked at one by one."""
    asked = queries.waiting_for(session, person, kind=DraftKind.APPEAL)
    barred = sum(person.id in _barred(session, one) for one in asked)
    return queries.count_waiting_for(session, person) - barred


def _barred(session: Session, draft: Draft) -> frozenset[UUID]:
    """Whose approval the act itself would refuse."""
    return contents_of(draft).barred(session, draft)
