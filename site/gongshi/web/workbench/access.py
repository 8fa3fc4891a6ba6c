"""Who may open which page of the workbench: each concept says so once, and one gate asks everybody.

`allow(bp, reading=…, writing=…)` at module level opens a concept's pages to roles; a blueprint that did not say so is
closed to everybody. `me()` is who is signed in. What a person may do to *this* record (their bureau, the second pair of
hands) is asked by the actions; the gate asks only what can be known from the address.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field

from flask import Blueprint, g, request
from flask_babel import gettext
from werkzeug.exceptions import Forbidden, Unauthorized

from gongshi.accounts.models import Role, StaffUser
from gongshi.accounts.sessions import StaffSession, Stage
from gongshi.web import doors

EVERYONE: frozenset[Role] = frozenset({Role.EDITOR, Role.PUBLISHER, Role.ANALYST})
ALL_STAFF: frozenset[Role] = EVERYONE | {Role.ADMIN}
NOBODY: frozenset[Role] = frozenset()

# What a signed-in person may send: a plan typed by hand, a table with hundreds of boxes. Uploads are named one by one.
LARGEST_FORM = 4 * 1024 * 1024
LARGEST_UPLOAD = 20 * 1024 * 1024
MOST_FIELDS = 10_000


class NotForYou(Forbidden):
    """The page is for other roles. `roles` are those that may."""

    def __init__(self, roles: frozenset[Role]) -> None:
        super().__init__()
        self.roles = roles


@dataclass(frozen=True)
class Access:
    """What one concept lets whom do."""

    reading: frozenset[Role] = NOBODY
    writing: frozenset[Role] = NOBODY
    endpoints: Mapping[str, frozenset[Role]] = field(default_factory=dict)
    uploads: frozenset[str] = frozenset()
    is_open: bool = False

    def roles(self, view: str, method: str) -> frozenset[Role]:
        """Who may ask for a view with this method."""
        if method in doors.SAFE:
            return self.reading
        return self.endpoints.get(view, self.writing)


DECLARED: dict[str, Access] = {}
CLOSED = Access()


def allow(
    bp: Blueprint,
    *,
    reading: Set[Role],
    writing: Set[Role],
    endpoints: Mapping[str, Set[Role]] | None = None,
    uploads: Set[str] = frozenset(),
) -> None:
    """Open a concept's pages: a GET to `reading`, other methods to `writing`, or to whom `endpoints` names for a view.

    Views named in `uploads` take files of up to 20 MB.
    """
    single = {view: frozenset(roles) for view, roles in (endpoints or {}).items()}
    DECLARED[bp.name] = Access(frozenset(reading), frozenset(writing), single, frozenset(uploads))


def open_to_strangers(bp: Blueprint) -> None:
    """Open a concept's pages to people who are not signed in: the door itself."""
    DECLARED[bp.name] = Access(is_open=True)


def me() -> StaffUser:
    """Who is signed in. Only behind the gate; raises Unauthorized elsewhere."""
    return my_session().user


def my_session() -> StaffSession:
    """The session in which this request is made."""
    found = whose_session()
    if found is None or found.stage is not Stage.SIGNED_IN:
        raise Unauthorized(gettext("Please sign in."))
    return found


def whose_session() -> StaffSession | None:
    """The session of this request's cookie, whole or halfway, if there is one."""
    found = g.get("staff_session")
    assert found is None or isinstance(found, StaffSession)
    return found


def who() -> StaffUser | None:
    """Who is signed in, if anybody is: for the frame, which error pages and the sign-in page share."""
    found = whose_session()
    return found.user if found is not None and found.stage is Stage.SIGNED_IN else None


def declared(endpoint: str) -> tuple[Access, str]:
    """The declaration that an endpoint falls under, and the name of its view: `workbench.triage.show`."""
    parts = endpoint.split(".")
    if len(parts) != 3:
        return CLOSED, ""
    return DECLARED.get(parts[1], CLOSED), parts[2]


def refuse_the_wrong_role() -> None:
    """The gate's question, before anything of the request's body is read. Raises Unauthorized, NotForYou."""
    access, view = declared(request.endpoint or "")
    if access.is_open:
        return
    roles = access.roles(view, request.method)
    if not me().roles & roles:
        raise NotForYou(roles)


def take_larger_bodies() -> None:
    """Let those who are signed in send more than the public may."""
    access, view = declared(request.endpoint or "")
    if access.is_open:
        return
    request.max_content_length = LARGEST_UPLOAD if view in access.uploads else LARGEST_FORM
    request.max_form_memory_size = LARGEST_FORM
    request.max_form_parts = MOST_FIELDS
