"""Who may decide an appeal: other people than those who withheld the text, as far as the bureaus have them."""

from collections.abc import Iterable
from itertools import permutations
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from gongshi.accounts.models import Act, Role, StaffRole, StaffUser
from gongshi.accounts.two_people import ACTS, Hands
from gongshi.comments.models import Appeal
from gongshi.errors import RuleBroken


class DecidedByThoseWhoWithheld(RuleBroken):
    """An appeal is decided by people who did not withhold the text, as far as the bureau has them.

    Where it has no such pair, one of the two is somebody else all the same; `people` are those who cannot decide it.
    """

    code = "decided-by-those-who-withheld"


def refuse_those_who_withheld(session: Session, appeal: Appeal, by: Hands) -> None:
    """Raises DecidedByThoseWhoWithheld."""
    withheld = _those_who_withheld(appeal)
    again = [one for one in (by.prepared_by, by.approved_by) if one.id in withheld]
    if len(again) == 2 or (again and has_others(session, appeal)):
        raise DecidedByThoseWhoWithheld(comment=appeal.comment.number, people=[one.pseudonym for one in again])


def refuse_preparer(session: Session, appeal: Appeal, person: StaffUser) -> None:
    """Whether a decision that this person prepares could be approved by anybody. Raises DecidedByThoseWhoWithheld."""
    if not may_prepare(session, appeal, person):
        raise DecidedByThoseWhoWithheld(comment=appeal.comment.number, people=[person.pseudonym])


def may_prepare(session: Session, appeal: Appeal, person: StaffUser) -> bool:
    """Whoever withheld the text prepares only where there are no two others, and somebody else can approve."""
    withheld = _those_who_withheld(appeal)
    if person.id not in withheld:
        return True
    approvers = [one for one in _active(session, appeal, ACTS[Act.APPEAL][1]) if one.id not in withheld]
    return bool(approvers) and not has_others(session, appeal)


def may_not_approve(session: Session, appeal: Appeal, preparer: UUID) -> frozenset[UUID]:
    """Whose approval of a decision that this person prepared would be refused."""
    withheld = _those_who_withheld(appeal)
    return withheld if preparer in withheld or has_others(session, appeal) else frozenset()


def has_others(session: Session, appeal: Appeal) -> bool:
    """Whether the bureaus have two people for this who did not withhold the text."""
    withheld = _those_who_withheld(appeal)
    may_prepare, may_approve = ACTS[Act.APPEAL]
    others = [one for one in _active(session, appeal, may_prepare | may_approve) if one.id not in withheld]
    return any(first.roles & may_prepare and second.roles & may_approve for first, second in permutations(others, 2))


def _active(session: Session, appeal: Appeal, roles: Iterable[Role]) -> list[StaffUser]:
    query = select(StaffUser).where(
        StaffUser.is_active,
        StaffUser.bureau_id.in_([bureau.id for bureau in appeal.comment.consultation.bureaus]),
        StaffUser.id.in_(select(StaffRole.user_id).where(StaffRole.role.in_(list(roles)))),
    )
    return list(session.scalars(query))


def _those_who_withheld(appeal: Appeal) -> frozenset[UUID]:
    approval = appeal.withholding.approval
    return frozenset({approval.prepared_by_id, approval.approved_by_id})
