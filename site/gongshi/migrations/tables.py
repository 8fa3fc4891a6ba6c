"""Every table of the site: importing this imports all models."""

from gongshi.accounts import audit, credentials
from gongshi.accounts import models as accounts
from gongshi.accounts import sessions as staff_sessions
from gongshi.admissions import models as admissions
from gongshi.comments import challenges
from gongshi.comments import dispute_models as disputes
from gongshi.comments import earlier_models as earlier_texts
from gongshi.comments import erasure_models as erasures
from gongshi.comments import family_models as families
from gongshi.comments import models as comments
from gongshi.comments import network_models as networks
from gongshi.comments import personal_models as personal
from gongshi.comments import text_models as texts
from gongshi.comments import triage_models as triage
from gongshi.consultations import models as consultations
from gongshi.db import Base
from gongshi.drafts import models as drafts
from gongshi.ledger import models as ledger
from gongshi.notices import models as notices
from gongshi.objections import models as objections
from gongshi.objections import response_models as responses
from gongshi.pilots import models as pilots
from gongshi.projects import models as projects
from gongshi.revisions import models as revisions
from gongshi.search import models as search
from gongshi.subscriptions import models as subscriptions

CONCEPTS = (
    accounts,
    admissions,
    audit,
    challenges,
    comments,
    consultations,
    disputes,
    credentials,
    drafts,
    earlier_texts,
    erasures,
    families,
    ledger,
    networks,
    notices,
    objections,
    personal,
    pilots,
    projects,
    responses,
    revisions,
    search,
    staff_sessions,
    subscriptions,
    texts,
    triage,
)
metadata = Base.metadata
