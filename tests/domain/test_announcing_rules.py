"""The notice of admission 纳入公告: drafted from the record, completed by the clerk, published with its decisions."""

import pytest
from acts import NOW, answering
from sqlalchemy.exc import DBAPIError

from gongshi.accounts.two_people import Hands, NotYourRole
from gongshi.admissions import actions, notice_text, queries
from gongshi.admissions.models import Admission, AdmissionOutcome, Announcement
from gongshi.notices.actions import NoticeText
from gongshi.notices.models import NoticeKind
from gongshi.notices.refusals import NoticeUnfinished
from gongshi.web.markdown import render
from making_decisions import DECIDED, confirm_gate, decide
from making_world import World

TEXT = NoticeText("关于纳入的公告", "现将决定公告如下。")


def decided(world: World) -> list[Admission]:
    """Two projects of the list, decided on the same day."""
    confirm_gate(world.session, world.ready.open_list, world.ready.project, DECIDED)
    second = decide(world.session, world.ready.open_list, world.ready.project, DECIDED)
    first = queries.admission(world.session, world.admitted)
    assert first is not None
    return [first, second]


def test_one_notice_announces_several_decisions_and_each_decision_knows_it(world: World) -> None:
    made = decided(world)

    notice = actions.announce(world.session, made, TEXT, by=answering(world), at=NOW)

    assert notice.kind is NoticeKind.ADMISSION
    assert notice.project is None
    for one in made:
        assert queries.notices_of(world.session, one.project) == {one.id: notice}


def test_a_notice_of_one_decision_stands_with_its_project(world: World) -> None:
    notice = actions.announce(world.session, decided(world)[:1], TEXT, by=answering(world), at=NOW)

    assert notice.project is world.admitted


def test_without_a_decision_there_is_nothing_to_announce(world: World) -> None:
    with pytest.raises(actions.NothingToAnnounce):
        actions.announce(world.session, [], TEXT, by=answering(world), at=NOW)


@pytest.mark.parametrize("text", [NoticeText("", "正文。"), NoticeText("标题", " ")], ids=["no title", "no text"])
def test_a_notice_says_something(world: World, text: NoticeText) -> None:
    with pytest.raises(NoticeUnfinished):
        actions.announce(world.session, decided(world), text, by=answering(world), at=NOW)


def test_it_is_prepared_and_approved_by_those_who_decide(world: World) -> None:
    made = decided(world)

    with pytest.raises(NotYourRole):
        actions.announce(world.session, made, TEXT, by=Hands(world.office.editor, world.office.publisher), at=NOW)


def test_which_notice_announced_a_decision_is_not_rewritten(world: World) -> None:
    made = decided(world)
    actions.announce(world.session, made, TEXT, by=answering(world), at=NOW)
    link = world.session.get_one(Announcement, made[0].id)
    link.notice_id = made[1].id

    with pytest.raises(DBAPIError, match="append-only"), world.session.begin_nested():
        world.session.flush()


# The drafted words


def test_the_draft_names_institutions_the_objections_that_changed_the_plan_and_the_commitments(world: World) -> None:
    project = world.ready.project
    drafted = notice_text.of_decision(world.session, project, AdmissionOutcome.ADMITTED, "条件均已满足。")

    body = notice_text.body_of(world.ready.consultation, [drafted])

    assert project.lead is not None
    assert f"牵头申报单位：{project.lead.name}" in body
    assert f"{world.ready.adopted.number}“复核间隔过长”改动2处" in body
    assert "补偿机制：专项资金先行赔付" in body
    assert world.ready.not_adopted.number not in body
    assert "r-2" not in body, "the objection that named it was set aside as unfounded"
    assert "条件均已满足。" in body


def test_a_draft_with_its_blanks_is_refused_and_the_blanks_are_named(world: World) -> None:
    made = decided(world)
    drafted = notice_text.of_decision(world.session, world.ready.project, AdmissionOutcome.ADMITTED, "条件均已满足。")
    body = notice_text.body_of(world.ready.consultation, [drafted])

    with pytest.raises(actions.BlankLeft) as refused:
        actions.announce(world.session, made, NoticeText("标题", body), by=answering(world), at=NOW)

    assert refused.value.details["blanks"] == [notice_text.BASIS, notice_text.CONTACT]
    completed = body.replace(notice_text.BASIS, "有关规定").replace(notice_text.CONTACT, "电话")
    actions.announce(world.session, made, NoticeText("标题", completed), by=answering(world), at=NOW)


def test_decisions_of_one_day_are_grouped_by_their_outcome_in_a_fixed_order(world: World) -> None:
    first, second, third = (
        notice_text.of_decision(world.session, project, outcome, "理由。")
        for project, outcome in zip(
            world.ready.open_list.projects,
            (AdmissionOutcome.REFUSED, AdmissionOutcome.ADMITTED, AdmissionOutcome.REFUSED),
            strict=True,
        )
    )

    body = notice_text.body_of(world.ready.consultation, [first, second, third])

    headings = [line for line in body.splitlines() if line.startswith("## ")]
    assert headings == ["## 一、正式纳入的项目", "## 二、不予纳入的项目", "## 三、监督和投诉"]
    assert notice_text.title_of(world.ready.consultation, [first, second, third]).endswith("3个项目纳入决定的公告")
    assert "“" in notice_text.title_of(world.ready.consultation, [second])


def test_words_that_look_like_markdown_are_shown_as_they_are(world: World) -> None:
    drafted = notice_text.of_decision(
        world.session, world.ready.project, AdmissionOutcome.ADMITTED, "理由*甲*，见[附件](x)<b>"
    )

    shown = render(notice_text.body_of(world.ready.consultation, [drafted]))

    assert "理由*甲*，见[附件](x)&lt;b&gt;" in shown
