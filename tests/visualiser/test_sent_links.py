"""A link that was sent is opened at whatever address this machine's server has; a damaged one is told in one line."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import chainwright as cw
from chainwright.app.visualiser.serving import server
from chainwright.app.visualiser.serving.limits import Limits
from chainwright.app.visualiser.sharing import share_links
from chainwright.app.visualiser.sharing.sent_links import fragment_of, try_link
from chainwright.app.visualiser.sharing.share_links import MOST_ACTS
from chainwright.app.visualiser.sources import Given
from chainwright.experiment.timeline.changes_by_hand import ManualChange, Plan
from chainwright.experiment.timeline.timeline import Timeline
from chainwright.words.errors import UsageError
from tests.app.conftest import Run, run
from tests.visualiser.conftest import Open
from tests.visualiser.test_share_links import CLOSURE, pack

__all__ = ["run"]
GOOD = pack({"s": "beer_game", "d": 7, "p": 12, "i": [["d", 5, CLOSURE, "closed"]]})


@pytest.mark.parametrize(
    "text",
    [
        f"http://127.0.0.1:9999/#{GOOD}",
        f"HTTP://localhost/#{GOOD}",
        f"https://elsewhere.example/some/page#{GOOD}",
        f"127.0.0.1:8765/#{GOOD}",
        f"#{GOOD}",
        GOOD,
        f"  <http://127.0.0.1:8765/#{GOOD}>\n",
    ],
)
def test_a_link_is_known_by_what_follows_the_sign(text: str) -> None:
    assert fragment_of(text) == GOOD
    try_link(GOOD, Limits())


def test_who_goes_elsewhere_meanwhile_is_not_taken_to_the_period_of_the_link(page: Open) -> None:
    one = page(draws=False)  # so that periods come one after the other
    one.ask("hello", fragment=pack({"s": "battery", "d": 7, "p": 300}))
    timeline = one.state["a"]
    assert (one.state["period"], one.session.open_runs.first.wanted) == (0, 300)
    assert one.answer("share", period=0)["period"] == 300
    one.ask("need", timeline=timeline, to=50)
    assert one.answer("share", period=10)["period"] == 10
    one.draws = True
    one.draw()
    one.ask("need", timeline=timeline, to=365)
    assert len(one.timelines[timeline]["frames"]) == 365
    assert one.state["period"] == 0


@pytest.mark.parametrize("text", ["beer_game", "beer_game:pass_on", "my.yaml", "./a/b.yaml", "my#1.yaml", "1.yaml", "C:\\x\\y.yaml", ""])
def test_names_and_paths_are_no_links(text: str) -> None:
    assert fragment_of(text) is None


def test_a_file_that_is_there_is_no_link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("1.some_long_name").write_text("", encoding="utf-8")
    assert fragment_of("1.some_long_name") is None
    assert fragment_of("1.some_long_nam") == "1.some_long_nam"


WRONG: list[tuple[str, str]] = [
    (GOOD[:-9], "cut off or changed"),
    (GOOD[:20] + "A" + GOOD[21:], "cut off or changed"),
    (GOOD + "%20", "cut off or changed"),
    ("1.x", "cut off or changed"),
    ("", "holds no run"),
    ("gallery", "holds no run"),
    ("2." + GOOD[2:], "newer chainwright"),
    (pack({"s": "ber_game", "d": 7}), "did you mean 'beer_game'?"),
    (pack({"s": "beer_game", "d": 7, "x": "pas_on"}), "did you mean 'pass_on'?"),
    (pack({"s": "given:mine", "d": 7, "h": "0"}), "start `chainwright app` with that file"),
    (pack({"s": "ten_thousand", "d": 7}), "are the most"),
    (pack({"s": "beer_game", "d": 7, "i": [["d", 5, {"kind": "closure", "target": {"enterprise": "nobody"}}, ""]]}), "cannot be opened: disruptions"),
    (pack({"s": "beer_game", "d": 7, "i": [["l", 500, {"lanes.*.transport_time": 3}, ""]]}), "would never happen"),
]


@pytest.mark.parametrize(("fragment", "words"), WRONG)
def test_a_damaged_link_is_told_in_one_line(run: Run, monkeypatch: pytest.MonkeyPatch, fragment: str, words: str) -> None:
    monkeypatch.setattr(server, "serve", lambda **options: pytest.fail("it was started"))
    monkeypatch.setattr(server, "missing", lambda: "")
    code, out, err = run("app", f"http://127.0.0.1:9999/#{fragment}")
    assert (code, out) == (2, "")
    assert words in err
    assert err.count("\n") == 1


@given(st.integers(2, len(GOOD) - 1), st.sampled_from("ABCxyz019-_"))
def test_no_changed_letter_gives_another_run(place: int, letter: str) -> None:
    changed = GOOD[:place] + letter + GOOD[place + 1 :]
    try:
        found = share_links.read(changed)
    except UsageError as error:
        assert "cut off or changed" in str(error)  # noqa: PT017
    else:
        assert found == share_links.read(GOOD)  # packed in another way


def test_the_browser_opens_this_server_with_the_run(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    def serve(port: int, up: Any) -> None:
        up()

    monkeypatch.setattr(server, "serve", serve)
    monkeypatch.setattr(server, "missing", lambda: "")
    monkeypatch.setattr("webbrowser.open", opened.append)
    code, out, err = run("app", f"http://127.0.0.1:9999/#{GOOD}", "--port", "0")
    assert (code, err) == (0, "")
    (address,) = opened
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/#" + re.escape(GOOD), address)
    assert ":9999" not in address
    assert f"The visualiser is at {address} (Ctrl-C ends it)" in out


def test_what_the_link_says_is_not_said_again(run: Run) -> None:
    code, _, err = run("app", GOOD, "--seed", "3", "--set", "horizon=9")
    assert code == 2
    assert "--seed: the link says that already" in err
    assert "--set: the link says that already" in err


def test_what_was_done_in_a_link_is_checked_once_and_not_once_for_every_act() -> None:
    """A link is one click: what it lets somebody's machine do must not grow with the square of what it says."""
    made: list[int] = []
    whole = Plan._step

    def step(self: Any, *given: Any) -> Any:
        made.append(1)
        return whole(self, *given)

    acts = [["l", 1 + number * 7 % 30, {"policies.place_orders.retailer.target": number}, ""] for number in range(60)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Plan, "_step", step)
        try_link(pack({"s": "beer_game", "d": 7, "i": acts}), Limits())
    assert len(made) == len(acts)


def test_a_timeline_does_at_once_what_another_has_done_one_after_the_other() -> None:
    one, other = Timeline("beer_game"), Timeline("beer_game")
    one.act({"policies.place_orders.retailer.target": 20}, period=9)
    one.disrupt(CLOSURE, period=4)
    one.act({"policies.place_orders.retailer.target": 30}, period=9)
    other.play(12)
    other.do(one.acts)
    one.play(12)
    assert other.acts == one.acts
    assert other.played == 12
    np.testing.assert_equal(other.summary(12), one.summary(12))  # what is empty is empty in both
    with pytest.raises(UsageError):
        other.do([*one.acts, ManualChange(1, 999, {"lanes.*.transport_time": 3})])
    assert other.acts == one.acts


def test_more_than_a_link_can_hold_is_told_and_not_shared(page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    one = page()
    timeline = one.open("beer_game")
    monkeypatch.setattr("chainwright.app.visualiser.sharing.share_links.MOST_ACTS", 2)
    for level in (20, 21):
        one.ask("act", timeline=timeline, period=3, settings={"policies.place_orders.retailer.target": level})
    assert try_link(one.answer("share")["fragment"], Limits()) is None
    one.ask("act", timeline=timeline, period=3, settings={"policies.place_orders.retailer.target": 22})
    told = one.answer("share")
    assert (told["fragment"], told["qr"], told["own"]) == ("gallery", None, True)
    assert "There are too many changes for a link" in told["message"]
    assert MOST_ACTS > 2


def test_a_link_of_somebody_s_own_file_is_refused_with_what_to_do(page: Open, tmp_path: Path) -> None:
    path = cw.load("beer_game").save(tmp_path / "mine.yaml")
    one = page(given=Given(cw.load(path), str(path)))
    one.ask("hello", fragment="")
    with pytest.raises(UsageError, match="'mine', a scenario file that no link holds"):
        try_link(one.answer("share")["fragment"], Limits())
