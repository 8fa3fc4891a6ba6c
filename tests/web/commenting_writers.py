"""People at the comment form without JavaScript: they fill in fields and press buttons, and see what comes back."""

import json
from dataclasses import dataclass, field
from typing import Any

from bs4 import Tag

from web.client import Client, Page
from web.commenting_people import FORM, TEXT


@dataclass
class Writer:
    """Someone in front of one page of the form. What was filled in counts for the next button that is pressed."""

    client: Client
    page: Page
    address: str
    filled: dict[str, str] = field(default_factory=dict)

    @classmethod
    def opens(cls, client: Client, address: str = FORM, **query: Any) -> "Writer":
        page = client.get(address, **query)
        return cls(client, page, str(page.one("#comment")["action"]))

    @property
    def fields(self) -> dict[str, str]:
        return {**self.page.fields("#comment"), **self.filled}

    @property
    def gathered(self) -> list[dict[str, Any]]:
        """What the page carries along."""
        found = json.loads(self.page.fields("#comment").get("gathered", "[]"))
        assert isinstance(found, list)
        return found

    def writes(self, text: str = TEXT, *, kind: str = "oppose", **more: str) -> "Writer":
        self.filled |= {"text": text, "kind": kind, **more}
        return self

    def presses(self, step: str, *, to: str | None = None, status: int = 200) -> "Writer":
        """Press a button of the page: by its step, and by where it leads if several have one step."""
        return self._presses(self.button(step, to), status)

    def sends(self, status: int = 201) -> Page:
        """From the page for checking. The button that Enter presses stands for the one that is seen."""
        return self._presses(self.page.all('#comment [name=step][value="send"]')[-1], status).page

    def button(self, step: str, to: str | None = None) -> Tag:
        found = self._buttons(step, to)
        assert len(found) == 1, f"{len(found)} buttons {step} to {to}"
        return found[0]

    def leads_to(self, step: str, to: str) -> bool:
        return bool(self._buttons(step, to))

    def _buttons(self, step: str, to: str | None) -> list[Tag]:
        buttons = self.page.all(f'#main [name=step][value="{step}"]')
        return [one for one in buttons if to is None or str(one.get("formaction", "")).endswith(to)]

    def has_button(self, step: str) -> bool:
        return bool(self._buttons(step, None))

    def goes_on_at(self, project: int, paragraph: str | None = None, version: int = 1) -> "Writer":
        """From the form or the page for checking, through the choice of a place, to the form for that place."""
        writer = self if self.has_button("write") else self.presses("add" if self.has_button("add") else "choose")
        if not writer.leads_to("write", f"?project={project}"):
            writer = writer if writer.leads_to("write", FORM) else writer.presses("choose", to=FORM)
            writer = writer.presses("choose", to=f"?project={project}")
        more = f"&version={version}&paragraph={paragraph}" if paragraph else ""
        return writer.presses("write", to=f"?project={project}{more}")

    def _presses(self, button: Tag, status: int) -> "Writer":
        address = str(button.get("formaction") or self.page.one("#comment")["action"])
        page = self.client.post(address, {**self.fields, "step": str(button["value"])}, status=status)
        return Writer(self.client, page, address)
