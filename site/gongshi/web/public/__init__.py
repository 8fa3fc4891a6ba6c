"""The audience that everybody belongs to. One module per concept; registered once in Chinese and once under /en/."""

from flask import Blueprint

from gongshi.web.doors import same_origin_only
from gongshi.web.headers import cache_public_pages
from gongshi.web.limits import limit_searches
from gongshi.web.public import (
    admissions,
    answers,
    appealing,
    commenting,
    consultations,
    disputing,
    families,
    home,
    institutions,
    ledger,
    mail,
    not_shown,
    notices,
    objections,
    pages,
    personal,
    projects,
    proofs,
    receipt_files,
    receipts,
    record,
    refusals,
    responding,
    revisions,
    search,
    second_thoughts,
)

bp = Blueprint("public", __name__)
same_origin_only(bp)
cache_public_pages(bp)
limit_searches(search.bp)

for concept in (
    home, consultations, projects, revisions, record, admissions, commenting, receipts, mail, families, objections,
    answers, notices, search, ledger, institutions, pages,
):  # fmt: skip
    bp.register_blueprint(concept.bp)

# Imported so that the pages of refusals and of what is not shown have their addresses, under the blueprint of comments.
COUNTED = (refusals, not_shown)
# Imported so that what is done by receipt has its addresses, under the blueprint of receipts.
BY_RECEIPT = (appealing, disputing, personal, receipt_files, responding, second_thoughts)

# Addresses for programs, in no language.
machine = Blueprint("machine", __name__)
machine.register_blueprint(ledger.machine)
machine.register_blueprint(proofs.bp)
machine.register_blueprint(families.machine)
