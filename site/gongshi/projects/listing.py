"""A list of projects by kind of institution, technology and scenario. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from gongshi.projects.models import Category, Project


@dataclass(frozen=True)
class Selection:
    """What a reader wants to see of a list; empty is everything. An institution counts whether it leads or joins."""

    category: str = ""
    technology: str = ""
    scenario: str = ""

    @property
    def is_everything(self) -> bool:
        return not (self.category or self.technology or self.scenario)

    def takes(self, project: Project) -> bool:
        return (
            (not self.category or self.category in _categories(project))
            and (not self.technology or self.technology in project.technologies)
            and (not self.scenario or self.scenario in project.scenarios)
        )


@dataclass(frozen=True)
class Share:
    """How many projects of a list share a property, and what that is of the largest such count, in per cent."""

    name: str
    count: int
    of_largest: int


@dataclass(frozen=True)
class Overview:
    """A list at a glance: its projects by each of the three properties, the most frequent first."""

    categories: tuple[Share, ...]
    technologies: tuple[Share, ...]
    scenarios: tuple[Share, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.technologies or self.scenarios)


def selected(projects: Iterable[Project], selection: Selection) -> list[Project]:
    """The projects that a selection takes, in their order."""
    return [project for project in projects if selection.takes(project)]


def overview(projects: Sequence[Project]) -> Overview:
    """Counts over a list. A project counts once for each kind, technology and scenario it has."""
    order: dict[str, int] = {category: place for place, category in enumerate(Category)}
    return Overview(
        categories=_shares(projects, _categories, order),
        technologies=_shares(projects, lambda project: project.technologies, {}),
        scenarios=_shares(projects, lambda project: project.scenarios, {}),
    )


def _categories(project: Project) -> list[str]:
    return sorted({institution.category for institution in project.institutions})


def _shares(
    projects: Sequence[Project], properties: Callable[[Project], Iterable[str]], order: dict[str, int]
) -> tuple[Share, ...]:
    counts = Counter(name for project in projects for name in properties(project))
    largest = max(counts.values(), default=1)
    ranked = sorted(counts.items(), key=lambda one: (-one[1], order.get(one[0], 0), one[0]))
    return tuple(Share(name, count, round(100 * count / largest)) for name, count in ranked)
