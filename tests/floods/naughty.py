"""Hostile texts on every page there is, opened in Chromium: nothing of them runs, and all of them is shown as sent.

Three ways in. Each text is sent through the real forms and must be stored exactly or refused with what was typed (see
sending_naughty.py). Each is a comment of its own, and what a browser reads on the list, on its page and at its receipt
is compared with what was sent. And all are put, past every check, into every text of people that the database holds
(poison.py), so that every page of the public and of the workbench, every file and every mail (taking_away.py) has them
on it.
"""

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser
from sqlalchemy import select
from sqlalchemy.orm import Session

from config import Config
from floods import hostile, sending_naughty, taking_away
from floods.executing import FAILED, HANDLERS, KINDS, LINKS, SCRIPTS, VIOLATIONS, Detector, detector
from floods.poison import FOUND_BY, make_plans_unreadable, poison, put_into_notices
from floods.reports import Control, Counts, Report
from floods.servers import servers
from gongshi.accounts.models import StaffUser
from gongshi.comments import actions as comments
from gongshi.comments import checks, covering, intake, receipts
from gongshi.comments.covering import Piece
from gongshi.comments.intake import Person, Point, Target
from gongshi.comments.models import CommentKind
from gongshi.consultations import queries as consultations
from gongshi.consultations.models import Consultation
from gongshi.db import writing
from gongshi.errors import RuleBroken
from gongshi.projects.models import Institution
from gongshi.web.keys import personal_ring, receipt_key
from journeys import chromium
from journeys.bureau_lists import ANALYST
from journeys.clerks import cookie_of
from journeys.desks import Bureau, furnished_bureau
from journeys.furnished import session_of
from journeys.kinds import KINDS as PUBLIC
from journeys.landmarks import Receipt
from journeys.pages import LookUp
from journeys.running import RunningSite, running_site
from web.staff import signed_in

AT_ONCE = checks.MOST_POINTS
PER_LIST = 600
MOST_SAID = 40
DIFFERS = "texts of comments that a browser reads otherwise than they were sent"
SHOWN = "() => [...document.querySelectorAll('.voice')].map((one) => [one.id, one.querySelector('.text')?.textContent])"
NEXT = "() => document.querySelector('.pager [rel=next]')?.href ?? ''"
FOLLOWED = "() => [...document.querySelectorAll('main .text')].map((one) => one.textContent)"
FILES, MAILS = "files taken away, and tables of one cell", "mails written"
_networks = count(1)


@dataclass(frozen=True)
class Sent:
    """A text that was taken, as the comment of this number, and the receipt of its submission."""

    number: str
    text: str
    receipt: Receipt


def prove_naughty(folder: Path, counts: Counts) -> Report:
    """The whole corpus, or the list's every so many; then some of the pages with faults planted."""
    report = Report("Hostile texts run nothing, on any page, and are shown as they were sent")
    texts = hostile.corpus(counts["every"])
    with report.timed(), running_site(folder) as site, chromium.driver() as driver:
        browser = chromium.launch(driver)
        bureau = furnished_bureau(site)
        report.done["naughty strings of the list, and of ours"] = (
            f"{len(texts) - len(hostile.OURS)} + {len(hostile.OURS)}"
        )
        at_doors = sending_naughty.through_every_form(site.app, bureau, texts, counts)
        report.done |= at_doors.done
        report.faults |= at_doors.faults
        _say(at_doors.examples)
        sent = list(_taken(site.app, texts))
        report.done["texts taken as comments, each published"] = len(sent)
        with detector(browser) as seen:
            report.faults[DIFFERS] = _differing(seen, site, sent)
            report.faults |= _noted(report, seen, "pages of single texts, receipts and files")
        with everywhere(browser, bureau) as looks:
            for dose in _doses(_short(texts), counts["dose"]):
                given = poison(_config(site), dose, counts["share"])
                report.done["texts of people that were replaced, in all"] = given
                if counts["index"]:
                    _reindex(site.app)
                for look in looks:
                    look.all_pages(bureau)
            for look in looks:
                for kind, found in _noted(report, look.seen, "pages with every text of people replaced").items():
                    report.faults[kind] += found
            _taken_away(report, bureau, looks, sent, texts)
        report.controls = list(_controls(browser, site, sent))
        report.faults[FAILED] += _broken_by_plans(bureau, _short(texts))
        browser.close()
    return report


def _taken(app: Flask, texts: Iterable[str]) -> Iterator[Sent]:
    """Every text that may be kept as a comment, twenty to a submission, each published; names too."""
    config: Config = app.config["SITE"]
    good = [one for one in texts if _may_be_kept(one)]
    with app.app_context(), session_of(app) as session, writing(session) as at:
        analyst = session.scalars(select(StaffUser).where(StaffUser.login == ANALYST)).one()
        for place, some in enumerate(_submissions(good)):
            points = [
                Point(CommentKind.OPPOSE, one, one[::-1] if _may_be_kept(one[::-1]) else None, Target()) for one in some
            ]
            name = next((one[:100] for one in some if one.strip()), None)
            made = intake.submit(
                session, _open_list(session), submission_key=f"naughty-{place}", points=points,
                server_key=receipt_key(config), at=at, person=Person(name, name, publish_name=True),
                ring=personal_ring(config),
            )  # fmt: skip
            receipt = Receipt(made.receipt_number, receipts.secret(receipt_key(config), made.submission_key))
            for comment in made.comments:
                comments.publish(session, comment, by=analyst, at=at)
                yield Sent(comment.number, comment.text, receipt)


def _submissions(texts: Sequence[str]) -> Iterator[list[str]]:
    some: list[str] = []
    for one in texts:
        if len(some) == AT_ONCE or sum(map(len, some)) + len(one) > checks.LONGEST_TOGETHER:
            yield some
            some = []
        some.append(one)
    if some:
        yield some


def _may_be_kept(text: str) -> bool:
    try:
        checks.refuse_bad_text(text)
    except RuleBroken:
        return False
    return True


def _short(texts: Iterable[str]) -> list[str]:
    return [one for one in texts if len(one) < 1_000]


def _doses(texts: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (texts[start : start + size] for start in range(0, len(texts), size))


def _open_list(session: Session) -> Consultation:
    found = consultations.numbered(session, "2026-SL-02")
    assert found is not None
    return found


def _config(site: RunningSite) -> Config:
    config: Config = site.app.config["SITE"]
    return config


def _reindex(app: Flask) -> None:
    with app.app_context():
        done = app.test_cli_runner().invoke(args=["search", "rebuild"])
    assert done.exit_code == 0, done.output


# What a browser reads of each text


def _differing(seen: Detector, site: RunningSite, sent: Sequence[Sent]) -> int:
    read = dict(_on_lists(seen, site, sent[0].number.rpartition("-")[0]))
    wrong = [one for one in sent if read.get(f"c-{int(one.number.rpartition('-')[2])}") != _beginning(one.text)]
    for one in sent:
        if len(one.text) > PER_LIST or one.text.count("\n") >= covering.MOST_LINES:
            page = seen.open(site.address(f"/comments/{one.number}/"))
            wrong += [one] if _as_read(one.text) not in page.evaluate(FOLLOWED) else []
    for receipt in dict.fromkeys(one.receipt for one in sent):
        wrong += _not_at_receipt(seen, site, receipt, [one for one in sent if one.receipt == receipt])
    seen.examples += [f"{DIFFERS}: {one.number} {one.text[:80]!r}" for one in wrong]
    return len(wrong)


def _on_lists(seen: Detector, site: RunningSite, number: str) -> Iterator[tuple[str, str]]:
    address = site.address(f"/consultations/{number}/comments/?each=1&state=published")
    while address:
        page = seen.open(address)
        yield from page.evaluate(SHOWN)
        address = page.evaluate(NEXT)


def _not_at_receipt(seen: Detector, site: RunningSite, receipt: Receipt, sent: Sequence[Sent]) -> list[Sent]:
    """What became of it, by number and secret; and the receipt as a file, opened where no policy guards it."""
    seen.page.set_extra_http_headers({"X-Forwarded-For": f"203.0.{next(_networks)}.1"})
    seen.page.goto(site.address("/receipts/"))
    LookUp(seen.page).look_up(receipt)
    read = seen.look().evaluate(FOLLOWED)
    filled = {"number": receipt.number, "secret": receipt.secret}
    answer = seen.page.request.post(site.address("/receipts/file"), form=filled)
    file = _config(site).DATA_DIR / "receipt.html"
    file.write_bytes(answer.body())
    seen.open(file.as_uri())
    in_file = seen.page.evaluate(FOLLOWED)
    return [one for one in sent if not (_as_read(one.text) in read and _as_read(one.text) in in_file)]


def _beginning(text: str) -> str:
    shown = "".join(piece.text for piece in covering.beginning([Piece(text)], PER_LIST))
    is_cut = len(text) > PER_LIST or text.count("\n") >= covering.MOST_LINES
    return _as_read(shown) + ("……" if is_cut else "")


def _as_read(text: str) -> str:
    """HTML knows one line end."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


# Every page


@dataclass
class Look:
    """One reader: nobody in particular, or somebody of the staff."""

    login: str
    seen: Detector

    def all_pages(self, bureau: Bureau) -> None:
        """Open all that this reader can."""
        for address in self._public(bureau) if not self.login else self._of_staff(bureau):
            self.seen.open(address)

    def _public(self, bureau: Bureau) -> Iterator[str]:
        site = bureau.site
        for kind in PUBLIC:
            if kind.endpoint != "institutions.show":
                yield site.address(kind.path(site))
        for path in (f"/search/?q={FOUND_BY}", *_institutions(site.app)):
            yield site.address(path)
        yield site.address("/en/")

    def _of_staff(self, bureau: Bureau) -> Iterator[str]:
        for place in bureau.places:
            if place.login == self.login:
                yield place.address(bureau.site)


def _institutions(app: Flask) -> list[str]:
    with session_of(app) as session, app.test_request_context():
        names = session.scalars(select(Institution.name).limit(3)).all()
        return [app.url_map.bind("127.0.0.1").build("public.institutions.show", {"name": name}) for name in names]


@contextmanager
def everywhere(browser: Browser, bureau: Bureau) -> Iterator[list[Look]]:
    """The public and everybody who has something on their desk."""
    logins = sorted({place.login for place in bureau.places} - {""})
    cookies = {login: {**cookie_of(bureau.site.app, login), "url": bureau.site.origin} for login in logins}
    with detector(browser) as seen:
        looks = [Look("", seen)]
        open_detectors = [detector(browser, cookies[login]) for login in logins]
        looks += [Look(login, one.__enter__()) for login, one in zip(logins, open_detectors, strict=True)]
        try:
            yield looks
        finally:
            for one in open_detectors:
                one.__exit__(None, None, None)


def _noted(report: Report, seen: Detector, what: str) -> dict[str, int]:
    before = report.done.get(what, 0)
    assert isinstance(before, int)
    report.done[what] = before + seen.pages
    _say(seen.examples)
    return {kind: seen.counts[kind] for kind in KINDS}


def _say(examples: Sequence[str]) -> None:
    """What was found, for whoever has to mend it: the report has counts only."""
    for one in examples[:MOST_SAID]:
        sys.stderr.write(f"   {one}\n")


# What is not a page


def _taken_away(
    report: Report, bureau: Bureau, looks: Sequence[Look], sent: Sequence[Sent], texts: Sequence[str]
) -> None:
    """Files and mails."""
    app = bureau.site.app
    files = [one for look in looks for one in taking_away.files(app, bureau, look.login, look.seen.files)]
    files += taking_away.of_receipts(app, [(one.receipt, one.number) for one in sent[::AT_ONCE]])
    files += taking_away.cells(texts)
    mails = list(taking_away.mails(app, texts))
    for what, kind, taken in ((FILES, taking_away.MALFORMED, files), (MAILS, taking_away.NOT_PLAIN, mails)):
        wrong = [f"{one.what} {one.wrong}" for one in taken if one.wrong]
        report.done[what], report.faults[kind] = len(taken), len(wrong)
        _say(wrong)


def _broken_by_plans(bureau: Bureau, texts: Sequence[str]) -> int:
    """How many pages of the staff fail, rather than say so, when plans in preparation cannot be read."""
    make_plans_unreadable(_config(bureau.site), texts)
    clients: dict[str, FlaskClient] = {}
    broken = []
    for place in bureau.places:
        if place.login and ("/projects/" in place.path or "/drafts/" in place.path):
            client = clients.setdefault(place.login, signed_in(bureau.site.app, place.login).raw)
            answer = client.get(place.path)
            broken += [place.path] if answer.status_code >= 500 else []
    _say(broken)
    return len(broken)


# The same with faults planted


def _controls(browser: Browser, site: RunningSite, sent: Sequence[Sent]) -> Iterator[Control]:
    comments = f"/consultations/{sent[0].number.rpartition('-')[0]}/comments/?each=1&state=published"
    notices = tuple(kind.path(site) for kind in PUBLIC if kind.endpoint == "notices.show")
    # Whatever stood on these pages last: a fault that is planted must have something to show itself by.
    poison(_config(site), hostile.MARKUP, len(hostile.MARKUP))
    put_into_notices(_config(site), hostile.LINKS)
    plants = (
        ("texts are not escaped, and there is no policy", "shows_texts_unescaped", (comments,), (SCRIPTS, HANDLERS)),
        (
            "texts are not escaped under the policy",
            "shows_texts_unescaped_under_its_policy",
            (comments,),
            (VIOLATIONS,),
        ),
        ("Markdown may link anywhere", "links_anywhere", notices, (LINKS,)),
    )
    for planted, plant, paths, found_by in plants:
        with servers(_config(site), 1, planted=plant) as [server], detector(browser) as seen:
            for path in paths:
                seen.open(f"http://127.0.0.1:{server.port}{path}")
        for kind in found_by:
            yield Control(planted, kind, seen.counts[kind])
