"""How hard the proof of work is: a published table of load and of what the network has sent."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from gongshi.web.limits.difficulty import MOST, Load, difficulty

LOADS = some.builds(Load, some.floats(0, 1e6), some.booleans())
SENT = some.integers(0, 10_000)


@pytest.mark.parametrize(
    ("per_minute", "sent", "factor"),
    [
        pytest.param(0, 0, 1, id="a quiet day"),
        pytest.param(59.9, 2, 1, id="just below both first steps"),
        pytest.param(60, 0, 2, id="a busy list"),
        pytest.param(0, 3, 2, id="a network that sent three"),
        pytest.param(60, 3, 4, id="both"),
        pytest.param(300, 8, 16, id="a flood, from a network that sends much"),
        pytest.param(1200, 15, 32, id="the most there is"),
        pytest.param(100_000, 10_000, 32, id="never more than that"),
    ],
)
def test_the_work_follows_the_load_and_what_the_network_sent(per_minute: float, sent: int, factor: int) -> None:
    assert difficulty(Load(per_minute), sent) == factor


def test_while_the_server_turns_people_away_the_work_is_harder_whatever_was_accepted() -> None:
    assert difficulty(Load(0, is_busy=True), 0) == 4
    assert difficulty(Load(1200, is_busy=True), 0) == 8


@given(load=LOADS, sent=SENT, more=SENT)
def test_whoever_sent_more_never_has_less_work(load: Load, sent: int, more: int) -> None:
    assert 1 <= difficulty(load, sent) <= difficulty(load, sent + more) <= MOST


@given(load=LOADS, more=some.floats(0, 1e6), sent=SENT)
def test_more_load_never_means_less_work(load: Load, more: float, sent: int) -> None:
    assert difficulty(load, sent) <= difficulty(Load(load.per_minute + more, load.is_busy), sent)
