"""Hostile texts at every door: each is kept exactly as sent or refused with what was typed, and nothing breaks.

The public's forms get every text in every field. The forms of the workbench are found on its pages, so a new form is
here without a line; each gets a share of the texts in all of its fields at once.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count, cycle, islice
from secrets import token_urlsafe
from typing import Any

from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from floods.reports import Counts
from gongshi.comments import checks
from gongshi.comments.models import Comment, Submission
from gongshi.errors import RuleBroken
from journeys.desks import Bureau, Place
from journeys.furnished import session_of
from web.staff import form_token, signed_in

BROKEN = "answers that are a fault of ours (5xx)"
CHANGED = "texts stored otherwise than they were sent"
LOST = "texts refused without showing what was typed"
UNEXPECTED = "texts taken that should be refused, or refused that should be taken"
LIST = "2026-SL-02"
FORM = f"/consultations/{LIST}/comment"
RECEIPT = re.compile('id="receipt-number"[^>]*>([^<]+)<')
UNHOLDABLE = re.compile(f"[{checks.UNHOLDABLE}]")
_networks = count(1)


@dataclass
class AtDoors:
    """What was sent, and what is wrong with the answers."""

    done: dict[str, int | float | str] = field(default_factory=dict)
    faults: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)

    def wrong(self, kind: str, where: str, text: str) -> None:
        self.faults[kind] += 1
        self.examples.append(f"{kind}: {where} {text[:80]!r}")


def through_every_form(app: Flask, bureau: Bureau, texts: Sequence[str], counts: Counts) -> AtDoors:
    """Send them, or every so many; `counts["per_form"]` of them to each form of the workbench."""
    found = AtDoors(faults=Counter({kind: 0 for kind in (BROKEN, CHANGED, LOST, UNEXPECTED)}))
    sendable = [one for one in texts if not any("\ud800" <= character <= "\udfff" for character in one)]
    sendable = sendable[:: counts["sent_every"]]
    found.done["texts sent through the public's forms, each field by itself"] = _public(app, sendable, found)
    found.done["texts asked for in addresses and filters"] = _asked(app, sendable, found)
    found.done["forms of the workbench, found on its pages"] = _staff(app, bureau, sendable, counts["per_form"], found)
    return found


def _public(app: Flask, texts: Sequence[str], found: AtDoors) -> int:
    client, sent = app.test_client(), 0
    for text in texts:
        for name, longest in (
            ("text", checks.LONGEST_TEXT),
            ("resolution", checks.LONGEST_TEXT),
            ("name", 100),
            ("contact", 200),
        ):
            _send(app, client, name, text[:longest], found)
            sent += 1
        _gathered(client, text, found)
    return sent


def _send(app: Flask, client: FlaskClient, name: str, text: str, found: AtDoors) -> None:
    filled = {"submission_key": token_urlsafe(24), "kind": "ask", "text": "请说明。", "resolution": "", name: text}
    answer = _post(client, FORM, {**filled, "publish_name": "yes"} if name == "name" else filled)
    body = answer.get_data(as_text=True)
    if answer.status_code >= 500:
        found.wrong(BROKEN, name, text)
    elif (answer.status_code == 201) is not _may_be_taken(name, text):
        found.wrong(UNEXPECTED, f"{name} {answer.status_code}", text)
    elif answer.status_code == 201 and name in {"text", "resolution"}:
        # A wish of blanks alone is none.
        if _stored(app, RECEIPT.search(body), name) != (_as_sent(text) if text.strip() else ""):
            found.wrong(CHANGED, name, text)
    elif answer.status_code != 201 and not _shows(body, name, text):
        found.wrong(LOST, f"{name} {answer.status_code}", text)


def _gathered(client: FlaskClient, text: str, found: AtDoors) -> None:
    """The page for checking, which carries everything along as JSON; and the form once more from there."""
    page = _post(client, FORM, {"submission_key": token_urlsafe(24), "kind": "ask", "text": text, "step": "review"})
    carried = _fields(BeautifulSoup(page.get_data(as_text=True), "html.parser").select_one("form#comment"))
    again = _post(client, FORM, {**carried, "step": "add"})
    if max(page.status_code, again.status_code) >= 500:
        found.wrong(BROKEN, "gathered", text)


def _asked(app: Flask, texts: Sequence[str], found: AtDoors) -> int:
    client = app.test_client()
    asked = (
        ("/search/", "q"), ("/consultations/", "state"), (f"/consultations/{LIST}/", "technology"),
        (f"/consultations/{LIST}/comments/", "project"), (f"/consultations/{LIST}/comments/", "paragraph"),
        (f"/consultations/{LIST}/comments/", "kind"), ("/ledger/", "before"),
    )  # fmt: skip
    for text in texts:
        for path, name in asked:
            if client.get(path, query_string={name: text}).status_code >= 500:
                found.wrong(BROKEN, f"{path}?{name}=", text)
        if _post(client, "/receipts/", {"number": text, "secret": text}).status_code >= 500:
            found.wrong(BROKEN, "/receipts/", text)
        if client.get(f"/institutions/{text.strip('/') or 'x'}/").status_code >= 500:
            found.wrong(BROKEN, "/institutions/", text)
    return len(texts) * (len(asked) + 2)


def _staff(app: Flask, bureau: Bureau, texts: Sequence[str], share: int, found: AtDoors) -> int:
    """Every form with a field to type in, as whoever works there finds it; what is chosen stays as it is."""
    forms, turn, clients = 0, cycle(texts), {}
    for place in bureau.places:
        if not place.login:
            continue
        client = clients.get(place.login) or clients.setdefault(place.login, signed_in(app, place.login).raw)
        for address, fields in _forms(app, client, place):
            forms += 1
            for text in islice(turn, share):
                answer = client.post(address, data=fields | {name: text for name in fields if fields[name] is TYPED})
                if answer.status_code >= 500:
                    found.wrong(BROKEN, address, text)
    return forms


TYPED = type("Typed", (str,), {})()


def _forms(app: Flask, client: FlaskClient, place: Place) -> Iterator[tuple[str, dict[str, str]]]:
    soup = BeautifulSoup(client.get(place.path).get_data(as_text=True), "html.parser")
    for form in soup.select("main form[method=post]"):
        fields = _fields(form)
        typed = form.select("textarea[name], input[type=text][name], input[type=search][name], input:not([type])[name]")
        if typed:
            given = {str(one["name"]): TYPED for one in typed}
            yield str(form.get("action") or place.path), {**fields, **given, "csrf_token": form_token(app)}


def _fields(form: Tag | None) -> dict[str, str]:
    if form is None:
        return {}
    found: dict[str, str] = {}
    for one in form.select("input[name], textarea[name], select[name]"):
        name = str(one["name"])
        if one.name == "select":
            chosen = one.select_one("option[selected]") or one.select_one("option")
            found[name] = str(chosen.get("value", "")) if chosen else ""
        elif one.name == "textarea":
            found[name] = one.get_text()
        elif one.get("type") not in {"radio", "checkbox", "file"} or one.has_attr("checked"):
            found[name] = str(one.get("value", ""))
    return found


def _post(client: FlaskClient, path: str, filled: Mapping[str, str]) -> Any:
    place = next(_networks)
    network = f"198.{18 + place // 62_500 % 2}.{place // 250 % 250}.{place % 250}"
    return client.post(path, data=dict(filled), headers={"X-Forwarded-For": network})


def _may_be_taken(name: str, text: str) -> bool:
    check = checks.refuse_bad_text if name == "text" else checks.refuse_unkeepable
    try:
        check(_as_sent(text))
    except RuleBroken:
        return False
    # A name is to be published, so there must be one.
    return name != "name" or bool(text.strip())


def _stored(app: Flask, receipt: re.Match[str] | None, name: str) -> str | None:
    if receipt is None:
        return None
    with session_of(app) as session:
        mine = select(Comment).join(Submission).where(Submission.receipt_number == receipt[1])
        comment = session.scalars(mine).one()
        return comment.text if name == "text" else comment.resolution or ""


def _as_sent(text: str) -> str:
    return text.replace("\r\n", "\n")


def _shows(body: str, name: str, text: str) -> bool:
    """Whether what was typed stands in its field again, or, in a page for checking, in what is carried along."""
    soup = BeautifulSoup(body, "html.parser")
    wanted = UNHOLDABLE.sub("\ufffd", _as_sent(text))
    held = soup.select_one(f"textarea[name={name}], input[name={name}]")
    value = "" if held is None else held.get_text()[1:] if held.name == "textarea" else str(held.get("value", ""))
    return value.replace("\r\n", "\n") == wanted
