"""What tests of publications share: a list that is published from a set instant, a correction, a file."""

from datetime import timedelta

from gongshi.accounts.two_people import Hands
from gongshi.consultations import actions as consultations
from gongshi.consultations.corrected import CorrectedField
from gongshi.imports.file_kinds import FileKind
from gongshi.notices import corrections
from gongshi.notices.actions import Attached, NoticeText
from gongshi.notices.corrections import Corrected
from making import beijing
from making_world import World

NOW = beijing("2026-04-17", "12:00")
LATER = beijing("2026-04-20", "09:00")
MONTH = timedelta(days=30)
FILE = Attached("项目清单.pdf", FileKind.PDF, 8, "ab" * 32)
TEXT = NoticeText("关于更正名单的公告", "现更正如下。", (FILE,))


def correct_values(world: World, by: Hands) -> object:
    """Another name, and the two institutions in each other's place, for the first project of the open list."""
    project = world.open_list.projects[0]
    assert project.lead is not None
    return corrections.correct(
        world.session,
        world.open_list.consultation,
        corrected=[
            Corrected(CorrectedField.NAME, project, words=("更正后的名称",)),
            Corrected(CorrectedField.LEAD, project, institutions=tuple(project.joint)),
            Corrected(CorrectedField.JOINT, project, institutions=(project.lead,)),
        ],
        notice=TEXT,
        by=by,
        at=NOW,
    )


def amend_words(world: World, _by: Hands) -> object:
    """Another title for the list that nobody published yet."""
    return consultations.amend(
        world.session,
        world.draft,
        title="新标题",
        title_en="New title",
        summary="新说明。",
        bureaus=[world.office.bureau],
        by=world.office.editor,
    )
