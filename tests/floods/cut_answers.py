"""The answer does not arrive, and people send again: one comment, one receipt, the one that was lost on the way."""

from pathlib import Path

from config import Config
from floods.audit import TWICE, Memory, audit
from floods.people import Answer, Letter, letters, receipt_in, send_all, under_another_key
from floods.proxy import Cut, Proxy, between
from floods.reports import Control, Counts, Report
from floods.servers import prepare, serving

TRIES = 40
CONTROL_POSTS = 60


def prove_cut_answers(folder: Path, counts: Counts) -> Report:
    """So many posts through a proxy that cuts answers; and the same with clients that forget their key."""
    report = Report("An answer cut on its way is asked for again, and is the same")
    with report.timed():
        config = _site(folder / "site")
        with serving(config, folder / "server.log") as server, between(server.port, percent=counts["percent"]) as proxy:
            memory, sent_again = _post(proxy, counts["posts"], forgetful=False)
        faults, entries = audit(config, memory, sent=counts["posts"])
        faults["receipts lost on the way that were another's"] = _not_the_same(proxy, memory)
        report.faults = faults
        report.done = {
            "comments sent by as many people": counts["posts"],
            "answers cut": proxy.cuts.total(),
            **{f"cut {cut}": proxy.cuts[cut] for cut in Cut},
            "sent again with the same key": sent_again,
            "entries in the ledger at the end": entries,
        }
        report.controls = [Control("people whose browser forgets the key", TWICE, _forgetting(folder / "control"))]
    return report


def _forgetting(folder: Path) -> int:
    config = _site(folder)
    with serving(config, folder / "server.log") as server, between(server.port, percent=50) as proxy:
        memory, _ = _post(proxy, CONTROL_POSTS, forgetful=True)
    return audit(config, memory, sent=CONTROL_POSTS)[0][TWICE]


def _site(folder: Path) -> Config:
    folder.mkdir(parents=True, exist_ok=True)
    return prepare(folder)


def _post(proxy: Proxy, posts: int, *, forgetful: bool) -> tuple[Memory, int]:
    memory, again = Memory(), 0
    waiting = memory.keep(send_all(letters(posts), [proxy.port]))
    for _ in range(TRIES):
        if not waiting:
            break
        again += len(waiting)
        waiting = memory.keep(_sent_again(proxy, waiting, forgetful=forgetful))
    return memory, again


def _sent_again(proxy: Proxy, waiting: list[Letter], *, forgetful: bool) -> list[Answer]:
    return send_all([under_another_key(one) if forgetful else one for one in waiting], [proxy.port])


def _not_the_same(proxy: Proxy, memory: Memory) -> int:
    """How many keys were answered with two receipts, counting those that never arrived."""
    kept = {letter.key: pairs for letter, pairs in memory.shown.items()}
    answered = {
        key: {receipt_in(page.decode(errors="replace")) for page in pages} for key, pages in proxy.answered.items()
    }
    return sum(receipts != kept.get(key, set()) for key, receipts in answered.items())
