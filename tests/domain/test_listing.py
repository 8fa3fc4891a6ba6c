"""A list by kind of institution, technology and scenario."""

import pytest

from gongshi.projects.listing import Selection, overview, selected
from gongshi.projects.models import Category, Institution, Partner, Project

SECURITIES = Institution(name="示例证券", category=Category.SECURITIES)
TECHNOLOGY = Institution(name="示例科技", category=Category.TECHNOLOGY)


def project(number: int, technologies: list[str], scenarios: list[str], *joint: Institution) -> Project:
    partners = [Partner(institution=one, ordinal=place) for place, one in enumerate(joint, 1)]
    return Project(
        number=number, name=f"项目{number}", lead=SECURITIES, partners=partners, technologies=technologies,
        scenarios=scenarios,
    )  # fmt: skip


PROJECTS = [
    project(1, ["大数据", "区块链"], ["智能风控"], TECHNOLOGY),
    project(2, ["大数据"], ["智能投顾"]),
    project(3, ["联邦学习"], ["智能风控"], TECHNOLOGY),
]


@pytest.mark.parametrize(
    ("selection", "numbers"),
    [
        (Selection(), [1, 2, 3]),
        (Selection(technology="大数据"), [1, 2]),
        (Selection(category="科技企业"), [1, 3]),
        (Selection(technology="大数据", scenario="智能风控"), [1]),
        (Selection(category="银行"), []),
    ],
)
def test_a_selection_takes_what_has_every_property_asked_for(selection: Selection, numbers: list[int]) -> None:
    assert [one.number for one in selected(PROJECTS, selection)] == numbers


def test_an_overview_counts_each_project_once_for_each_property() -> None:
    found = overview(PROJECTS)

    assert [(share.name, share.count, share.of_largest) for share in found.technologies] == [
        ("大数据", 2, 100), ("区块链", 1, 50), ("联邦学习", 1, 50),
    ]  # fmt: skip
    assert [(share.name, share.count) for share in found.categories] == [("证券公司", 3), ("科技企业", 2)]
    assert overview([]).is_empty
