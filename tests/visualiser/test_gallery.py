"""The gallery: a card for every scenario that is shipped, made without generating anything large."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import chainwright as cw
from chainwright.app.visualiser.gallery import LEVELS, NODES, _shipped, card, first_sentence, gallery, read_lessons
from chainwright.app.visualiser.serving.limits import Limits
from chainwright.scenario import names
from chainwright.scenario import shipped as shelf
from chainwright.words.errors import UsageError
from tests.shipped import shipped

CARDS = {one["name"]: one for one in gallery(Limits())["scenarios"]}


def test_every_shipped_scenario_has_a_card_and_a_lesson_of_its_own() -> None:
    assert sorted(CARDS) == names()
    assert sorted(read_lessons(shelf.folder() / "lessons.toml")) == names()
    levels = [LEVELS.index(one["level"]) for one in CARDS.values()]
    assert levels == sorted(levels)
    assert set(levels) == {0, 1, 2}


@pytest.mark.parametrize("name", [name for name in names() if name not in ("firm_network", "ten_thousand")])
def test_a_card_says_what_the_scenario_is(name: str) -> None:
    one, scenario = CARDS[name], shipped(name)
    assert {section: one[section] for section in ("enterprises", "lanes", "products")} == scenario.counts
    assert (one["title"], one["horizon"], tuple(one["variants"]), one["about"]) == (scenario.title, scenario.horizon, scenario.variants, False)
    assert one["too_large"] is None
    assert 20 < len(one["lesson"]) < 160


@pytest.mark.parametrize("name", names())
def test_every_card_has_a_small_drawing(name: str) -> None:
    drawing: dict[str, Any] = CARDS[name]["drawing"]
    count = len(drawing["position"])
    assert 2 < count <= NODES
    assert len(drawing["roles"]) == count
    assert all(0 <= end < count for link in drawing["links"] for end in link)
    assert len(drawing["links"]) >= count - 1
    # Customers stand furthest to the right, and nobody stands upon another.
    right = max(x for x, _ in drawing["position"])
    assert all((x == right) == (role == "customer") for (x, _), role in zip(drawing["position"], drawing["roles"], strict=True))
    assert len({tuple(place) for place in drawing["position"]}) == count


def test_large_populations_are_neither_grown_nor_resolved(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*given: Any, **options: Any) -> Any:
        raise AssertionError("a scenario was checked or resolved")

    _shipped.cache_clear()
    monkeypatch.setattr("chainwright.scenario.resolve.generated.grow", never)
    monkeypatch.setattr("chainwright.scenario.scenario.check", never)
    monkeypatch.setattr("chainwright.scenario.scenario.resolve", never)
    made = {one["name"]: one for one in gallery(Limits())["scenarios"]}
    assert made == CARDS
    assert "are the most" in made["firm_network"]["too_large"]
    assert made["firm_network"]["fitting"] == ["small"]
    assert (made["firm_network"]["enterprises"], made["ten_thousand"]["enterprises"]) == (150_000, 10_000)


def test_a_scenario_without_a_lesson_gets_a_card_all_the_same() -> None:
    scenario = cw.load("beer_game")
    one = card("new", scenario.document, {}, Limits())
    assert one["lesson"].startswith("Four seats in a row")
    assert one["level"] == "introductory"


@pytest.mark.parametrize(
    ("description", "sentence"),
    [
        (None, ""),
        ("One.\nTwo.", "One."),
        (["What is it?", "More."], "What is it?"),
        ("no end", "no end"),
        ("5.5 units\na week. Then", "5.5 units a week."),
    ],
)
def test_the_first_sentence_is_the_lesson_where_nobody_says_another(description: Any, sentence: str) -> None:
    assert first_sentence(description) == sentence


def test_a_wrong_level_is_told(tmp_path: Path) -> None:
    (tmp_path / "lessons.toml").write_text('[beer_game]\nlevel = "easy"\n', encoding="utf-8")
    with pytest.raises(UsageError, match="introductory, intermediate, advanced, not 'easy'"):
        read_lessons(tmp_path / "lessons.toml")
