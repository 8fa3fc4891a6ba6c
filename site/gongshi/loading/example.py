"""The worked example 示例: invented institutions, real process. Dates are relative to the day of loading."""

from datetime import datetime, time
from pathlib import Path

from sqlalchemy.orm import Session

from gongshi import clock
from gongshi.consultations import actions as consultations
from gongshi.consultations import queries
from gongshi.consultations.models import Consultation, Nature, RoundState
from gongshi.ledger.shapes import matching
from gongshi.loading.files import Entry, read_toml
from gongshi.loading.lists import load_projects
from gongshi.loading.people import Team, bureaus_of, load_bureaus, load_institutions, load_team
from gongshi.loading.plans import read_plan
from gongshi.loading.problems import ContentInvalid, Problem
from gongshi.loading.story import Story
from gongshi.loading.timeline import Timeline
from gongshi.notices.lists import publish_list
from gongshi.projects import actions as projects
from gongshi.projects.models import Project

FIRST_SUMMARY = "征求意见稿"
SERIES = matching(r"[A-Z]{1,8}")


def load(session: Session, folder: Path, *, server_key: bytes, at: datetime) -> list[str]:
    """Load each consultation of the example that is missing, or whose round has ended though it should be open."""
    load_bureaus(session, folder / "bureaus.csv")
    load_institutions(session, folder / "institutions.csv", is_example=True)
    team = load_team(session, folder / "staff.csv", at)
    return [
        _load_consultation(session, path, team, server_key=server_key, at=at).number
        for path in sorted(folder.glob("*/consultation.toml"))
        if not _is_fresh(session, read_toml(path), path.parent, at)
    ]


def _is_fresh(session: Session, entry: Entry, folder: Path, at: datetime) -> bool:
    """Whether the latest copy still shows what it should: an open round, or a decided list."""
    latest = queries.latest_by_content_key(session, _key(folder))
    if latest is None or latest.last_round is None:
        return False
    wanted = entry.table("round")
    is_open = wanted is not None and wanted.offset("last_day") >= 0
    return not is_open or latest.last_round.state(at) is not RoundState.CLOSED


def _key(folder: Path) -> str:
    return f"example/{folder.name}"


def _load_consultation(session: Session, path: Path, team: Team, *, server_key: bytes, at: datetime) -> Consultation:
    entry, folder = read_toml(path), path.parent
    today = clock.beijing(at).date()
    timeline = Timeline(today, at)
    consultation = consultations.draft(
        session,
        number=queries.next_number(session, entry.matching("series", SERIES, "应是大写字母，如 SL"), today.year),
        nature=Nature.EXAMPLE,
        title=entry.text("title"),
        title_en=entry.text("title_en"),
        summary=entry.text("summary"),
        bureaus=bureaus_of(session, entry),
        content_key=f"{_key(folder)}@{clock.iso(at)}",
    )
    listed = load_projects(session, consultation, folder / "projects.csv")
    _draft_plans(session, listed, folder)
    _plan_publication(session, consultation, entry, team, timeline)
    Story(session, consultation, listed, team, server_key, timeline).plan(folder, entry)
    timeline.play()
    return consultation


def _draft_plans(session: Session, listed: dict[int, Project], folder: Path) -> None:
    problems: list[Problem] = []
    for path in sorted((folder / "plans").glob("*.md")):
        try:
            plan = read_plan(path)
            if plan.project not in listed:
                raise plan.entry.refuse("project", f"名单里没有项目 {plan.project}；请检查 projects.csv")
            if listed[plan.project].versions:
                raise plan.entry.refuse("project", f"项目 {plan.project} 的方案已经在另一个文件里")
        except ContentInvalid as error:
            problems.extend(error.problems)
            continue
        projects.draft_version(session, listed[plan.project], title=plan.title, summary=FIRST_SUMMARY, text=plan.text)
    if problems:
        raise ContentInvalid(problems)


def _plan_publication(
    session: Session, consultation: Consultation, entry: Entry, team: Team, timeline: Timeline
) -> None:
    period = entry.table("round")
    if period is None:
        raise entry.refuse("round", "缺少 [round]；请写明 opens_day 和 last_day")
    opens_at = timeline.moment(period.offset("opens_day"), time.min)
    closes_at = timeline.moment(period.offset("last_day") + 1, time.min)
    timeline.add(
        entry,
        timeline.moment(entry.offset("published_day"), time.min),
        lambda at: publish_list(
            session,
            consultation,
            opens_at=opens_at,
            closes_at=closes_at,
            short_period_reason=period.optional("short_period_reason") or None,
            by=team.publishing,
            at=at,
        ),
    )
