"""问题清单: what was objected to in a plan, made out as .docx for its applicant, with room for the replies.

Applicants have no account. Each list that is made out is recorded: when, by whom, on which version. It holds what the
public may read and nothing else: no contact, nothing withheld, nothing that was covered.
"""

import hashlib
import io
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime

from docx import Document
from docx.document import Document as Docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from sqlalchemy import select
from sqlalchemy.orm import Session

from gongshi import clock
from gongshi.accounts.models import Role, StaffUser
from gongshi.accounts.two_people import check
from gongshi.comments.models import Comment, CommentState
from gongshi.errors import RuleBroken
from gongshi.objections import queries as objections
from gongshi.objections.models import Objection, Outcome
from gongshi.projects.models import PlanVersion, Project
from gongshi.revisions.models import IssueListExport

# As many different suggestions under one objection as an applicant can be asked to read; the count says if more.
MOST_SUGGESTIONS = 20
OUTCOMES = {
    Outcome.ADOPTED: "采纳",
    Outcome.PARTLY_ADOPTED: "部分采纳",
    Outcome.NOT_ADOPTED: "未采纳",
    Outcome.EXPLAINED: "解释说明",
    Outcome.OUT_OF_SCOPE: "不属于本次征求意见范围",
}
REPLY = (("是否修改", "□ 修改　□ 不修改"), ("修改的段落编号", ""), ("修改情况或不修改的理由", "\n\n\n"))


class NoIssues(RuleBroken):
    """There is a list of issues once somebody objected."""

    code = "no-issues"


def export(session: Session, project: Project, *, by: StaffUser, at: datetime) -> tuple[IssueListExport, bytes]:
    """Make out the list on the version that the public can read, and record that. Raises NoIssues, and as `check`."""
    allowed = frozenset({Role.EDITOR, Role.ANALYST})
    check(by, allowed, frozenset(bureau.id for bureau in project.consultation.bureaus))
    raised, version = objections.of_project(session, project), project.current_version
    if not raised or version is None:
        raise NoIssues(project=project.number)

    file = document(project, version, raised, at=at)
    made = IssueListExport(
        project=project,
        version=version,
        exported_at=at,
        exported_by=by,
        objection_count=len(raised),
        sha256=hashlib.sha256(file).hexdigest(),
    )
    session.add(made)
    session.flush()
    return made, file


def of_project(session: Session, project: Project) -> list[IssueListExport]:
    """The lists made out for a project, the newest first."""
    rows = select(IssueListExport).where(IssueListExport.project_id == project.id)
    return list(session.scalars(rows.order_by(IssueListExport.exported_at.desc())))


def document(project: Project, version: PlanVersion, raised: Sequence[Objection], *, at: datetime) -> bytes:
    """The list as a .docx of plain paragraphs and tables: no fields, no links, no macros."""
    docx = _blank(at)
    day = clock.beijing(at)
    _line(docx, "公开征求意见问题清单", style="Title")
    _table(
        docx,
        [
            ("征求意见", f"{project.consultation.number}　{project.consultation.title}"),
            ("项目", f"第{project.number}号　{project.name}"),
            ("牵头及联合申报单位", "、".join(one.name for one in project.institutions) or "—"),
            ("对应方案", f"第{version.number}版"),
            ("异议", f"{len(raised)}条"),
            ("出具日期", f"{day.year}年{day.month}月{day.day}日"),
        ],
    )
    _line(
        docx,
        "请逐条填写答复。修改方案的，请在第" + str(version.number) + "版文本上修改，保留各段落的顺序和风险点编号，"
        "与本清单一并交回。方案中与异议无关的修改，请另行说明理由。请勿在答复中写入个人姓名和联系方式。",
    )
    for place, objection in enumerate(raised, 1):
        _objection(docx, project, version, objection, place)
    stored = io.BytesIO()
    docx.save(stored)
    return stored.getvalue()


def spoken_of(project: Project, version: PlanVersion, objection: Objection) -> list[tuple[str, str]]:
    """The paragraphs and the risk that an objection speaks of, by key, as the version words them now."""
    keys = {one.paragraph_key for one in objection.comments if one.project_id == project.id and one.paragraph_key}
    paragraphs = [(one.key, one.text) for one in version.paragraphs if one.key in keys]
    gone = keys - {key for key, _ in paragraphs}
    risk = objection.risks.get(project.number)
    risks = [(one.key, one.description) for one in version.risks if one.key == risk]
    return [*paragraphs, *((key, "（本版中已删除）") for key in sorted(gone)), *risks]


def suggestions(comments: Iterable[Comment]) -> list[str]:
    """What would resolve an objection, in the words of those who raised it; the same words once."""
    said = ((one.shown_resolution or "").strip() for one in comments if one.state is CommentState.PUBLISHED)
    return list(dict.fromkeys(one for one in said if one))


def _objection(docx: Docx, project: Project, version: PlanVersion, objection: Objection, place: int) -> None:
    _line(docx, f"{place}. {objection.title}", style="Heading 1")
    facts = [
        ("异议编号", objection.number + ("　重大风险" if objection.is_major else "")),
        ("异议内容", objection.text),
        ("提出意见", f"{len(objection.comments)}条"),
    ]
    if objection.disposition is not None:
        facts.append(("处理意见", f"{OUTCOMES[objection.disposition.outcome]}。{objection.disposition.reasons}"))
    elif objection.unfounded_at is not None:
        facts.append(("处理意见", f"不成立。{objection.unfounded_reason}"))
    _table(docx, facts)
    about = spoken_of(project, version, objection)
    if about:
        _line(docx, "涉及的段落和风险点", style="Heading 2")
        _table(docx, about)
    said = suggestions(objection.comments)
    if said:
        _line(docx, "意见人希望的修改", style="Heading 2")
        for one in said[:MOST_SUGGESTIONS]:
            _line(docx, one, style="List Bullet")
        if len(said) > MOST_SUGGESTIONS:
            _line(docx, f"另有{len(said) - MOST_SUGGESTIONS}条，见征求意见网页。")
    _line(docx, "申报单位答复", style="Heading 2")
    _table(docx, REPLY)


def _blank(at: datetime) -> Docx:
    docx = Document()
    docx.core_properties.author = docx.core_properties.last_modified_by = ""
    docx.core_properties.comments = ""
    docx.core_properties.title = "公开征求意见问题清单"
    docx.core_properties.created = docx.core_properties.modified = at.replace(tzinfo=None)
    docx.sections[0].page_width, docx.sections[0].page_height = Cm(21), Cm(29.7)
    for name, size in (("Normal", 11), ("Title", 20), ("Heading 1", 14), ("Heading 2", 11)):
        style = docx.styles[name]
        style.font.size = Pt(size)
        style.font.name = "Times New Roman"
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "宋体" if name == "Normal" else "黑体")
    docx.styles["Title"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    return docx


def _line(docx: Docx, text: str, *, style: str = "Normal") -> None:
    docx.add_paragraph(safe(text), style=style)


def _table(docx: Docx, rows: Iterable[tuple[str, str]]) -> None:
    table = docx.add_table(rows=0, cols=2, style="Table Grid")
    table.autofit = False
    for name, text in rows:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = safe(name), safe(text)
        cells[0].width, cells[1].width = Cm(3.5), Cm(12)
    docx.add_paragraph()


def safe(text: str) -> str:
    """Text as XML can hold it: no control characters but line ends, no lone surrogates."""
    kept = (one for one in text if one in "\n\t" or unicodedata.category(one) not in {"Cc", "Cs", "Cn"})
    return "".join(kept)
