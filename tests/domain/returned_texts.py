"""A text that the applicant of the world's first project returned, and the list of issues made out for it."""

from acts import NOW

from gongshi import clock
from gongshi.revisions import issue_list, queries, returned
from gongshi.revisions.models import ReturnChannel
from gongshi.revisions.returned import Upload
from making_world import World

FILE = Upload("修改稿.md", "## 技术应用\n\n修改后的一段。".encode())


def return_a_text(world: World) -> None:
    """One row of each: returned, made out, and rested on by the version that is public."""
    project = world.ready.project
    assert project.lead is not None
    assert project.current_version is not None
    kept = returned.record(
        world.session,
        project,
        institution=project.lead,
        contact_role="合规负责人",
        channel=ReturnChannel.EMAIL,
        returned_on=clock.beijing(NOW).date(),
        file=FILE,
        by=world.office.editor,
        at=NOW,
    )
    issue_list.export(world.session, project, by=world.office.editor, at=NOW)
    revision = queries.into(world.session, project.current_version)
    assert revision is not None
    returned.rest_on(world.session, revision, (kept.ordinal,))
