"""The report page: self-contained, well-formed, escaped, written whole or not at all."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from chainwright.report import page, story
from chainwright.report.result_name import changes
from chainwright.report.style import drawing
from chainwright.report.svg import inline_svg
from chainwright.words.errors import UsageError
from tests.report.fake_result import FakeResult, fake_result

VOID = {"meta", "link", "br", "path", "rect", "use", "image"}


class Reader(HTMLParser):
    """Reads a page: elements that are not closed, identifiers, addresses, text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.identifiers: list[str] = []
        self.addresses: list[str] = []
        self.elements: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        if tag not in VOID:
            self.open.append(tag)
        self._attributes(attributes)

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self._attributes(attributes)

    def _attributes(self, attributes: list[tuple[str, str | None]]) -> None:
        for name, value in attributes:
            if name == "id":
                self.identifiers.append(str(value))
            if name in ("src", "href", "xlink:href"):
                self.addresses.append(str(value))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def read(text: str) -> Reader:
    reader = Reader()
    reader.feed(text)
    reader.close()
    return reader


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages whose words are looked at need no figures, which take most of the time."""
    monkeypatch.setattr(page, "network", lambda result: "")
    monkeypatch.setattr(page, "charts", lambda result: "")


@pytest.fixture(scope="module")
def text() -> str:
    return page.html(fake_result(runs=4, description="One.\n\nTwo.", assumptions=["Nothing is lost."], warm_up=5))


def test_the_page_is_well_formed_and_has_its_parts(text: str) -> None:
    reader = read(text)
    assert reader.open == []
    assert reader.elements.count("svg") == 8  # seven figures, the network twice
    words = " ".join(" ".join(reader.words).split())
    for part in ("A made-up chain", "Made up for a test", "Nothing is lost.", "Fill rate", "Who sells to whom", "Cost per week", "warm-up", "0.1.0"):
        assert part in words


def test_nothing_is_loaded_from_elsewhere(text: str) -> None:
    reader = read(text)
    assert all(address.startswith(("#", "data:,")) for address in reader.addresses)
    assert not re.search(r"@import|url\((?!#)", text)
    assert not {"script", "img", "iframe"} & set(reader.elements)


def test_identifiers_are_unique_and_references_hit(text: str) -> None:
    reader = read(text)
    assert len(set(reader.identifiers)) == len(reader.identifiers)
    wanted = set(re.findall(r"url\(#([^)]+)\)", text)) | {address[1:] for address in reader.addresses if address.startswith("#")}
    assert wanted <= set(reader.identifiers)


def test_the_same_result_gives_the_same_page() -> None:
    assert page.html(fake_result(runs=3)) == page.html(fake_result(runs=3))


def test_what_a_scenario_says_is_escaped() -> None:
    nasty = '<script>alert(1)</script>" onload="x'
    result = fake_result(runs=1, title=nasty, source=nasty, description=nasty, assumptions=[nasty])
    for frame in (result.items, result.enterprises):
        frame["enterprise"] = frame["enterprise"].replace({"retailer": nasty})
    result.scenario.network = result.scenario.network.__class__(
        [(nasty if seller == "retailer" else seller, nasty if buyer == "retailer" else buyer) for seller, buyer in result.scenario.network.edges()]
    )
    reader = read(page.html(result))
    assert "script" not in reader.elements
    assert reader.open == []
    assert nasty in "".join(reader.words)


def test_one_run_has_no_intervals_and_no_bands() -> None:
    text = page.html(fake_result(runs=1))
    assert "one run, so no interval" in text
    assert "95 % interval" not in text.split("<main>")[1].split("What the numbers mean")[0].replace("&nbsp;", " ")
    assert "band spans" not in text


def test_constant_demand_and_no_costs_are_said() -> None:
    text = page.html(fake_result(runs=2, constant_demand=True, costs=False))
    assert "no costs are declared" in text
    assert "not defined here" in text
    assert 'id="cost-over-time"' not in text


def test_a_thousand_runs_and_many_items_stay_small() -> None:
    result = fake_result({"supplier": 2, "retailer": 90, "customer": 1}, runs=1000, periods=4)
    text = page.html(result)
    assert len(text) < 1_000_000
    assert "The 60 of 92 with the lowest fill rate" in text


def test_a_period_of_some_days_and_no_timeline() -> None:
    result = fake_result(runs=2, period=10)
    result.timeline = None  # type: ignore[assignment]
    text = page.html(result)
    assert "10 days" in text
    assert 'id="stock"' not in text


@pytest.mark.usefixtures("undrawn")
def test_the_page_is_written_whole(tmp_path: Path) -> None:
    target = page.write(fake_result(runs=1), tmp_path / "new" / "report.html")
    assert target.read_text(encoding="utf-8").endswith("</html>\n")
    assert [path.name for path in target.parent.iterdir()] == ["report.html"]


@pytest.mark.usefixtures("undrawn")
def test_a_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(UsageError, match="cannot be written"):
        page.write(fake_result(runs=1), tmp_path / "taken" / "report.html")


@pytest.mark.usefixtures("undrawn")
def test_the_command_to_repeat_is_on_the_page() -> None:
    result = fake_result(runs=3)
    assert "chainwright run made_up --runs 3 --seed 7 --periods 52" in page.html(result)
    result.manifest["arguments"] = ["run", "my chain.yaml", "--set", "horizon=5"]
    assert "chainwright run &#x27;my chain.yaml&#x27; --set horizon=5" in page.html(result)


def test_the_story_names_what_stands_out() -> None:
    result = fake_result(runs=4)
    told = " ".join(story.sentences(result))
    assert "Orders swing most at supplier" in told
    assert "The lowest fill rate" in told
    result.echelons["bullwhip_ratio_to_end_demand"] = 0.8
    result.items["fill_rate"] = 1.0
    told = " ".join(story.sentences(result))
    assert "No echelon amplifies" in told
    assert "ships all of its demand at once" in told


def test_the_story_without_the_ratio_to_end_demand() -> None:
    result: FakeResult = fake_result(runs=2)
    result.echelons = result.echelons.drop(columns="bullwhip_ratio_to_end_demand")
    result.summary = result.summary.drop(columns=["days_of_supply"])
    names = [one.name for one in story.headlines(result)]
    assert names == ["Fill rate", "Bullwhip", "Stock on hand, units", "Cost per week, money"]
    result.summary["on_hand_mean"] = 14_121_784.0
    assert story.headlines(result)[2].value == "14.1\u00a0million"


def test_the_bullwhip_of_the_tile_is_that_of_the_network() -> None:
    """The number of `summary`, and of the last row of `echelons` that orders; not that of the echelon that happens to swing most."""
    result = fake_result(runs=3)
    result.echelons.loc[result.echelons["echelon"] == 2, "bullwhip_ratio_to_end_demand"] = 500.0
    tile = next(one for one in story.headlines(result) if one.name.startswith("Bullwhip"))
    expected = result.echelons.loc[result.echelons["echelon"] == 4, "bullwhip_ratio_to_end_demand"].mean()
    assert (tile.name, tile.value) == ("Bullwhip at supplier", f"{expected:.3g}")
    assert result.summary["bullwhip_ratio_to_end_demand"].mean() == pytest.approx(expected)


def test_profit_is_a_tile_where_there_are_prices() -> None:
    result = fake_result(runs=2)
    result.summary["profit"] = [5200.0, 10400.0]
    tile = next(one for one in story.headlines(result) if one.name.startswith("Profit"))
    assert (tile.name, tile.value) == ("Profit per week, money", "150")
    result.summary["profit"] = float("nan")
    assert not [one for one in story.headlines(result) if one.name.startswith("Profit")]


def test_the_value_of_stock_is_a_tile_where_there_are_unit_costs() -> None:
    result = fake_result(runs=2)
    result.summary["on_hand_value_mean"] = [4e18, 5e18]
    one = story.headlines(result)[3]
    assert (one.name, one.value) == ("Stock value, money", "4.5×10¹⁸")
    result.summary["on_hand_value_mean"] = 0.0
    assert len(story.headlines(result)) == 4


@pytest.mark.usefixtures("undrawn")
def test_the_page_says_the_variant_and_what_was_changed() -> None:
    result = fake_result(runs=1)
    result.scenario.name, result.scenario.variants = "made_up-fast", {"fast": {}}
    result.scenario.settings = {"lanes.*.transport_time": 1}
    text = page.html(result)
    assert "<h1>A made-up chain – fast</h1>" in text
    assert "changed: lanes.*.transport_time = 1" in text


@pytest.mark.usefixtures("undrawn")
def test_what_was_changed_is_told_in_words_and_never_as_half_a_list() -> None:
    pause = {"kind": "shipment_pause", "target": {"seller": "importer", "buyer": "roastery"}, "start": 120, "duration": 14}
    result = fake_result(runs=1, disruptions=[pause])
    levels = {f"shop_{number}": {"policy": "base_stock", "level": number} for number in range(9)}
    result.scenario.settings = {"disruptions": [pause], "policies.place_orders": levels, "horizon": 150}
    told = "shipment pause of goods from importer to roastery, week 120 to 133"
    assert changes(result.scenario) == [f"disruptions = {told}", "policies.place_orders", "horizon = 150"]
    head = page.html(result).split('<p class="changed">')[1].split("</p>")[0]
    assert head == f"changed: disruptions = {told}; policies.place_orders; horizon = 150"
    result.scenario.document["disruptions"] = [{**pause, "start": 10 * number} for number in range(1, 6)]
    assert changes(result.scenario)[0].endswith("week 30 to 43; and 2 more")
    result.scenario.document["disruptions"] = []
    assert changes(result.scenario)[0] == "disruptions = none"


def test_disruptions_are_listed_and_shaded() -> None:
    events = [{"kind": "closure", "target": {"enterprise": "retailer"}, "start": 5 + number, "duration": 2} for number in range(10)]
    text = page.html(fake_result(runs=1, disruptions=events))
    assert "closure of retailer, week 5 to 6" in text
    assert "and 2 more" in text
    assert "Red ground" in text
    assert "var(--outage" in text


def test_colours_of_drawings_are_variables_of_the_page(text: str) -> None:
    drawn = "".join(re.findall(r"<svg.*?</svg>", text, flags=re.DOTALL))
    assert "var(--ink" in drawn
    assert not re.search(r"(fill|stroke): #", drawn)
    wanted = set(re.findall(r"var\(--([a-z-]+)", drawn))
    assert wanted <= set(re.findall(r"--([a-z-]+):", text.split("</style>")[0]))


def test_costs_by_echelon_leave_customers_out() -> None:
    result = fake_result({"supplier": 2, "retailer": 30, "customer": 2}, runs=2, periods=4)
    result.echelons.loc[result.echelons["echelon"] == 0, "purchase_cost"] = 1e9
    card = page.html(result).split('id="costs"')[1].split("</figure>")[0]
    assert "Cost by echelon" in card
    assert "customers" not in card


def test_tooltips_and_descriptions_stand_in_the_drawing() -> None:
    figure = drawing(2.0, 1.0)
    figure.add_subplot().plot([1, 2], gid="line")
    figure.tooltips["line"] = "a < b"
    text = inline_svg(figure, "one", 'it says "so"')
    assert '<g id="one-line"><title>a &lt; b</title>' in text
    assert 'aria-label="it says &quot;so&quot;"' in text
    assert "<metadata" not in text


@pytest.mark.usefixtures("undrawn")
def test_assumptions_are_folded_below_the_numbers() -> None:
    text = page.html(fake_result(runs=1, description="What it is.\n\nHow it goes on.\n\nAssumptions: nothing breaks."))
    top, below = text.split('<section class="tiles"')
    assert "What it is." in top
    assert not [words for words in ("How it goes on.", "nothing breaks") if words in top]
    folded = below.split("<details")[1].split("</details>")[0]
    assert "and what it assumes</summary>" in folded
    assert "How it goes on." in folded
    assert "nothing breaks" in folded
    assert "<details" not in page.html(fake_result(runs=1, description="What it is."))


def test_service_and_lost_sales_over_time_are_drawn_where_something_was_missing() -> None:
    result = fake_result(runs=2)
    result.timeline = result.timeline.assign(asked=10.0, shipped_in_time=10.0, lost=0.0)
    text = page.html(result)
    assert 'id="service-over-time"' not in text
    assert 'id="lost-over-time"' not in text
    short = result.timeline["period"].eq(9) & result.timeline["echelon"].eq(1)
    result.timeline.loc[short, ["shipped_in_time", "lost"]] = [4.0, 6.0]
    text = page.html(result)
    assert 'id="service-over-time"' in text
    assert 'id="lost-over-time"' in text


def test_days_out_of_stock_and_recovery_are_told_where_something_was_disrupted() -> None:
    closures = [{"kind": "closure", "target": {"enterprise": "retailer"}, "start": start, "duration": 2} for start in (9, 20)]
    result = fake_result(runs=2, periods=30, disruptions=closures)
    result.timeline = result.timeline.assign(asked=10.0, shipped_in_time=10.0, lost=0.0, backorder=0.0)
    shop = result.timeline["echelon"] == 1
    for period, owed in ((3, 1.0), (9, 10.0), (10, 20.0), (11, 8.0), (12, 1.0), (13, 0.5)):
        result.timeline.loc[shop & (result.timeline["period"] == period), "backorder"] = owed
    table = page.html(result).split('class="scroll fared"')[1].split("</table>")[0]
    cells = [re.sub("<[^>]+>", "", cell) for cell in re.findall(r"<td.*?</td>", table)]
    # Owed 10, 20 and 8 in three weeks, and in the fourth no more than the 1 of before; the second closure did nothing.
    assert cells[:5] == ["closure of retailer, week 9 to 10", "retailer", "3 weeks", "20", "3 weeks"]
    assert cells[5:] == ["closure of retailer, week 20 to 21", "Nobody owed or lost more than before."]
    result.timeline.loc[shop & (result.timeline["run"] == 1) & (result.timeline["period"] >= 22), "backorder"] = 3.0
    text = page.html(result)
    assert "not by the end" in text
    assert 'class="scroll fared"' not in page.html(fake_result(runs=1))


@pytest.mark.usefixtures("undrawn")
def test_long_names_are_not_cut_in_the_table_of_items() -> None:
    style = page.html(fake_result(runs=1)).split("</style>")[0]
    assert "ellipsis" not in style
