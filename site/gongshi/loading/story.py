"""The story of one example consultation, from its first comment to its pilots, planned on a timeline."""

from collections.abc import Sequence
from datetime import datetime, time
from pathlib import Path

from sqlalchemy.orm import Session

from gongshi.admissions import actions as admissions
from gongshi.admissions import gate, versions
from gongshi.admissions import queries as dossiers
from gongshi.admissions.models import AdmissionOutcome
from gongshi.comments.models import Comment
from gongshi.consultations.models import Consultation
from gongshi.loading.archive import notice_kind
from gongshi.loading.conversation import Conversation
from gongshi.loading.files import Entry, read_front_matter, read_toml, tables
from gongshi.loading.people import Team
from gongshi.loading.plans import RevisionFile, read_revision, revised
from gongshi.loading.rows import word
from gongshi.loading.timeline import Timeline
from gongshi.notices import actions as notices
from gongshi.notices import queries as notice_queries
from gongshi.objections import actions as objections
from gongshi.objections.models import Objection, Outcome
from gongshi.pilots import actions as pilots
from gongshi.pilots.models import EventKind
from gongshi.projects import actions as projects
from gongshi.projects import plan_text
from gongshi.projects.models import PlanVersion, Project
from gongshi.record.summary import publish_summary
from gongshi.revisions.actions import Explanation


class Story:
    """Plans every later act of a consultation. References are looked up when the act happens, and told if unknown."""

    def __init__(
        self,
        session: Session,
        consultation: Consultation,
        listed: dict[int, Project],
        team: Team,
        server_key: bytes,
        timeline: Timeline,
    ) -> None:
        self.session, self.consultation, self.listed = session, consultation, listed
        self.team, self.timeline = team, timeline
        self.conversation = Conversation(session, consultation, listed, team, server_key, timeline)
        self.objections: dict[str, Objection] = {}

    def plan(self, folder: Path, entry: Entry) -> None:
        """Read all files of the folder and put their acts on the timeline."""
        self.conversation.plan(folder)
        for path in sorted(folder.glob("objections*.toml")):
            for one in tables(read_toml(path), "objection"):
                self._plan_objection(one)
        for path in sorted(folder.glob("answers*.toml")):
            for one in tables(read_toml(path), "answer"):
                self._plan_answer(one)
        for path in sorted((folder / "revisions").glob("*.toml")):
            self._plan_revision(read_revision(path))
        for path in sorted(folder.glob("decisions*.toml")):
            self._plan_decisions(read_toml(path))
        self._plan_announcements(folder, entry)

    def _plan_announcements(self, folder: Path, entry: Entry) -> None:
        for path in sorted((folder / "notices").glob("*.md")):
            self._plan_notice(path)
        if "summary_day" in entry.values:
            self.timeline.add(entry, self._at(entry, "summary_day", time(17)), self._summarise)

    def _at(self, entry: Entry, name: str, clock_time: time) -> datetime:
        return self.timeline.moment(entry.offset(name), clock_time)

    def _plan_objection(self, entry: Entry) -> None:
        ref = entry.text("ref")

        def say(at: datetime) -> None:
            if ref in self.objections:
                raise entry.refuse("ref", f"异议编号 {ref} 重复；请换一个")
            self.objections[ref] = objections.word(
                self.session,
                self.consultation,
                title=entry.text("title"),
                text=entry.text("text"),
                comments=self._comments(entry),
                projects=[self._project(entry, "projects", number) for number in entry.numbers("projects")],
                is_major=entry.flag("major", False),
                risks=entry.keyed("risks"),
                by=self.team.analyst,
                at=at,
            )

        self.timeline.add(entry, self._at(entry, "day", time(10)), say)
        disposition, unfounded = entry.table("disposition"), entry.table("unfounded")
        if disposition is not None:
            self._plan_disposition(disposition, ref)
        if unfounded is not None:
            self._plan_unfounded(unfounded, ref)

    def _plan_disposition(self, entry: Entry, ref: str) -> None:
        outcome, reasons = word(entry, "outcome", Outcome), entry.text("reasons")

        def dispose(at: datetime) -> None:
            objections.dispose(
                self.session,
                self._objection(entry, "day", ref),
                outcome=outcome,
                reasons=reasons,
                by=self.team.answering,
                at=at,
            )

        self.timeline.add(entry, self._at(entry, "day", time(15)), dispose)

    def _plan_unfounded(self, entry: Entry, ref: str) -> None:
        reason = entry.text("reason")

        def set_aside(at: datetime) -> None:
            objections.withdraw_as_unfounded(
                self.session, self._objection(entry, "day", ref), reason=reason, by=self.team.answering, at=at
            )

        self.timeline.add(entry, self._at(entry, "day", time(15, 30)), set_aside)

    def _plan_answer(self, entry: Entry) -> None:
        def answer(at: datetime) -> None:
            objections.answer(
                self.session,
                self.consultation,
                title=entry.text("title"),
                text=entry.text("text"),
                comments=self._comments(entry),
                by=self.team.answering,
                at=at,
            )

        self.timeline.add(entry, self._at(entry, "day", time(16)), answer)

    def _plan_revision(self, revision: RevisionFile) -> None:
        project = self._project(revision.entry, "project", revision.project)

        def publish(at: datetime) -> None:
            current = self._current(revision.entry, project)
            if revision.version != current.number + 1:
                raise revision.entry.refuse("version", f"项目 {project.number} 的下一版是第 {current.number + 1} 版")
            version = projects.draft_version(
                self.session,
                project,
                title=current.title,
                summary=revision.summary,
                text=revised(plan_text.of(current), revision),
            )
            explanations = {
                (change.subject, change.key): Explanation(
                    tuple(self._objection(change.entry, "causes", ref) for ref in change.causes),
                    change.own_initiative,
                )
                for change in revision.changes
            }
            versions.publish(self.session, version, explanations=explanations, by=self.team.publishing, at=at)

        self.timeline.add(revision.entry, self._at(revision.entry, "day", time(17)), publish)

    def _plan_decisions(self, entry: Entry) -> None:
        for one in tables(entry, "judgement"):
            self._plan_judgement(one)
        for one in tables(entry, "gate"):
            self._plan_gate(one)
        for one in tables(entry, "admission"):
            self._plan_admission(one)
        for one in tables(entry, "event"):
            self._plan_event(one)

    def _plan_judgement(self, entry: Entry) -> None:
        project = self._project(entry, "project", entry.number("project"))

        def judge(at: datetime) -> None:
            admissions.judge(
                self.session,
                self._current(entry, project),
                risk_key=entry.text("risk"),
                is_sufficient=entry.flag("sufficient", True),
                reason=entry.text("reason"),
                by=self.team.judging,
                at=at,
            )

        self.timeline.add(entry, self._at(entry, "day", time(10)), judge)

    def _plan_gate(self, entry: Entry) -> None:
        project = self._project(entry, "project", entry.number("project"))
        expected = entry.text("expect")
        if expected not in {"passed", "failed"}:
            raise entry.refuse("expect", f"expect 应是 passed 或 failed，这里是“{expected}”")

        def run(at: datetime) -> None:
            conditions = gate.evaluate(dossiers.dossier(self.session, project, at))
            unmet = {one.code.value: [dict(lack) for lack in one.missing] for one in conditions if not one.is_met}
            if bool(unmet) == (expected == "passed"):
                raise entry.refuse("expect", f"项目 {project.number} 的核查结果不是 {expected}；未满足的条件：{unmet}")
            admissions.run_gate(self.session, project, shown=gate.digest(conditions), by=self.team.answering, at=at)

        self.timeline.add(entry, self._at(entry, "day", time(11)), run)

    def _plan_admission(self, entry: Entry) -> None:
        project = self._project(entry, "project", entry.number("project"))
        outcome = word(entry, "outcome", AdmissionOutcome)

        def decide(at: datetime) -> None:
            admissions.decide(
                self.session, project, outcome=outcome, text=entry.text("text"), by=self.team.answering, at=at
            )

        self.timeline.add(entry, self._at(entry, "day", time(14)), decide)

    def _plan_event(self, entry: Entry) -> None:
        project = self._project(entry, "project", entry.number("project"))
        kind = word(entry, "kind", EventKind)
        when = self._at(entry, "day", time(9))

        def record(at: datetime) -> None:
            pilots.record(
                self.session,
                project,
                kind=kind,
                happened_on=when.date(),
                title=entry.text("title"),
                text=entry.text("text"),
                paragraph_key=entry.optional("paragraph") or None,
                risk_key=entry.optional("risk") or None,
                fulfils=entry.flag("fulfils", True),
                by=self.team.publishing,
                at=at,
            )

        self.timeline.add(entry, when, record)

    def _plan_notice(self, path: Path) -> None:
        entry, body, _ = read_front_matter(path)
        kind = notice_kind(entry)
        number = entry.number("project") if entry.optional("project") else None
        project = self._project(entry, "project", number) if number is not None else None
        slug = f"{self.consultation.number.lower()}-{entry.slug('slug')}"

        def publish(at: datetime) -> None:
            if notice_queries.find(self.session, slug) is not None:
                raise entry.refuse("slug", f"“{entry.slug('slug')}”已经用于另一份公告；请换一个")
            notices.publish_notice(
                self.session,
                slug=slug,
                kind=kind,
                title=entry.text("title"),
                body=body.strip(),
                bureau=self.consultation.bureaus[0],
                nature=self.consultation.nature,
                consultation=self.consultation,
                project=project,
                by=self.team.publishing,
                at=at,
            )

        self.timeline.add(entry, self._at(entry, "day", time(9)), publish)

    def _summarise(self, at: datetime) -> None:
        publish_summary(self.session, self.consultation, by=self.team.publishing, at=at)

    def _comments(self, entry: Entry) -> Sequence[Comment]:
        return [self.conversation.comment(entry, ref) for ref in entry.strings("comments")]

    def _project(self, entry: Entry, name: str, number: int) -> Project:
        if number not in self.listed:
            raise entry.refuse(name, f"名单里没有项目 {number}；请检查 projects.csv")
        return self.listed[number]

    def _objection(self, entry: Entry, name: str, ref: str) -> Objection:
        if ref not in self.objections:
            raise entry.refuse(name, f"没有异议 {ref}，或它在此之后才提出；请检查 objections*.toml")
        return self.objections[ref]

    def _current(self, entry: Entry, project: Project) -> PlanVersion:
        version = project.current_version
        if version is None:
            raise entry.refuse("project", f"项目 {project.number} 还没有公布的方案；请补上 plans/ 里的文件")
        return version
