"""How much a browser has to calculate for one submission: a little by day, more while a flood is on (decision 0012).

One pure function over two published tables. Everybody waits a little longer when much arrives; a network that has just
sent many waits longest. Nobody is shut out by it.
"""

from dataclasses import dataclass

# What factor 1 asks for: so many tries on average, about 0.15 seconds on an ordinary computer.
TRIES = 100
MOST = 32

# From so many submissions of the consultation in a minute on, times so much.
BY_LOAD = ((0, 1), (60, 2), (300, 4), (1200, 8))
# From so many submissions that the network has sent within the burst window on, times so much.
BY_NETWORK = ((0, 1), (3, 2), (8, 4), (15, 8))
# The server had to turn people away for being busy in the last minute: at least this for the load.
WHEN_BUSY = 4


@dataclass(frozen=True)
class Load:
    """How much a consultation receives, by the minute, and whether this server has just been too busy to take some."""

    per_minute: float = 0
    is_busy: bool = False


def difficulty(load: Load, sent_by_network: int) -> int:
    """The factor, from 1 to 32, by which the work of the next submission of this network is multiplied."""
    by_load = _step(BY_LOAD, load.per_minute)
    if load.is_busy:
        by_load = max(by_load, WHEN_BUSY)
    return min(MOST, by_load * _step(BY_NETWORK, sent_by_network))


def _step(table: tuple[tuple[int, int], ...], value: float) -> int:
    return max(factor for threshold, factor in table if value >= threshold or threshold == 0)
