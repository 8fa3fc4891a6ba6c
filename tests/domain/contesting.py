"""What the tests of appeals, disputes and responses share: a withheld comment, a shown name, people who come later."""

from acts import NOW, VERBS, hands_for
from making_triage import arrive

from gongshi.accounts import actions as accounts
from gongshi.accounts.models import Role, StaffUser
from gongshi.accounts.two_people import Hands
from gongshi.comments import actions as comments
from gongshi.comments import appealing
from gongshi.comments.models import Appeal, AppealOutcome, Comment, WithholdingReason
from gongshi.comments.personal_models import DetailField, NameConsent, PersonalDetail
from making_world import World

REASON = "我的意见没有谩骂任何人，只是批评了复核间隔。"


def withheld(world: World, by: Hands | None = None) -> Comment:
    """A comment that was withheld, by the analyst and the publisher unless told."""
    comment = arrive(world)
    by = by or Hands(world.office.analyst, world.office.publisher)
    comments.withhold(world.session, comment, reason=WithholdingReason.ABUSE, by=by, at=NOW)
    return comment


def appealed(world: World, by: Hands | None = None) -> Appeal:
    return appealing.appeal(world.session, withheld(world, by), reason=REASON, at=NOW)


def new_person(world: World, login: str, *roles: Role) -> StaffUser:
    """Somebody who joins the bureau of the list."""
    return accounts.appoint(
        world.session, world.office.bureau, login=login, pseudonym=f"新人{login}", roles=list(roles), at=NOW
    )


def others(world: World) -> Hands:
    """Two people who had no part in what analyst and publisher did."""
    return Hands(world.office.analyst_too, new_person(world, "later", Role.PUBLISHER))


def under_a_name(world: World, comment: Comment | None = None) -> Comment:
    """A published comment beside which a name is shown."""
    found = comment or world.published
    world.session.add(
        PersonalDetail(comment=found, field=DetailField.NAME, key_id="key", sealed=b"sealed", created_at=NOW)
    )
    world.session.add(NameConsent(comment=found, given_at=NOW))
    world.session.flush()
    return found


def contested(world: World) -> None:
    """One of each: an appeal that was decided, a disputed name, and an answer that did not satisfy."""
    by = Hands(world.office.analyst_too, world.office.publisher)
    appealing.decide(
        world.session, appealed(world), outcome=AppealOutcome.KEPT, reasons="经复查，维持。", by=by, at=NOW
    )
    for name in ("dispute a name", "respond to an answer"):
        VERBS[name].ready(world)
        VERBS[name].do(world, hands_for(VERBS[name].act, world))
