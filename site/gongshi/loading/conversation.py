"""The comments of an example consultation: received, then published, withheld or withdrawn."""

from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy.orm import Session

from gongshi.comments import actions as comments
from gongshi.comments import intake
from gongshi.comments.intake import Point, Target
from gongshi.comments.models import Channel, Comment, CommentState, WithholdingReason
from gongshi.consultations.models import Consultation
from gongshi.loading.files import Entry
from gongshi.loading.people import Team
from gongshi.loading.rows import CommentRow, read_comments
from gongshi.loading.timeline import Timeline
from gongshi.projects import queries
from gongshi.projects.models import Project

REVIEW = timedelta(hours=20)


class Conversation:
    """Takes the rows of `comments*.csv` as submissions, and does to each what its row says."""

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
        self.team, self.server_key, self.timeline = team, server_key, timeline
        self.comments: dict[str, Comment] = {}

    def plan(self, folder: Path) -> None:
        """Put every submission, and what became of each comment, on the timeline."""
        submissions: dict[str, list[CommentRow]] = {}
        for row in read_comments(folder):
            submissions.setdefault(row.submission, []).append(row)
        for rows in submissions.values():
            received_at = self.timeline.moment(rows[0].day, rows[0].time)
            self.timeline.add(rows[0].entry, received_at, partial(self._receive, rows))
            for row in rows:
                self._plan_review(row, received_at + REVIEW)

    def comment(self, entry: Entry, ref: str) -> Comment:
        """A comment that was received by now. Raises ContentInvalid with the line that asks for it."""
        if ref not in self.comments:
            raise entry.refuse("comments", f"没有意见 {ref}，或它在此之后才收到；请检查 comments*.csv")
        return self.comments[ref]

    def _receive(self, rows: list[CommentRow], at: datetime) -> None:
        points = [Point(row.kind, row.text, row.resolution, self._target(row)) for row in rows]
        key = f"content:{self.consultation.content_key}:{rows[0].submission}"
        if rows[0].channel is Channel.WEB:
            submission = intake.submit(
                self.session, self.consultation, submission_key=key, points=points, server_key=self.server_key, at=at
            )
        else:
            submission = intake.enter(
                self.session,
                self.consultation,
                submission_key=key,
                points=points,
                channel=rows[0].channel,
                server_key=self.server_key,
                by=self.team.judging,
                at=at,
            )
        for row, comment in zip(rows, submission.comments, strict=True):
            self.comments[row.ref] = comment

    def _plan_review(self, row: CommentRow, at: datetime) -> None:
        if row.state is CommentState.PUBLISHED:
            self.timeline.add(row.entry, at, lambda at: self._publish(row, at))
        elif row.state is CommentState.WITHHELD and row.reason is not None:
            reason = row.reason
            self.timeline.add(row.entry, at, lambda at: self._withhold(row, reason, at))
        elif row.state is CommentState.WITHDRAWN:
            self.timeline.add(row.entry, at, lambda at: self._withdraw(row, at))

    def _publish(self, row: CommentRow, at: datetime) -> None:
        comments.publish(self.session, self.comments[row.ref], by=self.team.analyst, at=at)

    def _withhold(self, row: CommentRow, reason: WithholdingReason, at: datetime) -> None:
        comments.withhold(self.session, self.comments[row.ref], reason=reason, by=self.team.answering, at=at)

    def _withdraw(self, row: CommentRow, at: datetime) -> None:
        comments.withdraw(self.session, self.comments[row.ref], at=at)

    def _target(self, row: CommentRow) -> Target:
        if row.project is None:
            return Target()
        project = self.listed.get(row.project)
        if project is None:
            raise row.entry.refuse("project", f"名单里没有项目 {row.project}；请检查 projects.csv")
        version = project.current_version
        if row.paragraph is None or version is None:
            return Target(project)
        if queries.paragraph(self.session, version, row.paragraph) is None:
            raise row.entry.refuse("paragraph", f"项目 {row.project} 的方案里没有 {row.paragraph}；请检查编号")
        return Target(project, version, row.paragraph)
