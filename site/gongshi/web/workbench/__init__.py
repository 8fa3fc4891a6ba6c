"""The audience of the staff: a bureau runs its consultations here, two people where two are needed.

One module per concept, each with a blueprint of its own that says who may open it (`access.allow`). Registered once in
Chinese at /workbench/ and once in English at /en/workbench/.
"""

from flask import Blueprint, Flask

from gongshi.web.workbench import (
    accounts,
    alike,
    answering,
    audit,
    consultations,
    contested,
    correcting,
    dashboard,
    deciding,
    drafts,
    entering,
    erasing,
    errors,
    explaining,
    frame,
    gate,
    importing,
    joining,
    judging,
    moderating,
    my_account,
    networks,
    notices,
    objections,
    pasted,
    pilots,
    plan_writing,
    plans,
    preview,
    publication_reviews,
    publishing,
    returning,
    revising,
    risk_register,
    sign_in,
    standing,
    summing_up,
    triage,
    wordings,
)

bp = Blueprint("workbench", __name__)
gate.guard(bp)
pasted.clean(bp)
errors.handle(bp)
publication_reviews.register()

for concept in (
    sign_in.bp,
    joining.bp,
    my_account.bp,
    accounts.bp,
    audit.bp,
    preview.bp,
    consultations.bp,
    publishing.bp,
    correcting.bp,
    notices.bp,
    importing.bp,
    plans.bp,
    plan_writing.bp,
    dashboard.bp,
    drafts.bp,
    objections.bp,
    standing.bp,
    answering.bp,
    wordings.bp,
    deciding.bp,
    judging.bp,
    summing_up.bp,
    pilots.bp,
    revising.bp,
    risk_register.bp,
    explaining.bp,
    returning.bp,
    triage.bp,
    alike.bp,
    moderating.bp,
    contested.bp,
    erasing.bp,
    networks.bp,
    entering.bp,
):
    bp.register_blueprint(concept)


def init_app(app: Flask) -> None:
    """Set up what the workbench needs, and open it in both languages."""
    gate.init_app(app)
    frame.init_app(app)
    app.register_blueprint(bp, url_prefix="/workbench")
    app.register_blueprint(bp, name="en_workbench", url_prefix="/en/workbench")
