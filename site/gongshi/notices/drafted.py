"""The notice of an act, written for the clerk from the facts, who may change every word of it. Pure.

These are words of the record and therefore Chinese, whatever language the workbench speaks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from gongshi import clock
from gongshi.clock import beijing
from gongshi.consultations.corrected import CorrectedField
from gongshi.notices.actions import NoticeText
from gongshi.notices.models import InterruptionKind

FIELDS = {
    CorrectedField.TITLE: "名单标题",
    CorrectedField.TITLE_EN: "名单英文标题",
    CorrectedField.SUMMARY: "名单说明",
    CorrectedField.NAME: "项目名称",
    CorrectedField.LEAD: "牵头申报单位",
    CorrectedField.JOINT: "联合申报单位",
    CorrectedField.TECHNOLOGIES: "应用技术",
    CorrectedField.SCENARIOS: "业务场景",
}
INTERRUPTIONS = {InterruptionKind.SUSPENDED: "中止", InterruptionKind.WITHDRAWN: "撤回"}


@dataclass(frozen=True)
class Scope:
    """What a notice speaks of: a list, or one project of it; and the bureaus that sign."""

    title: str
    bureaus: tuple[str, ...]
    project: int | None = None
    project_name: str = ""

    @property
    def of_project(self) -> str:
        return f"项目{self.project}“{self.project_name}”" if self.project is not None else ""


@dataclass(frozen=True)
class Change:
    """A value before and after a correction."""

    field: CorrectedField
    was: Sequence[str]
    becomes: Sequence[str]
    project: int | None = None


def consultation(
    scope: Scope, *, project_count: int, opens_at: datetime | None, closes_at: datetime, short_period_reason: str | None
) -> NoticeText:
    """征求意见公告: published together with the list."""
    begins = f"自{_day(opens_at)}{_hour(opens_at)}" if opens_at else "自本公告发布之时"
    reason = f"\n\n征求意见期不足30日，理由：{_sentence(short_period_reason)}" if short_period_reason else ""
    return NoticeText(
        title=f"关于{_titled(scope.title)}的公告",
        body=(
            f"现就“{scope.title}”向社会公开征求意见。名单共{project_count}个项目，各项目方案全文随本公告一并公布。\n\n"
            f"## 一、征求意见期限\n\n{begins}起，{until(closes_at)}。{reason}\n\n"
            "## 二、提出意见的方式\n\n"
            "任何单位和个人均可在本网站就整份名单、单个项目或者方案的某一段提出意见，无须注册。"
            "提交后请保存回执，凭回执可以随时查询办理情况。也可以来信、发送电子邮件或者来电，由经办人员登记后一并办理。\n\n"
            "## 三、意见的办理\n\n"
            "收到的意见逐条公开或者说明不予公开的理由，逐条归入异议并予以答复；"
            "方案因意见作出的修改逐处注明。全部办理情况在意见采纳情况中公布。\n\n"
            f"{_signed(scope)}"
        ),
    )


def extension(scope: Scope, *, before: datetime, closes_at: datetime, reason: str) -> NoticeText:
    """延期公告."""
    of = f"（{scope.of_project}）" if scope.of_project else ""
    return NoticeText(
        title=f"关于延长{_titled(scope.title)}期限的公告",
        body=(
            f"“{scope.title}”{of}原定征求意见{until(before)}。{_because(reason)}"
            f"现决定延长征求意见期限，延长后征求意见{until(closes_at)}。\n\n"
            "此前已经提交的意见继续有效，无须重新提交。其他事项不变。\n\n"
            f"{_signed(scope)}"
        ),
    )


def second_round(
    scope: Scope, *, ordinal: int, opens_at: datetime | None, closes_at: datetime, short_period_reason: str | None
) -> NoticeText:
    """再次公开征求意见公告."""
    begins = f"自{_day(opens_at)}{_hour(opens_at)}" if opens_at else "自本公告发布之时"
    subject = scope.of_project or "全部项目"
    reason = f"本轮征求意见期不足30日，理由：{_sentence(short_period_reason)}\n\n" if short_period_reason else ""
    return NoticeText(
        title=f"关于{_titled(scope.title).replace('公开征求意见', '再次公开征求意见')}的公告",
        body=(
            f"现就“{scope.title}”的{subject}再次公开征求意见，本次为第{ordinal}轮。\n\n"
            f"{begins}起，{until(closes_at)}。\n\n{reason}"
            "请以现行方案版本为准提出意见。以前各轮已经提交的意见继续有效，无须重新提交。\n\n"
            f"{_signed(scope)}"
        ),
    )


def interruption(scope: Scope, *, kind: InterruptionKind, reason: str = "") -> NoticeText:
    """中止或者撤回公告."""
    word, subject = INTERRUPTIONS[kind], scope.of_project or f"“{scope.title}”"
    later = (
        "恢复征求意见的，将另行公告。"
        if kind is InterruptionKind.SUSPENDED
        else "撤回后不再就此征求意见和作出纳入决定。"
    )
    where = f"对“{scope.title}”中{subject}" if scope.of_project else f"对{subject}"
    return NoticeText(
        title=f"关于{word}{scope.of_project or _titled(scope.title)}{'公开征求意见' if scope.of_project else ''}的公告",
        body=(
            f"{_because(reason)}决定自即日起{word}{where}的公开征求意见。\n\n"
            f"自本公告发布时起，不再接收有关意见。此前已经收到的意见予以保留，继续公开。{later}\n\n"
            f"{_signed(scope)}"
        ),
    )


def correction(scope: Scope, changes: Sequence[Change]) -> NoticeText:
    """更正公告."""
    lines = [_correction_line(one) for one in changes]
    told = "\n".join(lines) if lines else "原文：“【请填写】”\n\n更正为：“【请填写】”"
    return NoticeText(
        title=f"关于更正《{scope.title}》有关内容的公告",
        body=(
            f"“{scope.title}”公布的内容有误，现更正如下。\n\n{told}\n\n"
            "原公布内容予以保留，可与本更正对照阅读。更正前已经提交的意见继续有效，无须重新提交。\n\n"
            f"{_signed(scope)}"
        ),
    )


def until(closes_at: datetime) -> str:
    """How a notice says until when: 截至11月26日（含当日） for a whole day, else with the hour."""
    if _hour(closes_at):
        return f"截至{_day(closes_at)}{_hour(closes_at)}"
    return f"截至{_day(closes_at - clock.AN_INSTANT)}（含当日）"


def last_day(closes_at: datetime) -> str:
    """The day that a notice has to name somewhere: 11月26日."""
    return _day(closes_at - clock.AN_INSTANT).partition("年")[2]


def blanks(text: NoticeText) -> list[str]:
    """The places that the clerk was asked to fill in and has not."""
    return [part.partition("】")[0] for part in (text.title + text.body).split("【请")[1:]]


def _correction_line(change: Change) -> str:
    where = f"项目{change.project}的" if change.project is not None else ""
    was, becomes = "、".join(change.was) or "（空）", "、".join(change.becomes) or "（空）"
    return f"- {where}{FIELDS[change.field]}：原为“{was}”，更正为“{becomes}”。"


def _titled(title: str) -> str:
    return title.removesuffix("的公告").removeprefix("关于")


def _day(at: datetime) -> str:
    day = beijing(at)
    return f"{day.year}年{day.month}月{day.day}日"


def _hour(at: datetime) -> str:
    moment = beijing(at)
    return f"{moment.hour}时" + (f"{moment.minute}分" if moment.minute else "") if moment.hour or moment.minute else ""


def _because(reason: str) -> str:
    return f"因{reason.strip().rstrip('。').removeprefix('因')}，" if reason.strip() else "因【请写明原因】，"


def _sentence(text: str | None) -> str:
    return f"{(text or '').strip().rstrip('。')}。"


def _signed(scope: Scope) -> str:
    return "\n\n".join(scope.bureaus)
