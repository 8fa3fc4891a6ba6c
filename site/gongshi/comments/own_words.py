"""What people may say beside an act: at most 2,000 characters for the bureau, of which the log holds a salted hash."""

from dataclasses import dataclass

from gongshi import ledger
from gongshi.comments.checks import refuse_unkeepable

LONGEST_REASON = 2_000


@dataclass(frozen=True)
class OwnWords:
    """A text with the salt of its commitment, or neither."""

    text: str | None = None
    salt: bytes | None = None

    @property
    def committed(self) -> dict[str, dict[str, str]]:
        """As the ledger holds it."""
        if self.text is None or self.salt is None:
            return {}
        return {"c": {"reason": ledger.commitment(self.salt, self.text)}}


def own_words(typed: str | None) -> OwnWords:
    """What was typed, exactly, with a fresh salt; blank is nothing. Raises TextTooLong, TextUnreadable."""
    text = typed or ""
    refuse_unkeepable(text, LONGEST_REASON)
    return OwnWords(text, ledger.new_salt()) if text.strip() else OwnWords()
