"""How the refusals and problems of importing read: files, spreadsheets, plans. Each says how to put it right."""

from collections.abc import Mapping
from enum import StrEnum

from flask import Flask
from flask_babel import lazy_gettext as _

from gongshi.imports.file_kinds import FileKind
from gongshi.imports.headers import Column
from gongshi.imports.plan_files import LeftOut
from gongshi.imports.problems import Fault, Problem, Remark
from gongshi.imports.sheets import CellKind
from gongshi.projects.models import PlanSource
from gongshi.projects.plan_text import PlanFault, PlanUnreadable

FAULTS: dict[str, str] = {
    Fault.NO_HEADER: _(
        "No header was found in the first ten rows (sheets: %(sheets)s). It must name at least these columns: "
        "%(columns)s. The template has them all."
    ),
    Fault.TWO_LISTS: _(
        "Several sheets look like a list of projects: %(sheets)s. Keep one of them in the file and delete the others."
    ),
    Fault.EMPTY_SHEET: _("Nothing is written in this file. Fill in the template and upload it."),
    Fault.COLUMN_MISSING: _("The header in row %(row)s lacks: %(columns)s. Add these columns, or use the template."),
    Fault.COLUMN_TWICE: _("The column “%(column)s” stands in %(first)s already. Delete or rename one of the two."),
    Fault.NO_ROWS: _("There is no project below the header in row %(row)s."),
    Fault.TOO_MANY_ROWS: _(
        "There are %(found)s filled rows; one file takes at most %(most)s. Keep only the projects of this list."
    ),
    Fault.TOO_MANY_COLUMNS: _("There are %(found)s columns; at most %(most)s are read. Delete those not needed."),
    Fault.CELL_TOO_LONG: _("This cell holds more than %(most)s characters. Shorten it; plans are imported separately."),
    Fault.SHEET_TOO_LONG: _(
        "The list holds %(found)s characters; at most %(most)s are taken at once. Import it in parts."
    ),
    Fault.MERGED: _("Merged cells cannot be told apart. Unmerge them and write every cell's own content."),
    Fault.FORMULA: _(
        "There is a formula: %(found)s. Copy the cell and paste it as a value, so that only its text is left."
    ),
    Fault.CELL_ERROR: _("There is an error value: %(found)s. Write what is meant."),
    Fault.DATE_FOR_NUMBER: _(
        "The spreadsheet takes this number for a date (%(found)s). Set the cell's format to text and write it again."
    ),
    Fault.DATE_FOR_TEXT: _(
        "The spreadsheet takes this text for a date (%(found)s). Set the cell's format to text and write it again."
    ),
    Fault.NUMBER_FOR_TEXT: _(
        "There is only a number (%(found)s) where a text is expected. If it is meant, set the cell's format to text."
    ),
    Fault.CONTROL_CHARACTERS: _("There are invisible control characters. Type the content of this cell anew."),
    Fault.NUMBER_MISSING: _("The number is missing. Number the projects from 1."),
    Fault.NUMBER_NOT_WHOLE: _("“%(found)s” is no whole number. Write 1, 2, 3 …"),
    Fault.NUMBER_ZERO: _("Projects are numbered from 1; here is %(found)s."),
    Fault.NUMBER_TWICE: _("Number %(number)s stands in %(first)s already. Every project has its own number."),
    Fault.NUMBER_GAP: _("Before this, numbers are missing: %(missing)s. Number the projects without gaps."),
    Fault.NAME_MISSING: _("The name of the project is missing."),
    Fault.NAME_TOO_LONG: _("The name has %(found)s characters; at most %(most)s are taken."),
    Fault.NAME_TWICE: _("The same name stands in %(first)s already. Correct one of the two."),
    Fault.LEAD_MISSING: _("The lead institution is missing."),
    Fault.LEAD_SEVERAL: _(
        "There are several institutions: %(found)s. Keep the lead here and move the others to the joint applicants."
    ),
    Fault.INSTITUTION_TOO_LONG: _("The name of the institution has %(found)s characters; at most %(most)s are taken."),
    Fault.INSTITUTION_TWICE: _("An institution takes part in a project once; here one is written twice."),
    Fault.CATEGORY_UNKNOWN: _("“%(found)s” is no kind of institution. Write one of: %(known)s."),
    Fault.CATEGORY_CONTRADICTS: _(
        "%(name)s is known as %(known)s, here it says %(found)s. Correct the cell or leave it empty."
    ),
    Fault.VALUE_TOO_LONG: _(
        "“%(found)s” is longer than %(most)s characters. Separate several entries with 、 and keep each short."
    ),
}
REMARKS: dict[str, str] = {
    Remark.SHEETS_LEFT_OUT: _("Only the sheet “%(sheet)s” is read; left out: %(others)s."),
    Remark.COLUMN_LEFT_OUT: _("The column “%(column)s” is not read."),
    Remark.EXAMPLE_LEFT_OUT: _("Row %(row)s is the example of the template and is left out."),
    Remark.HIDDEN_ROW: _("Row %(row)s is hidden in the file, and is read like the others."),
    Remark.HIDDEN_COLUMN: _("The column “%(column)s” is hidden in the file, and is read like the others."),
    Remark.READ_AS: _("“%(written)s” is read as %(name)s."),
    Remark.NEAR_MISS: _("“%(written)s” is not known, but much like: %(near)s. Please decide below which is meant."),
    Remark.AMENDS: _("In the list already: project %(numbers)s. Their rows are replaced; their plans stay."),
    Remark.STAYS: _("In the list but not in the file: project %(numbers)s. They stay as they are."),
}
PLAN_FAULTS: dict[str, str] = {
    PlanFault.NO_REGISTER: _(
        "The risk register is missing. Put the heading “## 风险点登记” and its table at the end of the text."
    ),
    PlanFault.KEY_TWICE: _("The id %(key)s was used in line %(earlier)s already. Delete the id here."),
    PlanFault.NO_KEY: _("This paragraph has no id."),
    PlanFault.HEADING_FORM: _("A heading begins with ##, ### or ####, a space, and then its words."),
    PlanFault.EMPTY_PARAGRAPH: _("There is the id %(key)s but no text. Write the text, or delete the line."),
    PlanFault.REGISTER_FORM: _("Every row of the risk register has %(count)s cells: %(columns)s."),
    PlanFault.RISK_KEY: _("A risk is numbered r-1, r-2 …; here it says “%(found)s”."),
    PlanFault.RISK_SEVERITY: _("The severity of risk %(key)s is 一般 or 重大; here it says “%(found)s”."),
    PlanFault.RISK_WORDLESS: _("Risk %(key)s does not say what the risk is."),
    PlanFault.RISK_OWNERLESS: _("Risk %(key)s names nobody who is responsible."),
}
LEFT_OUT: dict[str, str] = {
    LeftOut.IMAGES: _("Pictures were left out: %(count)s"),
    LeftOut.OBJECTS: _("Embedded objects were left out: %(count)s"),
    LeftOut.FOOTNOTES: _("Footnotes and endnotes were left out: %(count)s"),
    LeftOut.COMMENTS: _("Reviewers' comments were left out: %(count)s"),
    LeftOut.TRACKED_CHANGES: _(
        "The file has tracked changes (%(count)s); insertions were taken over, deletions were not"
    ),
    LeftOut.TEXT_BOXES: _("Text boxes were left out: %(count)s"),
    LeftOut.FORMULAS: _("Mathematical formulas were left out: %(count)s"),
    LeftOut.NUMBERING: _("Automatic numbers (1., 一、) are not part of the text and were not taken over: %(count)s"),
    LeftOut.MARGINS: _("Page headers and footers were left out"),
    LeftOut.TITLE: _("The title of the document is not part of the text"),
    LeftOut.EMPHASIS: _("Bold type and links were made plain: %(count)s"),
    LeftOut.HEADINGS_GUESSED: _(
        "No heading was marked as such; lines that begin with 一、 or （一） were taken: %(count)s"
    ),
    LeftOut.END: _("The file is longer than can be read; its end was left out"),
}
LABELS: dict[type[StrEnum], Mapping[str, str]] = {
    Fault: FAULTS,
    Remark: REMARKS,
    PlanFault: PLAN_FAULTS,
    LeftOut: LEFT_OUT,
    PlanSource: {
        PlanSource.TYPED: _("typed"),
        PlanSource.PASTED: _("pasted"),
        PlanSource.UPLOADED: _("from a file"),
        PlanSource.RETURNED: _("returned by the applicant"),
    },
    FileKind: {
        FileKind.PDF: _("PDF document"),
        FileKind.DOCX: _("Word document"),
        FileKind.XLSX: _("Excel workbook"),
        FileKind.PNG: _("PNG picture"),
        FileKind.JPEG: _("JPEG picture"),
        FileKind.MARKDOWN: _("Markdown text"),
        FileKind.CSV: _("CSV table"),
    },
    Column: {
        Column.NUMBER: _("No."),
        Column.NAME: _("Project"),
        Column.LEAD: _("Lead institution"),
        Column.CATEGORY: _("Kind of the lead"),
        Column.JOINT: _("Joint applicants"),
        Column.TECHNOLOGIES: _("Technologies"),
        Column.SCENARIOS: _("Business scenarios"),
    },
    CellKind: {
        CellKind.TEXT: _("text"),
        CellKind.NUMBER: _("a number"),
        CellKind.DATE: _("a date"),
        CellKind.FORMULA: _("a formula"),
        CellKind.ERROR: _("an error value"),
        CellKind.BOOLEAN: _("true or false"),
    },
}
REFUSALS: dict[str, str] = {
    "file-refused": _("“%(name)s” cannot be taken."),
    "file-empty": _("“%(name)s” is empty. Choose the file that has the content."),
    "file-too-big": _("“%(name)s” is larger than %(megabytes)s MB. Make it smaller, or split it."),
    "file-kind-not-allowed": _("Files of this kind (%(found)s) are not taken here. Taken are: %(allowed)s."),
    "file-kind-mismatch": _(
        "“%(name)s” ends in .%(ending)s but is no such file. Do not rename files; use “Save as” and choose the format."
    ),
    "file-old-office": _(
        "“%(name)s” is in the Office format of before 2007 (.xls, .doc). Save it as .xlsx or .docx and choose it again."
    ),
    "file-password-protected": _("“%(name)s” is protected by a password. Take the password off and choose it again."),
    "file-damaged": _(
        "“%(name)s” is damaged or not quite in its format. Open it in Office, save it anew, and choose it again."
    ),
    "file-too-many-parts": _(
        "“%(name)s” consists of more than %(most)s parts. Copy the content into a new file and choose that."
    ),
    "file-unpacks-too-big": _(
        "“%(name)s” unpacks to more than %(megabytes)s MB, or to more than %(times)s times its size. "
        "Copy only the content needed into a new file."
    ),
    "file-unsafe-names": _("“%(name)s” has parts with unsafe names. Copy the content into a new file and choose that."),
    "file-has-macros": _("“%(name)s” contains macros (programs). Save it as .xlsx or .docx without macros."),
    "file-has-external-links": _(
        "“%(name)s” fetches values from other files. Paste them as values, break the links, and save it anew."
    ),
    "file-too-slow": _(
        "“%(name)s” could not be read within %(seconds)s seconds. Copy only the content needed into a new file."
    ),
    "file-needs-too-much-memory": _(
        "“%(name)s” needs more than %(megabytes)s MB of memory to read. Copy only the content needed into a new file."
    ),
    "csv-encoding": _(
        "The encoding of “%(name)s” is not known (perhaps UTF-16). Save it as “CSV UTF-8”, or use .xlsx."
    ),
    "csv-quotes": _("“%(name)s” cannot be read from line %(line)s on: a quotation mark is missing. Or use .xlsx."),
    "text-encoding": _("The encoding of “%(name)s” is not known. Save the text as UTF-8."),
    "institution-undecided": _("Please say of “%(name)s” whether it is new, and of what kind, or which one is meant."),
    "institution-twice": _("In project %(project)s an institution is written twice; it takes part once."),
    "project-name-missing": _("Project %(project)s has no name."),
    "plan-settled": _("The plan of project %(project)s has been written down; the project stays in its list."),
    "place-outside": _("The place of project %(project)s is between 1 and %(last)s."),
    "edited-meanwhile": _(
        "Somebody else has changed this since you opened it. What you typed is still here; compare it with theirs."
    ),
    "plan-too-long": _("A plan has at most %(longest)s characters; this one has %(found)s."),
    "plan-not-ready": _("The plan of project %(project)s is not in order yet, see line %(line)s."),
    "markdown-too-long": _("The text is too long: at most some %(characters)s Chinese characters. Attach the rest."),
    "markdown-too-slow": _(
        "This text takes too long to lay out, because of very many brackets or marks in a row. Delete those."
    ),
}


def init_app(app: Flask) -> None:
    """Make `import_problem`, `plan_problem` and `left_out` template filters."""
    app.jinja_env.filters.update(import_problem=import_problem, plan_problem=plan_problem, left_out=left_out)


def import_problem(problem: Problem) -> str:
    """What is wrong at a cell, as one sentence."""
    words = FAULTS[problem.what] if isinstance(problem.what, Fault) else REMARKS[problem.what]
    return str(words) % problem.details


def plan_problem(problem: PlanUnreadable) -> str:
    """What is wrong at a line of a plan, as one sentence."""
    return str(PLAN_FAULTS[problem.fault]) % problem.details


def left_out(what: LeftOut, count: int) -> str:
    """What of a file did not come into the text."""
    return str(LEFT_OUT[what]) % {"count": count}
