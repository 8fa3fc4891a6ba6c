"""Wordings that any bureau may begin with. Words of the record, so they are Chinese; 〔…〕 is to be filled in."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sample:
    """A wording offered beside a bureau's own templates."""

    title: str
    text: str


REASONS = (
    Sample("采纳", "经研究，采纳该意见。申报单位已将方案〔段落〕修改为：〔修改后的内容〕。"),
    Sample(
        "部分采纳",
        "经研究，采纳关于〔内容〕的意见，方案〔段落〕已作相应修改；关于〔内容〕的意见未予采纳，理由是：〔理由〕。",
    ),
    Sample("未采纳", "经研究，该意见未予采纳。理由如下：〔理由和依据〕。方案现有安排为：〔段落和内容〕。"),
    Sample("解释说明", "方案〔段落〕对此已有规定：〔内容〕。具体说明如下：〔说明〕。"),
    Sample(
        "不属于本次征求意见范围",
        "该意见涉及〔事项〕，不属于本次征求意见的范围，已转〔部门〕研究。相关事项可向〔部门〕反映。",
    ),
    Sample(
        "经核实不成立", "经向申报单位核实，并查阅〔材料〕，该意见所述〔情况〕与事实不符：〔事实〕。据此撤销该异议。"
    ),
)
ANSWERS = (
    Sample("对支持意见的答复", "感谢您对试点工作的支持。我们将持续做好试点项目的监督管理，欢迎继续提出意见。"),
    Sample("对咨询的答复", "关于您咨询的〔事项〕，方案〔段落〕载明：〔内容〕。如需进一步了解，请〔途径〕。"),
)
