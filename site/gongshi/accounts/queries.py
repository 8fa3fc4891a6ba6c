"""Reads: bureaus and staff by what people call them."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from gongshi.accounts.models import Bureau, Role, StaffRole, StaffUser


def bureau_named(session: Session, name: str) -> Bureau | None:
    return session.scalar(select(Bureau).where(Bureau.name == name))


def bureaus(session: Session) -> list[Bureau]:
    """Every bureau, by name."""
    return list(session.scalars(select(Bureau).order_by(Bureau.name)))


def bureau_with_slug(session: Session, slug: str) -> Bureau | None:
    return session.scalar(select(Bureau).where(Bureau.slug == slug))


def staff_by_login(session: Session, login: str) -> StaffUser | None:
    return session.scalar(select(StaffUser).where(StaffUser.login == login))


def active_by_email(session: Session, email: str) -> StaffUser | None:
    wanted = StaffUser.email == email.strip().lower()
    return session.scalar(select(StaffUser).where(wanted, StaffUser.is_active.is_(True)))


def count_active_admins(session: Session, bureau_id: UUID) -> int:
    query = select(func.count(StaffRole.id)).join(StaffRole.user)
    only = (StaffUser.bureau_id == bureau_id, StaffUser.is_active.is_(True), StaffRole.role == Role.ADMIN)
    return session.scalar(query.where(*only)) or 0


def numbered(session: Session, bureau_id: UUID, code: str) -> StaffUser:
    """Somebody of a bureau by the code that the ledger knows; raises NoResultFound."""
    return session.scalars(select(StaffUser).where(StaffUser.bureau_id == bureau_id, StaffUser.code == code)).one()


def count_staff(session: Session, bureau: Bureau) -> int:
    return session.scalar(select(func.count(StaffUser.id)).where(StaffUser.bureau_id == bureau.id)) or 0


def staff_of(session: Session, bureau_id: UUID) -> list[StaffUser]:
    """Everybody who has or had an account at a bureau, those who left last."""
    query = select(StaffUser).where(StaffUser.bureau_id == bureau_id).options(selectinload(StaffUser.role_rows))
    return list(session.scalars(query.order_by(StaffUser.is_active.desc(), StaffUser.code)))


def active_with_roles(session: Session, bureau_id: UUID, roles: Iterable[Role]) -> list[StaffUser]:
    """Who at a bureau may act in one of these roles now."""
    wanted = frozenset(roles)
    return [one for one in staff_of(session, bureau_id) if one.is_active and one.roles & wanted]
