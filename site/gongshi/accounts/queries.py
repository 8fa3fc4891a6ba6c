"""Reads: bureaus and staff by what people call them."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gongshi.accounts.models import Bureau, StaffUser


def bureau_named(session: Session, name: str) -> Bureau | None:
    return session.scalar(select(Bureau).where(Bureau.name == name))


def bureau_with_slug(session: Session, slug: str) -> Bureau | None:
    return session.scalar(select(Bureau).where(Bureau.slug == slug))


def staff_by_login(session: Session, login: str) -> StaffUser | None:
    return session.scalar(select(StaffUser).where(StaffUser.login == login))


def count_staff(session: Session, bureau: Bureau) -> int:
    return session.scalar(select(func.count(StaffUser.id)).where(StaffUser.bureau_id == bureau.id)) or 0
