"""`flask accounts …`: the first administrator of a bureau, and the staff of the worked example for a trial."""

from datetime import datetime

import click
from flask import current_app
from sqlalchemy.orm import Session

from gongshi.accounts import actions, enrolling, passwords, queries, trial
from gongshi.accounts.models import Bureau, Role, StaffUser
from gongshi.db import writing
from gongshi.errors import RuleBroken
from gongshi.web import wording
from gongshi.web.db import db
from gongshi.web.settings import settings

# Long enough for the rule, and easy to type on a Friday. Such accounts open nothing in production.
TRIAL_PASSWORD = "gongshi-shi-yong"  # noqa: S105  Known to everybody on purpose.


@click.group("accounts")
def accounts() -> None:
    """Accounts of staff."""


@accounts.command("create-admin")
@click.option("--bureau", "slug", required=True, help="The bureau's short name in addresses and the ledger: beijing.")
@click.option("--bureau-name", default="", help="For a new bureau: its full name in Chinese.")
@click.option("--bureau-name-en", default="", help="For a new bureau: its name in English.")
@click.option("--login", required=True, help="The name to sign in with: zhang.san.")
@click.option("--name", required=True, help="How this person is called on public pages.")
def create_admin(slug: str, bureau_name: str, bureau_name_en: str, login: str, name: str) -> None:
    """Give a bureau an administrator and print the one-time link; with a login that exists, a new link."""
    with Session(db.engine) as session:
        try:
            with writing(session) as at:
                bureau = _bureau(session, slug, bureau_name, bureau_name_en)
                token = _link_of_admin(session, bureau, login, name, at)
        except RuleBroken as refused:
            with current_app.test_request_context("/en/"):
                raise click.ClickException(wording.say(refused)) from refused
    click.echo("The link holds for 72 hours and works once. Open it on the site's own address:")
    click.echo(f"/workbench/join/{token}")


@accounts.command("trial")
def set_up_trial() -> None:
    """Let the worked example's staff sign in with a known password; they are refused in production."""
    config = settings()
    if config.is_production:
        raise click.ClickException("trial accounts are refused in production (ENVIRONMENT=production)")
    with Session(db.engine) as session:
        staff = trial.staff(session, config.CONTENT_DIR / "example" / "staff.csv")
        if not staff:
            raise click.ClickException("the worked example is not loaded: run `flask content load` first")
        fresh = [user for user in staff if not user.is_trial]
        chosen = {user.login: passwords.choose(TRIAL_PASSWORD, login=user.login) for user in fresh}
        if fresh:
            with writing(session) as at:
                for user in fresh:
                    trial.open_to_trial(session, user, chosen[user.login], at=at)
        click.echo(f"accounts: sign in at http://{config.HOST}:{config.PORT}/workbench/ with {TRIAL_PASSWORD} as")
        for user in staff:
            click.echo(f"  {user.login:16} {', '.join(sorted(user.roles))}")


def _bureau(session: Session, slug: str, name: str, name_en: str) -> Bureau:
    found = queries.bureau_with_slug(session, slug)
    if found is not None:
        return found
    if not name or not name_en:
        raise click.ClickException(
            f"there is no bureau {slug} yet: add --bureau-name 示例证监局 --bureau-name-en 'Example Securities Bureau'"
        )
    if queries.bureau_named(session, name) is not None:
        raise click.ClickException(f"there is a bureau of the name {name} already, under another --bureau")
    bureau = actions.establish(session, slug=slug, name=name, name_en=name_en)
    session.flush()
    return bureau


def _link_of_admin(session: Session, bureau: Bureau, login: str, name: str, at: datetime) -> str:
    user = queries.staff_by_login(session, login)
    if user is None:
        user = actions.appoint(session, bureau, login=login, pseudonym=name, roles=[Role.ADMIN], at=at)
        return enrolling.invite(session, user, by=None, at=at)
    if not _is_active_admin_of(user, bureau):
        raise click.ClickException(f"{login} has another account: take another --login")
    return enrolling.start_anew(session, user, by=None, at=at)


def _is_active_admin_of(user: StaffUser, bureau: Bureau) -> bool:
    return user.is_active and user.bureau_id == bureau.id and user.roles == {Role.ADMIN} and not user.is_trial
