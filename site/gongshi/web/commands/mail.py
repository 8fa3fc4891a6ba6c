"""`flask mail …`: does it arrive, and how is it doing."""

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from urllib.parse import urlsplit

import click
from sqlalchemy.orm import Session

from gongshi import clock
from gongshi.subscriptions import addresses, queries
from gongshi.subscriptions.addresses import AddressUnusable
from gongshi.web.db import db
from gongshi.web.mail import mailer
from gongshi.web.mail.server import Answer, ServerDown
from gongshi.web.settings import settings


@click.group("mail")
def mail() -> None:
    """Mail to those who asked for it."""


@mail.command("test")
@click.argument("address")
def test(address: str) -> None:
    """Send one mail to ADDRESS now, and say what the server answered."""
    config = settings()
    server = mailer.server(config)
    if server is None:
        raise click.ClickException("no mail is set up: set SMTP_URL, MAIL_FROM and SITE_URL")
    try:
        to = addresses.plain(address)
        with server.connected() as connection:
            verdict = connection.send(_trial(config.MAIL_FROM, to, config.SITE_URL), sender=config.MAIL_FROM, to=to)
    except AddressUnusable as error:
        raise click.ClickException("this is not an address that mail can be sent to") from error
    except ServerDown as error:
        raise click.ClickException(f"{server.host}:{server.port} takes no mail: {error.trouble}") from error
    if verdict.answer is not Answer.ACCEPTED:
        raise click.ClickException(f"{server.host}:{server.port} did not take it: {verdict.trouble}")
    click.echo(f"mail: {server.host}:{server.port} has taken it; look into the mailbox, and into its spam folder")


@mail.command("status")
def status() -> None:
    """Say how many follow, what waits and since when, and what was given up in the last 30 days."""
    with Session(db.engine) as session:
        health = queries.outbox_health(session)
    since = f" since {clock.beijing(health.oldest):%Y-%m-%d %H:%M}" if health.oldest else ""
    trouble = f", {health.trying_again} tried again ({health.last_trouble})" if health.trying_again else ""
    click.echo(
        f"mail: {'on' if settings().SMTP_URL else 'off'}, {health.confirmed} subscriptions, "
        f"{health.waiting} waiting{since}{trouble}, {health.failed} given up"
    )


def _trial(sender: str, to: str, site: str) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"] = sender, to
    message["Subject"] = "试发邮件 / A mail to try"
    message["Date"] = format_datetime(clock.beijing(clock.now()))
    message["Message-ID"] = make_msgid(domain=urlsplit(site).hostname)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(f"这是 {site} 的试发邮件。\n\nThis is a mail to try from {site}.\n", cte="base64")
    return message
