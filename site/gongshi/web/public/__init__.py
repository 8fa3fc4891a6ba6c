"""The audience that everybody belongs to. One module per concept; registered once in Chinese and once under /en/."""

from flask import Blueprint

from gongshi.web.doors import same_origin_only
from gongshi.web.headers import cache_public_pages
from gongshi.web.limits import limit_searches
from gongshi.web.public import (
    admissions,
    answers,
    commenting,
    consultations,
    home,
    institutions,
    ledger,
    notices,
    objections,
    pages,
    projects,
    receipts,
    record,
    revisions,
    search,
)

bp = Blueprint("public", __name__)
same_origin_only(bp)
cache_public_pages(bp)
limit_searches(search.bp)

for concept in (
    home, consultations, projects, revisions, record, admissions, commenting, receipts, objections, answers,
    notices, search, ledger, institutions, pages,
):  # fmt: skip
    bp.register_blueprint(concept.bp)

# Addresses for programs, in no language.
machine = Blueprint("machine", __name__)
machine.register_blueprint(ledger.machine)
