"""The archive: real history with its sources, loaded once."""

from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from gongshi import clock
from gongshi.consultations import actions as consultations
from gongshi.consultations import queries
from gongshi.consultations.models import Consultation, Nature
from gongshi.ledger.shapes import CONSULTATION
from gongshi.loading.files import Entry, read_front_matter, read_toml
from gongshi.loading.lists import load_projects
from gongshi.loading.people import bureau_of, bureaus_of, load_bureaus, load_institutions
from gongshi.notices import actions as notices
from gongshi.notices import queries as notice_queries
from gongshi.notices.lists import record_archive
from gongshi.notices.models import NoticeKind


def load(session: Session, folder: Path, *, at: datetime) -> list[str]:
    """Load what is not there yet; returns the numbers and slugs of what was loaded."""
    load_bureaus(session, folder / "bureaus.csv")
    load_institutions(session, folder / "institutions.csv", is_example=False)
    done: list[str] = []
    for path in sorted(folder.glob("*/consultation.toml")):
        entry = read_toml(path)
        number = entry.matching("number", CONSULTATION, "应写作 2021-BJ-01")
        _refuse_second(entry, "number", number, done)
        if queries.by_content_key(session, f"archive/{number}") is None:
            done.append(_load_consultation(session, entry, path.parent, at).number)
    for path in sorted((folder / "notices").glob("*.md")):
        entry, body, _ = read_front_matter(path)
        _refuse_second(entry, "slug", entry.slug("slug"), done)
        if notice_queries.find(session, entry.slug("slug")) is None:
            _load_notice(session, entry, body, at)
            done.append(entry.slug("slug"))
    return done


def _refuse_second(entry: Entry, name: str, value: str, done: list[str]) -> None:
    if value in done:
        raise entry.refuse(name, f"“{value}”已经在另一个文件里用过；请换一个")


def _load_consultation(session: Session, entry: Entry, folder: Path, at: datetime) -> Consultation:
    consultation = consultations.draft(
        session,
        number=entry.text("number"),
        nature=Nature.ARCHIVE,
        title=entry.text("title"),
        title_en=entry.text("title_en"),
        summary=entry.text("summary"),
        bureaus=bureaus_of(session, entry),
        content_key=f"archive/{entry.text('number')}",
    )
    if not entry.strings("sources"):
        raise entry.refuse("sources", "没有来源；档案里的每一份名单都要写明 sources")
    consultation.sources = entry.strings("sources")
    consultation.lead_institutions = entry.strings("lead_institutions")
    load_projects(session, consultation, folder / "projects.csv")
    record_archive(session, consultation, published_at=clock.start_of(entry.day("published_on")), at=at)
    return consultation


def _load_notice(session: Session, entry: Entry, body: str, at: datetime) -> None:
    number, bureau = entry.optional("consultation"), entry.optional("bureau")
    consultation = queries.by_content_key(session, f"archive/{number}") if number else None
    if number and consultation is None:
        raise entry.refuse("consultation", f"档案里没有名单 {number}；请检查 consultation.toml 的 number")
    notices.record_archive_notice(
        session,
        slug=entry.text("slug"),
        kind=notice_kind(entry),
        title=entry.text("title"),
        body=body.strip(),
        source=entry.text("source"),
        bureau=bureau_of(session, entry, "bureau", bureau) if bureau else None,
        consultation=consultation,
        published_at=clock.start_of(entry.day("date")),
        at=at,
    )


def notice_kind(entry: Entry) -> NoticeKind:
    kinds = {kind.value: kind for kind in NoticeKind}
    if entry.text("kind") not in kinds:
        raise entry.refuse("kind", f"公告种类应是 {'、'.join(kinds)} 之一，这里是“{entry.text('kind')}”")
    return kinds[entry.text("kind")]
