"""Networks 网络名单: which may send more, which are blocked for a while, and why; for a bureau's own consultations."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm  # type: ignore[import-untyped]  # It has no types.
from wtforms import DateField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired

from gongshi import clock
from gongshi.comments import network_rules
from gongshi.comments.network_models import RuleKind
from gongshi.comments.network_rules import (
    LONGEST_REASON,
    MAY_RULE,
    NetworkReasonMissing,
    NetworkReasonNamesAddress,
    NetworkRuleTooLong,
    NetworkTooWide,
    NetworkUnreadable,
)
from gongshi.db import writing
from gongshi.errors import RuleBroken
from gongshi.web import wording
from gongshi.web.db import session
from gongshi.web.languages import desk
from gongshi.web.moment import now
from gongshi.web.workbench import access
from gongshi.web.workbench.access import me
from gongshi.web.workbench.typed import typed

bp = Blueprint("networks", __name__, url_prefix="/networks")
access.allow(bp, reading=access.EVERYONE, writing=MAY_RULE)

FIELDS: dict[type[RuleBroken], str] = {
    NetworkUnreadable: "network",
    NetworkTooWide: "network",
    NetworkRuleTooLong: "until",
    NetworkReasonMissing: "reason",
    NetworkReasonNamesAddress: "reason",
}


class RuleForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types.
    """A network for one of the lists."""

    kind = RadioField(lazy_gettext("What is to hold for it"), [InputRequired(lazy_gettext("Please choose one."))])
    network = StringField(lazy_gettext("Address or range"), [InputRequired(lazy_gettext("Please enter a network."))])
    reason = TextAreaField(lazy_gettext("Public reason"), [InputRequired(lazy_gettext("Please give the reason."))])
    until = DateField(lazy_gettext("Last day"), [InputRequired(lazy_gettext("Please enter a day."))])

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = [(kind.value, wording.label(kind)) for kind in RuleKind]


@bp.get("/")
def index() -> ResponseReturnValue:
    return _page(RuleForm(formdata=None), 200)


@bp.post("/")
def lay_down() -> ResponseReturnValue:
    filled = RuleForm()
    if not filled.validate() or filled.until.data is None:
        return _page(filled, 422)
    try:
        with writing(session()) as at:
            network_rules.lay_down(
                session(),
                RuleKind(filled.kind.data),
                network=typed(filled.network),
                reason=typed(filled.reason),
                until=clock.end_of(filled.until.data),
                by=me(),
                at=at,
            )
    except RuleBroken as refused:
        if type(refused) not in FIELDS:
            raise
        filled[FIELDS[type(refused)]].errors = [wording.say(refused)]
        return _page(filled, 422)
    flash(_("The network is on the list. The rule holds from now on."))
    return redirect(desk("networks.index"), 303)


@bp.post("/<uuid:rule_id>/end")
def end(rule_id: UUID) -> ResponseReturnValue:
    with writing(session()) as at:
        network_rules.end(session(), network_rules.of_id(session(), me(), rule_id), by=me(), at=at)
    flash(_("The rule has ended."))
    return redirect(desk("networks.index"), 303)


def _page(filled: RuleForm, status: int) -> ResponseReturnValue:
    rules = network_rules.of_bureau(session(), me())
    at = now()
    return render_template(
        "workbench/networks/index.html",
        form=filled,
        in_force=[rule for rule in rules if rule.is_in_force(at)],
        over=[rule for rule in rules if not rule.is_in_force(at)],
        longest_reason=LONGEST_REASON,
        days=network_rules.LONGEST.days,
    ), status
