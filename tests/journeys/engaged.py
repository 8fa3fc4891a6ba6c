"""What people do besides commenting, made through the real actions in the content that the journeys load: somebody
signs a comment and disputes the name, and asks for mail about it, so that there is something on those pages too.
"""

from flask import Flask

from gongshi.comments import actions as comments
from gongshi.comments import disputing, intake
from gongshi.comments.dispute_models import DisputedBy
from gongshi.comments.intake import Person, Point
from gongshi.comments.models import CommentKind
from gongshi.consultations import queries as consultations
from gongshi.subscriptions import actions as mail
from gongshi.subscriptions import reading
from gongshi.subscriptions.actions import MailKeys
from gongshi.web.keys import mail_key, personal_ring, receipt_key
from gongshi.web.settings import settings
from journeys.bureau_lists import at_the_office

OPEN, TEXT = "2026-SL-02", "请公布专家对每个项目的评语摘要，便于投资者判断。"


def somebody_signs_and_asks_for_mail(app: Flask) -> None:
    """On the open list: a comment published under a name, the name disputed, and mail asked for but not confirmed."""
    with at_the_office(app) as (session, office, at):
        opened = consultations.numbered(session, OPEN)
        assert opened is not None
        keys = MailKeys(ring=personal_ring(settings()), links=mail_key(settings()))
        sent = intake.submit(
            session, opened, submission_key="signed-with-a-name-by-somebody", points=[Point(CommentKind.SUGGEST, TEXT)],
            server_key=receipt_key(settings()), at=at, person=Person("示例读者", None, True), ring=keys.ring,
        )  # fmt: skip
        comments.publish(session, sent.comments[0], by=office.analyst, at=at)
        reason = "这不是我写的。"
        disputing.dispute(session, sent.comments[0], disputed_by=DisputedBy.ANYBODY, reason=reason, at=at)
        facts = reading.known(session, sent).facts
        mail.ask(session, sent, address="shili@example.cn", facts=facts, keys=keys, at=at)
