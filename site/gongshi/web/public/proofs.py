"""Challenges for the proof of work, and the clock: the two things that the pages' scripts ask this server for."""

from flask import Blueprint, Response, jsonify, request

from gongshi import clock
from gongshi.comments import network_rules
from gongshi.comments.network_models import RuleKind
from gongshi.consultations import queries as consultations
from gongshi.web import limits
from gongshi.web.db import session
from gongshi.web.headers import not_kept
from gongshi.web.limits import Sender
from gongshi.web.limits import proof_of_work as proofs
from gongshi.web.limits.difficulty import difficulty
from gongshi.web.moment import now
from gongshi.web.settings import settings

bp = Blueprint("proofs", __name__)


@bp.get("/proof")
def challenge() -> Response:
    """A challenge for one submission to a consultation. How hard it is follows from what is going on just now."""
    consultation = consultations.public(session(), request.args.get("consultation", ""), now())
    counters = limits.limits()
    counters.count_challenge()
    rules = network_rules.in_force(session(), consultation, now())
    rule = network_rules.holding_for(rules, limits.address(request.remote_addr))
    is_allowed = rule is not None and rule.kind is RuleKind.ALLOW
    sent = 0 if is_allowed else counters.sent_by_network(Sender(proved=True))
    factor = difficulty(counters.load(consultation.number), sent)
    return not_kept(jsonify(proofs.challenge(settings(), consultation.number, factor=factor, at=now())))


@bp.get("/clock")
def time() -> Response:
    """The server's clock in milliseconds, by which the pages count down; never kept anywhere."""
    return not_kept(jsonify(now=clock.now().timestamp() * 1000))
