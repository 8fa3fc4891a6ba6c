"""How the refusals of the public process read, by their permanent codes."""

from flask_babel import lazy_gettext as _

REFUSALS: dict[str, str] = {
    "account-inactive": _("The account of %(person)s has been switched off."),
    "admin-holds-nothing-else": _("An administrator holds no other role: %(person)s."),
    "already-answered": _("Objection %(objection)s has its disposition already."),
    "already-decided": _(
        "Project %(project)s has been decided already. It is decided again only if it was deferred, "
        "or after a further comment period on it."
    ),
    "already-published": _("This has been published already. What changes later is a correction."),
    "already-settled": _("Comment %(comment)s has been settled already and stays as it is."),
    "archive-takes-no-comments": _("This is a historical record. It has no comment period."),
    "cause-of-another-project": _(
        "Objection %(objection)s does not concern project %(project)s and cannot be the cause of a change in it."
    ),
    "change-unexplained": _(
        "Every change names the objections behind it, or why the applicant made it unasked; missing for: %(keys)s."
    ),
    "change-unknown": _("An explanation was given for what did not change: %(keys)s."),
    "comment-not-published": _("Only published comments can be placed under an objection or an answer: %(comments)s."),
    "commitment-unknown": _("An event names one commitment of the admitted plan, a paragraph or a risk."),
    "decision-text-missing": _("The decision on project %(project)s needs a published text."),
    "gate-moved": _("What was shown for project %(project)s has changed since. Please look at the conditions again."),
    "gate-not-passed": _("Project %(project)s cannot be admitted; not met: %(conditions)s."),
    "gate-not-run": _("A decision on project %(project)s rests on a confirmed check of its conditions; there is none."),
    "judgement-without-reason": _("The judgement of risk %(risk)s needs a reason."),
    "key-used-for-another-text": _(
        "This form was sent before with another text, and that text was received. "
        "Press the button again if this text, too, should be sent: it will be a comment of its own."
    ),
    "lead-unknown": _("Project %(project)s must name its lead institution."),
    "list-closed": _("A published list takes no further projects."),
    "never-shortened": _("A published comment period is never shortened; it runs until %(closes_at)s."),
    "no-comments": _("An objection is raised by at least one comment, and an answer is given to at least one."),
    "no-earlier-version": _("There is no published version before version %(version)s."),
    "no-projects": _("An objection concerns at least one project of the list."),
    "not-admitted": _("Project %(project)s has not been admitted, so there is no pilot to report on."),
    "not-of-this-list": _("Not part of this list: %(found)s."),
    "not-open": _(
        "Comments are taken only while the comment period is open. This one opens at %(opens_at)s "
        "and closes at %(closes_at)s. Nothing was stored."
    ),
    "not-your-bureau": _("%(person)s belongs to another bureau and cannot act here."),
    "not-your-role": _("This act is not for the roles of %(person)s."),
    "nothing-changed": _("The new version of the plan of project %(project)s does not differ from the one before."),
    "nothing-sent": _("Please write a comment before sending."),
    "nothing-to-cover": _("Risk %(risk)s cannot be judged covered: prevention and compensation are not both stated."),
    "nothing-to-decide": _(
        "Project %(project)s is on no published list, or on a historical one: nothing is decided about it."
    ),
    "nothing-to-publish": _("There is no project in this list yet."),
    "notice-is-generated": _("A notice of this kind comes from its act and is not entered by hand."),
    "period-in-the-past": _("A comment period opens no earlier than it is published, and closes after it opens."),
    "period-too-short": _(
        "A comment period shorter than 30 days needs a published reason; this one has %(days)s days."
    ),
    "placed-twice": _("A comment ends under objections or under one answer, never under both: %(comments)s."),
    "plan-missing": _("A list is published only when every project has a plan; missing: %(projects)s."),
    "project-number-taken": _("The number %(project)s is taken in this list."),
    "project-of-another-list": _("Project %(project)s belongs to another list."),
    "reason-missing": _("This act needs a published reason."),
    "reasons-missing": _("A public reason is needed: %(objection)s."),
    "risk-not-named": _("A major objection names a risk of the register of project %(project)s."),
    "risk-unknown": _("Risk %(risk)s is not in the plan version that the public can read."),
    "round-over": _("The comment period is over. It can no longer be extended or interrupted."),
    "rule-broken": _("The procedure does not allow this."),
    "same-person": _("Whoever prepares an act cannot approve it; a second person has to."),
    "summary-does-not-add-up": _(
        "The summary cannot be published: of %(received)s comments received, %(answered)s are answered, "
        "%(withheld)s withheld and %(withdrawn)s withdrawn. Still open: %(unanswered)s."
    ),
    "summary-too-early": _("The comment period of %(consultation)s is not over, so there is nothing to sum up yet."),
    "target-unknown": _("What this comment speaks of is not part of this list, or its plan version is not public."),
    "text-missing": _("Please write what you want to say."),
    "text-too-long": _(
        "The text has %(length)s characters; at most %(limit)s are accepted. Nothing was cut, nothing was stored."
    ),
    "text-unreadable": _("The text contains characters that cannot be stored as sent. Please retype that passage."),
    "version-already-published": _("Version %(version)s has been published already."),
}
