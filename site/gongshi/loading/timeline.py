"""Acts of the past in the order in which they happened, each remembering the line that asked for it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from gongshi import clock
from gongshi.errors import RuleBroken
from gongshi.loading.files import Entry
from gongshi.loading.problems import Place, refuse


@dataclass
class Timeline:
    """Day 0 is the day of loading. Nothing happens later than now."""

    day_zero: date
    now: datetime
    zone: ZoneInfo = clock.BEIJING
    _acts: list[tuple[datetime, int, Place, Callable[[datetime], object]]] = field(default_factory=list)

    def moment(self, day: int, at: time) -> datetime:
        return datetime.combine(self.day_zero + timedelta(days=day), at, self.zone)

    def add(self, entry: Entry, at: datetime, act: Callable[[datetime], object]) -> None:
        """Plan an act; of two at the same instant the one planned first comes first."""
        self._acts.append((min(at, self.now), len(self._acts), entry.at(), act))

    def play(self) -> int:
        """Do everything in order; returns how many acts. A rule that refuses one is told with its line."""
        for at, _, place, act in sorted(self._acts, key=lambda planned: planned[:2]):
            try:
                act(at)
            except RuleBroken as broken:
                raise refuse(place, f"流程规则不允许：{broken}（{type(broken).__doc__ or ''}）") from broken
        return len(self._acts)


def time_of(entry: Entry, name: str) -> time:
    """A time of day, written 09:30."""
    try:
        return time.fromisoformat(entry.text(name))
    except ValueError:
        raise entry.refuse(name, f"时间应写作 09:30，这里是“{entry.text(name)}”") from None
