"""Where search reads everything that the public may find, kind by kind."""

from gongshi.admissions.searchable import Decisions
from gongshi.comments.searchable import Comments
from gongshi.notices.searchable import Notices
from gongshi.objections.searchable import Answers, Objections
from gongshi.projects.searchable import Institutions, Paragraphs, Projects
from gongshi.search import Source

SOURCES: dict[str, Source] = {
    "project": Projects(),
    "institution": Institutions(),
    "paragraph": Paragraphs(),
    "notice": Notices(),
    "comment": Comments(),
    "objection": Objections(),
    "answer": Answers(),
    "decision": Decisions(),
}
