"""The spreadsheet to download and fill in, with notes at its cells. In Chinese, as the lists are."""

import io

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from gongshi.imports import cells
from gongshi.imports.headers import NOTES_SHEET, REQUIRED, TITLES, Column
from gongshi.imports.project_rows import EXAMPLE, LONGEST_INSTITUTION, LONGEST_NAME
from gongshi.imports.sheets import MOST_ROWS, column_name
from gongshi.projects.models import Category

SHEET = "项目清单"
FILE_NAME = "project-list-template.xlsx"
WIDTHS = {Column.NAME: 44, Column.LEAD: 26, Column.CATEGORY: 22, Column.JOINT: 34}
NOTES: dict[Column, str] = {
    Column.NUMBER: "从1起连续编号，用阿拉伯数字。",
    Column.NAME: f"项目全称，不超过{LONGEST_NAME}个字。",
    Column.LEAD: f"只填一家，用全称，不超过{LONGEST_INSTITUTION}个字。",
    Column.CATEGORY: "从下拉列表中选择；本站已有的机构可不填。",
    Column.JOINT: "多家用顿号（、）分隔；没有可不填。",
    Column.TECHNOLOGIES: "如：人工智能、联邦学习；多项用顿号分隔，可不填。",
    Column.SCENARIOS: "如：智能风控、智能投顾；多项用顿号分隔，可不填。",
}
EXAMPLES: dict[Column, str] = {
    Column.NUMBER: EXAMPLE,
    Column.NAME: "基于联邦学习的投资者适当性管理（此行为示例，读取时略过，可删除）",
    Column.LEAD: "示例证券",
    Column.CATEGORY: Category.SECURITIES.value,
    Column.JOINT: "示例科技、示例银行",
    Column.TECHNOLOGIES: "联邦学习、大数据",
    Column.SCENARIOS: "智能风控",
}
GENERAL = (
    f"一、填写“{SHEET}”工作表；每行一个项目，最多{MOST_ROWS}行。",
    "二、不要合并单元格，不要使用公式，不要改动第一行的列名。",
    "三、项目方案不在本表填写：名单入库后，可逐个撰写，或一次选取全部方案文件（.docx、.md）导入。",
    "四、读取后先显示预览，逐格指出需要改正之处；全部无误后方可入库。",
)


def template() -> bytes:
    """The template as an .xlsx file."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = SHEET
    for place, column in enumerate(Column, 1):
        cells.put(sheet.cell(1, place), TITLES[column])
        cells.put(sheet.cell(2, place), EXAMPLES[column])
        _dress(sheet, place, column)
    sheet.freeze_panes = "A2"
    sheet.row_dimensions[1].height = 26
    _explain(book.create_sheet(NOTES_SHEET))
    result = io.BytesIO()
    book.save(result)
    return result.getvalue()


def _dress(sheet: Worksheet, place: int, column: Column) -> None:
    header, example = sheet.cell(1, place), sheet.cell(2, place)
    header.font = Font(bold=True)
    header.fill = PatternFill("solid", fgColor="EFEBE2")
    header.border = Border(bottom=Side("thin", color="8A8174"))
    header.alignment = Alignment(vertical="center", wrap_text=True)
    example.font = Font(italic=True, color="6B6459")
    example.alignment = Alignment(vertical="top", wrap_text=True)
    letter = column_name(place)
    sheet.column_dimensions[letter].width = WIDTHS.get(column, 20 if place > 1 else 8)
    for row in range(3, MOST_ROWS + 3):
        # Text, so that a spreadsheet program makes neither dates nor numbers of what is typed.
        sheet.cell(row, place).number_format = "@"
    sheet.add_data_validation(_prompt(column, f"{letter}2:{letter}{MOST_ROWS + 2}"))


def _prompt(column: Column, cells_meant: str) -> DataValidation:
    """A note that appears at the cell; for categories also the list to choose from."""
    if column is Column.CATEGORY:
        choices = ",".join(category.value for category in Category)
        rule = DataValidation(type="list", formula1=f'"{choices}"', allow_blank=True)
        rule.errorTitle, rule.error = "机构类别", "请从下拉列表中选择。"
        rule.showErrorMessage = True
    else:
        rule = DataValidation(allow_blank=True)
    rule.promptTitle, rule.prompt = TITLES[column], NOTES[column]
    rule.showInputMessage = True
    rule.add(cells_meant)
    return rule


def _explain(sheet: Worksheet) -> None:
    for row, text in enumerate(GENERAL, 1):
        cells.put(sheet.cell(row, 1), text)
    first = len(GENERAL) + 2
    for row, column in enumerate(Column, first):
        needed = "必填" if column in REQUIRED else "选填"
        for place, text in enumerate((f"{TITLES[column]}（{needed}）", NOTES[column]), 1):
            cells.put(sheet.cell(row, place), text)
    sheet.column_dimensions["A"].width = 30
    sheet.column_dimensions["B"].width = 70
