"""What a comment may say and be about: kept exactly as sent, or refused whole."""

import pytest
from submitting import TEXT, submit

from gongshi import ledger
from gongshi.comments import checks, queries
from gongshi.comments.checks import TextMissing, TextTooLong, TextUnreadable
from gongshi.comments.intake import NothingSent, Point, Target, TargetUnknown
from gongshi.comments.models import CommentKind
from gongshi.errors import RuleBroken
from gongshi.ledger import queries as log
from gongshi.projects import actions as projects
from gongshi.projects import plan_text
from making import PLAN
from making_world import World


def test_one_submission_holds_several_comments_under_one_receipt(world: World) -> None:
    points = [Point(CommentKind.OPPOSE, "一"), Point(CommentKind.SUPPORT, "二")]

    submission = submit(world, points=points)

    assert [comment.text for comment in submission.comments] == ["一", "二"]
    first, second = submission.comments
    assert second.seq == first.seq + 1
    assert first.number == f"2026-SL-02-{first.seq:04d}"


def test_the_text_is_kept_exactly_as_sent(world: World) -> None:
    text = "  \u200b第一行\r\n第二行\t<script>&amp;\u202e 🧮 e\u0301  "

    submission = submit(world, points=[Point(CommentKind.ASK, text)])
    world.session.flush()
    world.session.expire_all()

    assert submission.comments[0].text == text


def test_the_ledger_commits_to_the_text_without_holding_it(world: World) -> None:
    comment = submit(world, points=[Point(CommentKind.OPPOSE, TEXT, "改为每月")]).comments[0]

    body = log.entry(world.session, comment.ledger_index).body

    assert TEXT not in body
    assert "改为每月" not in body
    assert ledger.commitment(comment.text_salt, TEXT) in body
    assert comment.resolution_salt is not None
    assert ledger.commitment(comment.resolution_salt, "改为每月") in body
    assert comment.text_salt != comment.resolution_salt


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        pytest.param("", TextMissing, id="nothing"),
        pytest.param(" \u3000\n\t", TextMissing, id="blanks only"),
        pytest.param("长" * 10_000, None, id="as long as may be"),
        pytest.param("长" * 10_001, TextTooLong, id="one character too long"),
        pytest.param("a\x00b", TextUnreadable, id="NUL"),
        pytest.param("a\ud800b", TextUnreadable, id="half of a surrogate pair"),
        pytest.param("a\x1b[31mb", TextUnreadable, id="escape"),
        pytest.param("a\x85b", TextUnreadable, id="a control character of C1"),
        pytest.param("a\ufffeb\U0010ffff", TextUnreadable, id="no characters"),
        pytest.param("甲\t乙\r\n丙\u202e\u200b👨\u200d👩", None, id="tab, line ends, and what is only not seen"),
        pytest.param("e" + "\u0301" * 16, None, id="sixteen combining marks"),
        pytest.param("e" + "\u0301" * 17, TextUnreadable, id="seventeen combining marks"),
    ],
)
@pytest.mark.parametrize("field", ["text", "resolution"])
def test_text_that_cannot_be_kept_as_sent_is_refused_whole(
    world: World, field: str, text: str, refusal: type[RuleBroken] | None
) -> None:
    point = Point(CommentKind.OPPOSE, text) if field == "text" else Point(CommentKind.OPPOSE, TEXT, text)
    expected = None if field == "resolution" and refusal is TextMissing else refusal
    size = log.size(world.session)

    refused = None
    try:
        submit(world, points=[point])
    except RuleBroken as broken:
        refused = type(broken)

    assert refused is expected
    assert log.size(world.session) == size + (expected is None)


def test_an_empty_submission_is_refused(world: World) -> None:
    with pytest.raises(NothingSent):
        submit(world, points=[])


def test_when_one_of_several_comments_is_refused_none_is_taken(world: World) -> None:
    size = log.size(world.session)

    with pytest.raises(TextMissing):
        submit(world, points=[Point(CommentKind.OPPOSE, TEXT), Point(CommentKind.OPPOSE, "")])

    assert log.size(world.session) == size
    assert queries.by_submission_key(world.session, "key-1") is None


def _targets(world: World) -> dict[str, Target]:
    project, other = world.open_list.projects
    version = project.versions[0]
    foreign = world.ready.project
    draft = projects.draft_version(
        world.session, project, title="方案", summary="改", text=plan_text.parse(PLAN.replace("5分钟", "2分钟"))
    )
    return {
        "a project of another list": Target(foreign),
        "a version of another project": Target(project, other.versions[0], "p-1"),
        "a version without its project": Target(None, version, "p-1"),
        "a version that is not public yet": Target(project, draft, "p-1"),
        "a paragraph that is not there": Target(project, version, "p-99"),
        "a risk as a paragraph": Target(project, version, "r-1"),
        "a paragraph without a version": Target(project, None, "p-1"),
    }


@pytest.mark.parametrize(
    "what",
    [
        "a project of another list",
        "a version of another project",
        "a version without its project",
        "a version that is not public yet",
        "a paragraph that is not there",
        "a risk as a paragraph",
        "a paragraph without a version",
    ],
)
def test_what_is_commented_on_must_be_public_and_of_this_list(world: World, what: str) -> None:
    target = _targets(world)[what]

    with pytest.raises(TargetUnknown):
        submit(world, points=[Point(CommentKind.OPPOSE, TEXT, None, target)])


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        ("前\x1b后\ufffe", "前后"),
        ("一行\x0b二行\x0c三页", "一行\n二行\n三页"),
        ("e" + "\u0301" * 20, "e" + "\u0301" * 16),
        ("照旧\t\r\n\u202e", "照旧\t\r\n\u202e"),
    ],
    ids=["controls", "line and page breaks of word processors", "a run of marks", "all else"],
)
def test_what_staff_paste_is_made_such_that_it_can_be_kept(pasted: str, kept: str) -> None:
    assert checks.holdable(pasted) == kept
    checks.refuse_unkeepable(kept)
