"""Every table of the site: importing this imports all models."""

from gongshi.accounts import audit, credentials
from gongshi.accounts import models as accounts
from gongshi.accounts import sessions as staff_sessions
from gongshi.admissions import models as admissions
from gongshi.comments import models as comments
from gongshi.comments import triage_models as triage
from gongshi.consultations import models as consultations
from gongshi.db import Base
from gongshi.drafts import models as drafts
from gongshi.ledger import models as ledger
from gongshi.notices import models as notices
from gongshi.objections import models as objections
from gongshi.pilots import models as pilots
from gongshi.projects import models as projects
from gongshi.revisions import models as revisions
from gongshi.search import models as search

CONCEPTS = (
    accounts,
    admissions,
    audit,
    comments,
    consultations,
    credentials,
    drafts,
    ledger,
    notices,
    objections,
    pilots,
    projects,
    revisions,
    search,
    staff_sessions,
    triage,
)
metadata = Base.metadata
