"""What one does on the page, in a real browser: looking inside, changing, disrupting, comparing, running many, sharing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import chainwright as cw
from chainwright.experiment.timeline.timeline import Timeline
from tests.browser.parts_page import PERIOD


def test_an_order_is_told_in_words_and_numbers(opened: Any, packets: Any) -> None:
    page = opened()
    page.watch()
    # By the keyboard: the list of those in trouble begins with the longest backorder.
    names = page.tab.locator(".cw-inspector .trouble .name").all_inner_texts()
    backorder = "(one, row) => [one.name, store.at('a', 'items', 'backorder', store.state.period)[row]]"
    owed = page.tab.evaluate(f"store.timelines.a.enterprises.map({backorder})")
    assert names[0] == max(owed, key=lambda one: one[1])[0]
    page.tab.locator(".cw-inspector .trouble", has_text="wholesaler").press("Enter")
    page.tab.wait_for_selector(".cw-inspector .steps")
    steps = next(one for one in packets[1]["e2"]["sections"] if one["kind"] == "arithmetic")["steps"]
    shown = page.tab.locator(".cw-inspector .steps").first
    written = page.tab.evaluate("values => values.map(value => chainwright.number(value))", [one["value"] for one in steps])
    assert shown.locator(".value").all_inner_texts() == written
    assert steps[0]["formula"] in shown.inner_text()
    # While it is played the frames are told, and nothing is asked.
    asked = len(page.sent("inspect"))
    page.tab.evaluate("() => store.set({playing: true, period: 22})")
    page.tab.wait_for_selector(".cw-inspector .live th")
    stock = page.tab.evaluate("chainwright.number(store.at('a', 'items', 'on_hand', store.state.period)[2])")
    assert page.tab.locator(".cw-inspector .live tr", has_text="on hand").inner_text().split()[-1] == stock
    assert len(page.sent("inspect")) == asked


def test_what_is_not_known_is_shown_as_a_table(opened: Any) -> None:
    page = opened()
    page.watch(selected={"enterprise": 1})
    rows = [{"machine": "press <i>1</i>", "load": 0.5}, {"machine": "press 2", "load": 1}]
    data = {"enterprise": "retailer", "sections": [{"kind": "shop_floor", "title": "Shop floor", "rows": rows}]}
    page.receive(kind="inspection", timeline="a", period=PERIOD, enterprise=1, data=data)
    page.tab.get_by_text("Shop floor").click()
    assert page.tab.locator(".cw-inspector .sections tbody tr").first.locator("td").all_inner_texts() == ["press <i>1</i>", "0.5"]


def test_a_lever_is_sent_with_its_path_and_a_number_out_of_bounds_is_not(opened: Any) -> None:
    page = opened()
    page.watch(selected={"enterprise": 2})
    page.tab.get_by_text("Policies", exact=True).click()
    field = page.tab.get_by_role("spinbutton", name="smoothing")
    apply = page.tab.locator(".cw-inspector .policy .apply button").first
    assert apply.is_disabled()
    field.fill("7")
    assert apply.is_disabled()
    field.fill("0.5")
    apply.click()
    (sent,) = page.sent("act")
    assert sent["settings"] == {"policies.place_orders.wholesaler.smoothing": 0.5}
    assert (sent["timeline"], sent["period"], sent["seen"], sent["about"]) == ("a", PERIOD, PERIOD, {"enterprise": "wholesaler"})
    assert sent["label"] == "wholesaler: smoothing 0.36 → 0.5"


def test_who_applies_by_keyboard_goes_on_where_he_was(opened: Any, packets: Any) -> None:
    page = opened()
    page.watch(selected={"enterprise": 2})
    page.tab.get_by_text("Policies", exact=True).click()
    field = page.tab.get_by_role("spinbutton", name="smoothing")
    field.fill("0.5")
    page.tab.locator(".cw-inspector .policy .apply button").first.focus()
    page.tab.keyboard.press("Enter")
    assert len(page.sent("act")) == 1
    assert field.evaluate("one => one === document.activeElement")
    # What Python tells of it is drawn anew, and he is still there.
    page.receive(kind="inspection", timeline="a", period=PERIOD, enterprise=2, data=packets[1]["e2"])
    assert page.tab.get_by_role("spinbutton", name="smoothing").evaluate("one => one === document.activeElement")


def test_another_policy_is_sent_with_the_parameters_that_it_begins_with(opened: Any, packets: Any) -> None:
    page = opened()
    page.watch(selected={"enterprise": 2})
    page.tab.get_by_text("Policies", exact=True).click()
    page.tab.get_by_role("combobox", name="Policy: place orders").select_option("constant")
    page.tab.locator(".cw-inspector .policy .apply button").first.click()
    (sent,) = page.sent("act")
    timeline = Timeline(cw.load("beer_game"))
    timeline.play(PERIOD)
    act = timeline.act(sent["settings"], label=sent["label"])
    assert act.settings["policies.place_orders.wholesaler.policy"] == "constant"


def test_a_disruption_is_said_in_plain_words_and_sent_as_a_scenario_has_it(opened: Any) -> None:
    page = opened()
    page.watch(open={"kind": "disrupt", "enterprise": 4})
    dialog = page.tab.get_by_role("dialog", name="Disrupt")
    dialog.get_by_role("spinbutton", name="How long").fill("3")
    assert dialog.locator(".say").first.inner_text().startswith("brewery closes for 3 weeks from week 25 on; orders wait")
    # Where nothing was done by hand, no rule stands over nothing.
    assert dialog.locator(".group").last.is_visible()
    page.receive(kind="acts", timeline="a", acts=[])
    assert not dialog.locator(".group").last.is_visible()
    dialog.get_by_role("combobox", name="Recovery").select_option("linear")
    dialog.get_by_role("button", name="Disrupt").click()
    (sent,) = page.sent("disrupt")
    assert sent["disruption"] == {"kind": "closure", "target": {"enterprise": "brewery"}, "duration": 3, "recovery": "linear", "recovery_time": 3}
    assert (sent["timeline"], sent["period"], sent["seen"]) == ("a", PERIOD, PERIOD)
    assert sent["label"] == "brewery closes for 3 weeks from week 25 on. Then it fades evenly over 3 weeks."


def test_every_kind_of_disruption_that_is_offered_can_be_done(opened: Any) -> None:
    page = opened()
    timeline = Timeline(cw.load("beer_game"))
    timeline.play(PERIOD)
    wanted = """() => {
      const timeline = store.timelines.a, wish = {severity: 0.5, factor: 2, duration: 4, recovery: "linear", orders: "refuse"};
      const found = [], all = ["closure", "reduction", "shipment_pause", "transit_pause", "order_pause", "receipt_pause"];
      for (const [key, kinds] of [["e4", all], ["l2", all], ["e0", ["order_pause", "demand"]], ["all", ["demand"]]])
        for (const kind of kinds) {
          const one = {...wish, kind};
          found.push([chainwright.disruption(timeline, key, one), chainwright.sayDisruption(timeline, key, one, 25)]);
        }
      return found;
    }"""
    found = page.tab.evaluate(wanted)
    for disruption, said in found:
        assert "{" not in said
        assert "disrupt." not in said
        act = timeline.disrupt(disruption, label=said)
        timeline.undo(act.number)
    assert len(found) == 15


def test_recovering_takes_as_long_as_it_lasts_until_somebody_says_otherwise(opened: Any) -> None:
    page = opened()
    page.watch(open={"kind": "disrupt"}, selected={"enterprise": 4})
    dialog = page.tab.get_by_role("dialog", name="Disrupt")
    dialog.get_by_label("Recovery").select_option("linear")
    time = dialog.get_by_role("spinbutton", name="Time to recover")
    dialog.get_by_role("spinbutton", name="How long").fill("6")
    assert time.input_value() == "6"
    time.fill("0")
    assert dialog.get_by_role("button", name="Disrupt", exact=True).is_disabled()
    time.fill("2")
    dialog.get_by_role("spinbutton", name="How long").fill("5")
    assert time.input_value() == "2"
    dialog.get_by_role("button", name="Disrupt", exact=True).click()
    (sent,) = page.sent("disrupt")
    assert (sent["disruption"]["duration"], sent["disruption"]["recovery_time"]) == (5, 2)


def test_looking_back_a_disruption_begins_a_branch(opened: Any) -> None:
    page = opened()
    page.watch()
    page.set(period=12)
    page.set(open="disrupt")
    dialog = page.tab.get_by_role("dialog", name="Disrupt")
    assert dialog.locator(".warn").is_visible()
    dialog.get_by_role("button", name="Disrupt").click()
    (sent,) = page.sent("disrupt")
    assert (sent["period"], sent["seen"]) == (12, PERIOD)


def test_comparing_asks_for_what_was_chosen(opened: Any) -> None:
    page = opened()
    page.watch(open={"kind": "compare"})
    page.tab.get_by_role("button", name="Compare").last.click()
    page.set(open={"kind": "compare"})
    page.tab.get_by_role("radio", name="pass on").check()
    page.tab.get_by_role("button", name="Compare").last.click()
    assert page.sent("compare") == [{"kind": "compare", "timeline": "b"}, {"kind": "compare", "scenario": "beer_game", "variant": "pass_on"}]
    page.set(open={"kind": "compare"})
    page.tab.get_by_role("button", name="Draw bands").click()
    assert page.sent("bands") == [{"kind": "bands", "timeline": "a", "runs": 30}]
    page.receive(kind="bands", timeline="a", job="bands", done=3, of=30)
    page.set(open=None)
    assert page.tab.get_by_role("progressbar").get_attribute("aria-valuenow") == "3"
    page.tab.get_by_role("button", name="Cancel").click()
    page.set()
    assert page.sent("cancel") == [{"kind": "cancel", "job": "bands"}]
    assert page.tab.get_by_role("progressbar").count() == 0


def test_a_small_sweep_is_asked_for_and_drawn(opened: Any) -> None:
    page = opened()
    page.watch(open={"kind": "many"})
    dialog = page.tab.get_by_role("dialog", name="Run many")
    dialog.get_by_role("spinbutton", name="To").fill("3")
    dialog.get_by_role("button", name="Run").click()
    # Of whole numbers each once, however many were wanted.
    assert page.sent("many") == [{"kind": "many", "timeline": "a", "factors": [{"path": "p.level", "values": [0, 1, 2, 3]}], "runs": 10}]
    share = {"label": "fill rate", "share": True}
    columns = [{"name": "p.level", "label": "p.level", "share": False}, *({"name": f"fill_rate{end}", **share} for end in ("", "_low", "_high"))]
    rows = [[0, 0.5, 0.4, 0.6], [3, 0.75, 0.7, 0.8]]
    page.receive(kind="many", done=40, of=40, ended=True, columns=columns, rows=rows, code="import chainwright as cw")
    assert dialog.locator("svg.cw-sweep circle").count() == 2
    assert dialog.locator("tbody tr").first.locator("td").all_inner_texts() == ["0", "50.0 %"]
    dialog.get_by_text("As Python").click()
    assert dialog.locator("pre").inner_text() == "import chainwright as cw"


def test_points_of_a_sweep_are_compared_run_by_run(opened: Any) -> None:
    page = opened()
    page.watch(open={"kind": "many"})
    dialog = page.tab.get_by_role("dialog", name="Run many")
    dialog.get_by_role("button", name="Run").click()
    ends = ("", "_low", "_high", "_less", "_less_low", "_less_high")
    columns = [{"name": "p.level", "label": "p.level"}, *({"name": f"total_cost{end}", "label": "total cost", "share": False} for end in ends)]
    # The intervals of the means overlap; run by run the second point is dearer in any case, and of the third it cannot be said.
    rows = [[10, 50, 40, 60, 0, 0, 0], [12, 53, 43, 63, 3, 2.5, 3.5], [14, 51, 41, 61, 1, -0.5, 2.5]]
    page.receive(kind="many", done=15, of=15, runs=5, ended=True, reference=0, columns=columns, rows=rows, code="x")
    assert dialog.locator("thead th").all_inner_texts() == ["level", "total cost", "more than at 10, run by run"]
    told = [row.locator("td").all_inner_texts() for row in dialog.locator("tbody tr").all()]
    assert told == [["10", "50", "compared with this"], ["12", "53", "+3.00 ± 0.50"], ["14", "51", "+1.0 ± 1.5"]]
    assert [one.inner_text() for one in dialog.locator("td.certain").all()] == ["+3.00 ± 0.50"]
    dialog.get_by_label("What is drawn").select_option(label="differences, run by run")
    page.set()
    # The first point is what the others are compared with: its difference is 0, and the interval of the second does not reach it.
    texts = page.tab.evaluate("[...document.querySelectorAll('.cw-sweep circle title')].map(one => one.textContent)")
    assert texts == ["10: no change", "12: +3.00 ± 0.50", "14: +1.0 ± 1.5"]
    assert dialog.locator("svg.cw-sweep").get_attribute("aria-label") == "total cost, more than at 10 over level"


def test_sharing_shows_the_link_and_its_square_code(opened: Any) -> None:
    page = opened()
    page.watch(open={"kind": "share"})
    dialog = page.tab.get_by_role("dialog", name="Share and export")
    link = dialog.get_by_role("textbox", name="Link to this run")
    assert link.input_value() == page.tab.evaluate("location.href.split('#')[0]") + "#1.abc"
    path = dialog.locator(".cw-square-code path").get_attribute("d")
    assert path.count("h1v1h-1z") == 5
    for name, what in (("Tables", "tables"), ("Replay", "replay"), ("Scenario", "scenario")):
        dialog.get_by_role("button", name=name).click()
        assert page.sent("export")[-1] == {"kind": "export", "what": what}
    with page.tab.expect_download() as loading:
        page.receive(kind="file", name="beer_game.yaml", type="text/yaml", base64="dGl0bGU6IHg=")
    assert Path(loading.value.path()).read_text() == "title: x"


def test_a_file_of_ones_own_is_in_no_link_and_the_dialog_says_so(opened: Any) -> None:
    page = opened(share={"fragment": "gallery", "qr": None, "own": True, "message": "it is <b>in no link</b>"})
    page.watch(open={"kind": "share"})
    dialog = page.tab.get_by_role("dialog", name="Share and export")
    assert "it is <b>in no link</b>" in dialog.inner_text()
    assert not dialog.get_by_role("textbox", name="Link to this run").is_visible()
    assert not dialog.get_by_role("button", name="Copy link").is_visible()


def test_a_mistake_is_told_beside_the_field_and_put_back_by_one_click(opened: Any) -> None:
    page = opened()
    page.watch(selected={"enterprise": 2})
    page.tab.get_by_text("Policies", exact=True).click()
    field = page.tab.get_by_role("spinbutton", name="smoothing").first
    lever = page.tab.locator(".cw-inspector .lever", has=field)
    for wrong in ("7", ""):
        field.fill(wrong)
        assert lever.get_by_role("alert").inner_text() == "smoothing must be a number from 0 to 1."
        assert field.get_attribute("aria-invalid") == "true"
        assert page.tab.get_by_role("button", name="Apply from week 25 on").first.is_disabled()
    lever.get_by_role("button", name="Put smoothing back to 0.36").click()
    assert field.input_value() == "0.36"
    assert not lever.get_by_role("alert").is_visible()
    assert field.evaluate("one => one === document.activeElement")
    # What is refused is told where it was asked for.
    field.fill("0.5")
    page.tab.get_by_role("button", name="Apply from week 25 on").first.click()
    page.receive(kind="refused", message="not in this week")
    assert "not in this week" in page.tab.locator(".cw-inspector .apply").first.inner_text()


def test_what_was_done_to_an_enterprise_is_undone_beside_it(opened: Any) -> None:
    page = opened()
    page.watch(selected={"enterprise": 2})
    assert not page.tab.locator(".cw-inspector .by-hand").is_visible()
    page.set(selected={"enterprise": 4})
    page.tab.get_by_role("button", name="Take back: The brewery closes for 4 weeks").click()
    assert page.sent("undo") == [{"kind": "undo", "timeline": "a", "number": 1}]


def test_of_two_timelines_either_is_inspected(opened: Any) -> None:
    page = opened()
    page.watch(b="b", selected={"enterprise": 4, "side": "b"})
    page.tab.wait_for_function("window.sent.some(one => one.kind === 'inspect')")
    assert page.sent("inspect")[-1] == {"kind": "inspect", "timeline": "b", "period": PERIOD, "enterprise": 4}
    inspector = page.tab.locator(".cw-inspector")
    sides = inspector.get_by_role("group", name="Which run is shown").get_by_role("button")
    assert sides.evaluate_all("all => all.map(one => one.getAttribute('aria-pressed'))") == ["false", "true"]
    # A disruption strikes the timeline that is looked at.
    inspector.get_by_role("button", name="Disrupt").first.click()
    page.set()
    dialog = page.tab.get_by_role("dialog", name="Disrupt in B")
    dialog.get_by_role("button", name="Disrupt").click()
    assert page.sent("disrupt")[-1]["timeline"] == "b"
    sides.first.click()
    page.set()
    assert page.tab.evaluate("store.state.selected") == {"enterprise": 4}
    assert sides.first.evaluate("one => one === document.activeElement")
    # Swapped, the same enterprise of the same side is shown.
    page.set(a="b", b="a")
    assert page.tab.evaluate("store.state.selected") == {"enterprise": 4}
    page.set(b=None)
    assert sides.count() == 0


def test_an_enterprise_that_only_one_timeline_has_is_told(opened: Any) -> None:
    page = opened()
    other = """() => {
      const named = (one) => ({...one, name: one.name === "brewery" ? "<i>pub</i>" : one.name});
      store.timelines.b.enterprises = store.timelines.b.enterprises.map(named).reverse();
    }"""
    page.tab.evaluate(other)
    page.watch(b="b", selected={"enterprise": 4})
    inspector = page.tab.locator(".cw-inspector")
    assert "B has no enterprise called brewery." in inspector.inner_text()
    assert inspector.locator(".which.b").is_disabled()
    page.set(selected={"enterprise": 2})
    inspector.locator(".which.b").click()
    page.set()
    # The same by its name, wherever it stands.
    assert page.tab.evaluate("store.state.selected") == {"enterprise": 3, "side": "b"}
    page.set(selected={"enterprise": 1, "side": "b"})
    assert "A has no enterprise called <i>pub</i>." in inspector.inner_text()
    page.set(b=None)
    assert page.tab.evaluate("store.state.selected") is None


def test_a_sweep_that_was_ended_leaves_what_came_out_before(opened: Any) -> None:
    page = opened()
    page.watch(open={"kind": "many"})
    dialog = page.tab.get_by_role("dialog", name="Run many")
    columns = [{"name": "p.level", "label": "p.level", "share": False}, {"name": "fill_rate", "label": "fill rate", "share": True}]
    dialog.get_by_role("button", name="Run").click()
    page.receive(kind="many", job="many", done=4, of=4, ended=True, runs=1, columns=columns, rows=[[1187.5, 0.5], [3, 0.75]], code="x")
    assert dialog.locator("tbody tr").first.locator("td").all_inner_texts() == ["1,187.5", "50.0 %"]
    page.receive(kind="many", job="many", done=1, of=4)
    dialog.get_by_role("button", name="Cancel").focus()
    page.receive(kind="many", job="many", done=2, of=4)
    assert page.tab.evaluate("document.activeElement.textContent") == "Cancel"
    page.press("Enter")
    page.receive(kind="many", job="many", done=2, of=4, cancelled=True, ended=True)
    assert "Ended before it was done" in dialog.inner_text()
    assert dialog.locator("tbody tr").count() == 2


def test_no_two_open_timelines_have_one_name(opened: Any) -> None:
    page = opened()

    def names(**timelines: dict[str, Any]) -> list[str]:
        """Of timelines like the first one, but for what is said of them."""
        return page.tab.evaluate(
            """(timelines) => {
              const {a} = store.timelines;
              const plain = {...a, label: "", variant: null, parent: null, acts: []};
              for (const [id, said] of Object.entries(timelines)) store.timelines[id] = {...plain, timeline: id, ...said};
              const state = {a: Object.keys(timelines)[0], b: null, baseline: null, timelines: Object.keys(timelines).map((id) => ({id}))};
              const found = chainwright.timelineNames({state, timelines: store.timelines});
              return Object.keys(timelines).map((id) => found.get(id));
            }""",
            timelines,
        )

    by_hand = [{"kind": "lever"}]
    title = page.tab.evaluate("store.timelines.a.title")
    assert names(p={}, q={"label": "from week 3", "parent": "p"}) == ["original", "from week 3"]
    assert names(p={"acts": by_hand}, q={}, r={"variant": "pass_on"}) == ["1 change by hand", "as written", "pass on"]
    assert names(p={"label": "from week 3"}, q={"label": "from week 3"}) == ["from week 3", "from week 3 (2)"]
    # The scenario's title comes where there are several, but last: what is cut off for want of room is not what tells them apart.
    assert names(p={}, q={"title": "Another"}, r={"title": "Another", "label": "from week 3"}) == [title, "Another", "from week 3 · Another"]
    assert names(p={}, q={"title": "Another", "variant": "pass_on"}, r={"label": "from week 3"}) == [title, "pass on · Another", "from week 3"]


def test_timelines_to_compare_with_are_named_by_what_they_are(opened: Any) -> None:
    page = opened()
    page.tab.evaluate("() => { store.timelines.c = {...store.timelines.b, timeline: 'c', variant: 'pass_on', acts: []}; }")
    title = page.tab.evaluate("store.timelines.a.title")
    known = [{"id": one, "label": "", "scenario": title} for one in ("a", "b", "c")]
    page.watch(open={"kind": "compare"}, b="c", timelines=known)
    dialog = page.tab.get_by_role("dialog", name="Compare")
    # Once, and chosen: the variant stands there already.
    names = [name.split("\n")[0] for name in dialog.locator(".choices label").all_inner_texts()]
    assert names.count("pass on") == 1
    assert "pass_on" not in dialog.inner_text()
    assert title not in names
    assert dialog.get_by_role("radio", name="pass on").is_checked()
    dialog.get_by_role("button", name="Compare").last.click()
    assert page.sent("compare") == [{"kind": "compare", "timeline": "c"}]
