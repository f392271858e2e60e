"""The command line: what results are called and where they go, own policies, comparisons with settings, and progress."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import chainwright
from chainwright.policies import base
from tests.app.conftest import Run


def test_a_variant_and_settings_are_told(run: Run) -> None:
    out = run("run", "beer_game:textbook", "--set", "horizon=20", "--no-report")[1]
    first, second, *_ = out.splitlines()
    assert first.startswith("The beer game – textbook: 1 run, 20 periods, seed 1")
    assert second.startswith("changed: policies.place_orders.default.smoothing = 0,")
    assert "and 2 more" in out
    plain = run("run", "newsvendor", "--periods", "120", "--no-report")[1]
    assert "changed" not in plain
    assert "20 of 120 periods measured" in plain


def test_a_second_run_leaves_nothing_of_the_first(run: Run, tmp_path: Path) -> None:
    assert run("run", "beer_game", "--out", "there", "--record", "on_hand")[0] == 0
    (tmp_path / "there" / "notes.txt").write_text("mine")
    assert run("run", "newsvendor", "--periods", "120", "--out", "there", "--no-report")[0] == 0
    names = {path.name for path in (tmp_path / "there").iterdir()}
    assert not {"report.html", "panel.parquet"} & names
    assert {"notes.txt", "manifest.json", "summary.parquet"} <= names
    assert json.loads((tmp_path / "there" / "manifest.json").read_text())["scenario"] == "newsvendor"


def test_a_break_while_the_report_is_drawn_leaves_the_earlier_result(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from chainwright.report import page

    def interrupt(*arguments: Any, **options: Any) -> None:
        raise KeyboardInterrupt

    assert run("run", "beer_game", "--out", "there")[0] == 0
    before = {path.name: path.read_bytes() for path in (tmp_path / "there").iterdir()}
    monkeypatch.setattr(page, "html", interrupt)
    assert run("run", "beer_game:textbook", "--out", "there")[0] != 0
    assert {path.name: path.read_bytes() for path in (tmp_path / "there").iterdir()} == before
    assert run("run", "beer_game", "--out", "new/deep")[0] != 0
    monkeypatch.setattr(chainwright, "run", interrupt)
    assert run("run", "beer_game")[0] != 0
    assert [path.name for path in tmp_path.iterdir()] == ["there"]


def test_a_file_with_the_name_of_a_shipped_scenario_is_pointed_out(run: Run, tmp_path: Path) -> None:
    run("new", "mine")
    (tmp_path / "mine.yaml").rename(tmp_path / "newsvendor.yaml")
    _, _, err = run("run", "newsvendor.yaml", "--no-report")
    assert "name of a shipped scenario" in err
    assert run("run", "newsvendor.yaml", "--no-report", "--out", "there")[2] == ""


def test_a_forgotten_suffix_is_told_and_odd_names_are_quoted(run: Run) -> None:
    assert "chainwright run 'Mein Laden.yaml'" in run("new", "Mein Laden")[1]
    code, _, err = run("run", "Mein Laden")
    assert code == 2
    assert err == "there is no scenario 'Mein Laden'; did you mean Mein Laden.yaml?\n"


def test_a_narrow_terminal_gets_whole_numbers(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    out = run("run", "battery", "--periods", "70", "--runs", "2", "--no-report")[1]
    assert max(map(len, out.splitlines())) <= 60
    assert out.count(" echelon ") >= 3
    monkeypatch.setenv("COLUMNS", "200")
    wide = run("run", "battery", "--periods", "70", "--runs", "2", "--no-report")[1]
    assert wide.count("backorder") == 3  # of the network, its cost, and of the echelons: one table each
    assert "units of all products" in wide


POLICY = """\
import dataclasses
import helper_of_mine
import chainwright as cw

@cw.register
@dataclasses.dataclass(frozen=True)
class Doubled(cw.Policy):
    name = "doubled_{number}"
    family = "orders"
    formula = "order = 2 demand"
    source = "a test"

    def __call__(self, view):
        return helper_of_mine.TWICE * view.demand
"""


def test_policies_of_ones_own_are_imported(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(base._REGISTRY, "orders", dict(base._REGISTRY["orders"]))  # known to this test only
    (tmp_path / "helper_of_mine.py").write_text("TWICE = 2.0\n")
    (tmp_path / "my_policies.py").write_text(POLICY.replace("{number}", "cli"))
    setting = "policies.place_orders.default.policy=doubled_cli"
    assert run("run", "beer_game:pass_on", "--set", setting)[0] == 2
    imported = ("--import", "my_policies.py")
    assert run("run", "beer_game:pass_on", "--set", setting, *imported, *imported, "--no-report", "--out", "there")[0] == 0
    (told,) = json.loads((tmp_path / "there" / "manifest.json").read_text())["imports"]
    assert told["file"] == "my_policies.py"
    assert len(told["sha256"]) == 64
    assert run("compare", "beer_game:pass_on", "beer_game:pass_on", "--set-b", setting, *imported, "--runs", "2")[0] == 0
    assert run("check", "beer_game", *imported)[0] == 0
    sys.modules.pop("helper_of_mine")
    sys.modules.pop(f"chainwright_import_{told['sha256'][:16]}")


@pytest.mark.parametrize(
    "text, words",
    [
        ("x = 1\n1 / 0\n", "bad.py:2: ZeroDivisionError: division by zero"),
        ("x = (\n", "bad.py:1: SyntaxError"),
        ("import sys\nsys.exit(3)\n", "bad.py:2: SystemExit: 3"),
        ("assert False\n", "bad.py:1: AssertionError"),
    ],
)
def test_an_import_that_fails_is_told_in_a_line(run: Run, tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "bad.py").write_text(text)
    code, _, err = run("check", "beer_game", "--import", "bad.py")
    assert code == 2
    assert words in err
    assert len(err.splitlines()) == 1


def test_compare_with_settings_and_a_folder(run: Run, tmp_path: Path) -> None:
    wanted = ("compare", "beer_game", "beer_game:pass_on", "--runs", "2", "--set-b", "horizon=36", "--out", "there")
    code, out, _ = run(*wanted)
    assert code == 0
    assert "B changed: policies.place_orders.default.policy = pass_on, horizon = 36" in " ".join(out.split())
    assert " points" in out
    assert "different scenarios" not in out
    stored = pd.read_parquet(tmp_path / "there" / "comparison.parquet")
    pd.testing.assert_frame_equal(stored, pd.read_csv(tmp_path / "there" / "comparison.csv"), check_dtype=False)
    assert json.loads((tmp_path / "there" / "comparison.json").read_text())["b"]["settings"]["horizon"] == 36
    found = json.loads(run(*wanted, "--json")[1])
    assert (found["same_scenario"], found["folder"]) == (True, "there")
    out = run("compare", "newsvendor", "two_sources", "--periods", "120", "--runs", "2")[1]
    assert "different scenarios: they share the metrics and nothing else" in " ".join(out.split())


def test_known_results_are_found_by_a_word(run: Run) -> None:
    code, out, _ = run("check", "--theory", "--only", "economic order")
    assert code == 0
    assert "5 known results, all hold" in out
    out = run("check", "--theory", "--only", "random lead time")[1]
    assert "1 known result, holds" in " ".join(out.split())


def test_the_progress_bar_appears_in_a_pseudo_terminal(tmp_path: Path) -> None:
    leader, follower = pty.openpty()
    command = [sys.executable, "-c", "from chainwright.app.cli import main; main()", "run", "beer_game", "--runs", "3", "--no-report"]
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=follower, env=os.environ | {"TERM": "xterm", "COLUMNS": "120"})
    os.close(follower)
    seen = b""
    try:
        while part := os.read(leader, 65536):
            seen += part
    except OSError:
        pass  # this is how a pseudo-terminal ends on Linux
    os.close(leader)
    out, _ = process.communicate()
    assert process.returncode == 0
    assert b"The beer game" in out
    assert b"Reading beer_game" in seen
    assert b"108 of 108" in seen


def test_a_generated_network_is_checked_listed_and_run(run: Run, tmp_path: Path) -> None:
    text = """\
chainwright: 1
title: Shops
horizon: 6
population: {generator: layered, customers: 5200, retailers: 1000}
policies: {place_orders: {default: {policy: base_stock}}}
"""
    (tmp_path / "shops.yaml").write_text(text, encoding="utf-8")
    code, out, _ = run("check", "shops.yaml")
    assert code == 0
    assert "shops.yaml: no mistakes. Shops: 6,235 enterprises, " in out
    assert "Worked out, because the file does not say it:\n- on_hand, " in out
    told = json.loads(run("check", "shops.yaml", "--json")[1])
    assert told["enterprises"] == 6235
    assert told["derived"][0].startswith("on_hand")
    code, out, _ = run("run", "shops.yaml", "--json", "--out", "there")
    found = json.loads(out)
    assert code == 0
    assert found["enterprises"] is None
    assert found["items"] is None
    assert [row["echelon"] for row in found["echelons"]] == [0, 1, 2, 3]
    page = (tmp_path / "there" / "report.html").read_text(encoding="utf-8")
    assert "1,000 retailers" in page
    assert "A mark stands for all enterprises of a role at an echelon." in page
    assert len(page) < 400_000
    assert len((tmp_path / "there" / "scenario.yaml").read_text(encoding="utf-8")) < 500
    code, out, _ = run("run", "shops.yaml", "--no-report", "--set", "population.customers=20", "--json")
    assert (code, len(json.loads(out)["enterprises"])) == (0, 1055)


def test_the_list_counts_what_is_generated(run: Run) -> None:
    found = {one["name"]: one for one in json.loads(run("list", "--json")[1])}
    assert found["ten_thousand"]["enterprises"] == 10_000
    assert found["firm_network"]["lanes"] > 500_000


def test_a_bar_is_drawn_for_a_single_long_run(tmp_path: Path) -> None:
    """Standard error is a terminal: what is done now, how much of it, how fast."""
    program = "from chainwright.app.cli import main; main(['run', 'ten_thousand', '--set', 'warm_up=0', '--periods', '12', '--no-report'])"
    main_end, other_end = pty.openpty()
    done = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.DEVNULL, stderr=other_end, cwd=tmp_path)
    os.close(other_end)
    written = b""
    try:
        while piece := os.read(main_end, 65536):
            written += piece
    except OSError:  # the other end is closed
        pass
    os.close(main_end)
    assert done.wait() == 0
    text = written.decode()
    assert "Reading ten_thousand" in text
    assert "Running ten_thousand" in text
    assert "12 of 12 periods" in text


def test_costs_of_rows_add_up_to_those_of_the_network(run: Run) -> None:
    """What enterprises pay each other is left out, and one line says so; without prices nothing needs to be said."""
    code, out, _ = run("run", "two_sources", "--periods", "80", "--no-report", "--out", "there")
    assert code == 0
    items = pd.read_parquet("there/items.parquet")
    summary = pd.read_parquet("there/summary.parquet")
    assert items["network_cost"].sum() == pytest.approx(summary["total_cost"].sum())
    assert items["total_cost"].sum() > 1.001 * summary["total_cost"].sum()
    assert "cancels" in out
    assert "cancels" not in run("run", "beer_game", "--no-report")[1]


def test_a_file_compared_with_itself_tells_a_mistake_once(run: Run, tmp_path: Path) -> None:
    text = "chainwright: 1\ntitle: x\nhorizon: 5\nproducts: {tea: {}}\nenterprises: {a: {rol: supplier}}\n"
    (tmp_path / "bad.yaml").write_text(text, encoding="utf-8")
    code, _, err = run("compare", "bad.yaml", "bad.yaml")
    assert (code, err.count("did you mean 'role'?")) == (2, 1)
    assert err.endswith("1 mistake; nothing was run.\n")


TWO_GOODS = """
chainwright: 1
title: Two goods
horizon: 20
products: {tea: {}, milk: {}}
enterprises:
  people: {role: customer, items: {tea: {demand: {policy: constant, value: 4}}, milk: {demand: {policy: constant, value: 4}}}}
  shop: {role: retailer, items: {tea: {on_hand: 20, unit_cost: 2}, milk: {on_hand: 20}}}
  farm: {role: supplier, items: {tea: {unlimited: true}, milk: {unlimited: true}}}
lanes:
  - {seller: shop, buyer: people, product: tea}
  - {seller: shop, buyer: people, product: milk}
  - {seller: farm, buyer: shop, product: tea, transport_time: 1}
  - {seller: farm, buyer: shop, product: milk, transport_time: 1}
policies: {place_orders: {shop: {policy: base_stock, level: 20}}}
"""


def test_items_that_count_for_nothing_in_turns_are_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "two.yaml").write_text(TWO_GOODS, encoding="utf-8")
    told = "Turns and days of supply value stock at its unit cost; 1 item without a unit cost counts for nothing in them."
    assert told in " ".join(run("run", "two.yaml", "--no-report")[1].split())
    for level in (2, 0):  # all of them have one, or none has
        settings = ("--set", f"enterprises.shop.items.milk.unit_cost={level}", "--set", f"enterprises.shop.items.tea.unit_cost={level}")
        assert "unit cost" not in run("run", "two.yaml", "--no-report", *settings)[1]


def test_who_keeps_no_stock_has_no_days_of_supply(run: Run, tmp_path: Path) -> None:
    (tmp_path / "two.yaml").write_text(TWO_GOODS, encoding="utf-8")
    days = chainwright.run(tmp_path / "two.yaml").items.set_index("enterprise")["days_of_supply"]
    assert days["shop"].tolist() == [4.0, 4.0]
    assert days[["people", "farm"]].isna().all()
