"""Bureaus, staff and institutions: `bureaus.csv`, `staff.csv`, `institutions.csv`."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from gongshi.accounts import actions as accounts
from gongshi.accounts import queries as staff
from gongshi.accounts.actions import LoginUnusable, RolesMissing
from gongshi.accounts.models import Bureau, Role, StaffUser
from gongshi.accounts.two_people import AdminHoldsNothingElse, Hands
from gongshi.ledger.shapes import matching
from gongshi.loading.files import Entry, read_csv
from gongshi.loading.problems import Place, refuse
from gongshi.projects import actions as projects
from gongshi.projects import queries as institutions
from gongshi.projects.models import Category, Institution

BUREAU_COLUMNS = ("slug", "name", "name_en")
STAFF_COLUMNS = ("login", "pseudonym", "bureau", "roles")
INSTITUTION_COLUMNS = ("name", "category", "aliases")
BUREAU_SLUG = matching(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
NEEDED = {Role.EDITOR: 1, Role.ANALYST: 2, Role.PUBLISHER: 1}


@dataclass(frozen=True)
class Team:
    """Who does what in the worked example: always two people where two are needed."""

    editor: StaffUser
    analyst: StaffUser
    second_analyst: StaffUser
    publisher: StaffUser

    @property
    def publishing(self) -> Hands:
        return Hands(self.editor, self.publisher)

    @property
    def answering(self) -> Hands:
        return Hands(self.analyst, self.publisher)

    @property
    def judging(self) -> Hands:
        return Hands(self.analyst, self.second_analyst)


def load_bureaus(session: Session, path: Path) -> None:
    for row in read_csv(path, BUREAU_COLUMNS):
        slug = row.matching("slug", BUREAU_SLUG, "只能用小写字母、数字和连字符，以字母开头，如 beijing")
        if staff.bureau_named(session, row.text("name")) is None:
            if staff.bureau_with_slug(session, slug) is not None:
                raise row.refuse("slug", f"slug “{slug}”已经用于另一个发布机关；请换一个")
            accounts.establish(session, slug=slug, name=row.text("name"), name_en=row.text("name_en"))
            session.flush()


def load_institutions(session: Session, path: Path, *, is_example: bool) -> None:
    categories = {category.value: category for category in Category}
    for row in read_csv(path, INSTITUTION_COLUMNS):
        category = row.text("category")
        if category not in categories:
            raise row.refuse("category", f"机构类别应是 {'、'.join(categories)} 之一，这里是“{category}”")
        if institutions.institution_named(session, row.text("name")) is None:
            projects.register(
                session,
                name=row.text("name"),
                category=categories[category],
                aliases=row.strings("aliases"),
                is_example=is_example,
            )
            session.flush()


def load_team(session: Session, path: Path, at: datetime) -> Team:
    """The staff of the example, appointed if they are not yet; one is picked for each part."""
    by_role: dict[Role, list[StaffUser]] = {role: [] for role in Role}
    roles_known = {role.value: role for role in Role}
    for row in read_csv(path, STAFF_COLUMNS):
        wrong = [word for word in row.strings("roles") if word not in roles_known]
        if wrong:
            raise row.refuse("roles", f"没有角色“{wrong[0]}”；可用的是 {'、'.join(roles_known)}")
        roles = [roles_known[word] for word in row.strings("roles")]
        user = staff.staff_by_login(session, row.text("login")) or _appoint(session, row, roles, at)
        for role in roles:
            by_role[role].append(user)
    lacking = [role.value for role, count in NEEDED.items() if len(by_role[role]) < count]
    if lacking:
        raise refuse(Place(path, 1), f"缺少 {'、'.join(lacking)}；至少要有一名 editor、两名 analyst、一名 publisher")
    analysts = by_role[Role.ANALYST]
    return Team(by_role[Role.EDITOR][0], analysts[0], analysts[1], by_role[Role.PUBLISHER][0])


def _appoint(session: Session, row: Entry, roles: list[Role], at: datetime) -> StaffUser:
    bureau = bureau_of(session, row, "bureau", row.text("bureau"))
    try:
        return accounts.appoint(
            session, bureau, login=row.text("login"), pseudonym=row.text("pseudonym"), roles=roles, at=at
        )
    except AdminHoldsNothingElse as broken:
        raise row.refuse("roles", "管理员（admin）不能兼任其他角色；请另立一行") from broken
    except RolesMissing as broken:
        raise row.refuse("roles", f"没有角色；可用的是 {'、'.join(Role)}") from broken
    except LoginUnusable as broken:
        raise row.refuse("login", "登录名只能用小写字母和数字，中间可用点或连字符，如 zhang.san") from broken


def bureau_of(session: Session, entry: Entry, field: str, name: str) -> Bureau:
    found = staff.bureau_named(session, name)
    if found is None:
        raise entry.refuse(field, f"没有发布机关“{name}”；请先写进 bureaus.csv")
    return found


def bureaus_of(session: Session, entry: Entry) -> list[Bureau]:
    """Who issues a list: at least one."""
    names = entry.strings("bureaus")
    if not names:
        raise entry.refuse("bureaus", '没有发布机关；请写 bureaus = ["……"]')
    return [bureau_of(session, entry, "bureaus", name) for name in names]


def institution_of(session: Session, entry: Entry, column: str, name: str) -> Institution:
    found = institutions.institution_named(session, name)
    if found is None:
        raise entry.refuse(column, f"没有机构“{name}”；请先写进 institutions.csv，或检查写法")
    return found
