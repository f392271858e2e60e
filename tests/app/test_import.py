"""``chainwright import``: one command from a list of edges to a running scenario; bad rows and wrong options told in words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import chainwright as cw
from tests.app.conftest import Run
from tests.network.firm_lists import firm_list

LIST = "supplier,customer,sales\nmine,trader,10\ntrader,shop,9\nshop,town,5\nshop,trader,1\n"


def write(folder: Path, text: str, name: str = "firms.csv") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def test_one_command_makes_a_running_scenario(run: Run, tmp_path: Path) -> None:
    write(tmp_path, LIST)
    code, out, err = run("import", "firms.csv")
    assert (code, err) == (0, "")
    for words in ("1 (2 firms, largest: 2)", "seller: column 'supplier'", "fill rate", "100.0 %",
                  "order_delay: 1 on 3 lanes, because the file does not say"):  # fmt: skip
        assert words in out
    assert out.rstrip().endswith("Run it:  chainwright run firms.yaml")
    scenario = cw.load(tmp_path / "firms.yaml")
    assert scenario.variants == ("uncertain", "closure")
    assert run("check", "firms.yaml")[0] == 0
    assert run("run", "firms.yaml", "--check", "--no-report", "--periods", "5")[0] == 0


def test_help_has_an_example(run: Run) -> None:
    code, out, _ = run("import", "--help")
    assert code == 0
    assert "chainwright import" in out.split("Example")[1]


def test_fifty_thousand_edges(run: Run, tmp_path: Path) -> None:
    firm_list(50_000, 10_000).to_csv(tmp_path / "firms.csv", index=False)
    code, out, err = run("import", "firms.csv", "--periods", "5", "--json")
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert found["list"]["edges"] == 50_000
    assert found["list"]["most_buyers"] > 50 * found["list"]["buyers_per_seller"]
    assert (found["summary"]["fill_rate"], found["summary"]["backorder_mean"]) == (1.0, 0.0)
    assert found["file"] == "firms.yaml"


def test_columns_weights_and_a_place_elsewhere(run: Run, tmp_path: Path) -> None:
    write(tmp_path, "a,b,what,how much\nx,y,ore,52\n")
    options = ("--seller", "a", "--buyer", "b", "--product", "what", "--weight", "how much", "--weights-per", "year", "--period", "week")
    code, out, err = run("import", "firms.csv", *options, "--out", "there/ours", "--no-run")
    assert code == 0
    assert "copied to" in err
    assert "fill rate" not in out
    blueprint = cw.load(tmp_path / "there" / "ours.yaml").blueprint()
    assert float(blueprint.policies["demand"][0].parameters["value"][0]) == pytest.approx(52 * 7 / 365.25)
    assert blueprint.tables["products"]["name"].tolist() == ["ore"]


def test_bad_rows_are_told_and_nothing_is_written(run: Run, tmp_path: Path) -> None:
    write(tmp_path, LIST + "mine,,4\nmine,shop,-4\n")
    code, out, err = run("import", "firms.csv")
    assert (code, out) == (2, "")
    assert err.splitlines() == [
        "firms.csv:6:2: the buyer is missing",
        "firms.csv:7:3: the weight is negative: '-4'; --skip-bad leaves the 2 bad rows of 6 out",
        "2 mistakes; nothing was run.",
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["firms.csv"]
    code, out, _ = run("import", "firms.csv", "--skip-bad", "--periods", "3")
    assert code == 0
    assert "2 bad rows were left out: lines 6, 7" in out
    assert "skip_bad: true" in (tmp_path / "firms.yaml").read_text()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nothing.csv",), "there is no file 'nothing.csv'"),
        (("firms.csv", "--seller", "suplier"), "--seller: firms.csv: no column is called 'suplier'; did you mean 'supplier'?"),
        (("firms.csv", "--period", "year"), "--period: expected day, week or month, not 'year'"),
        (("firms.csv", "--weights-per", "yaer"), "--weights-per: weights are per 'yaer'; did you mean 'year'?"),
        (("firms.csv", "--production", "mkae"), "--production: expected make or trade, not 'mkae'; did you mean 'make'?"),
        (("firms.csv", "--decimal", "x"), "--decimal: expected . or ,"),
        (("firms.csv", "--periods", "0"), "--periods: expected a whole number of at least 1, not 0"),
        (("firms.csv", "--out", "beer_game.yaml"), "beer_game is the name of a shipped scenario"),
        (("odd.csv",), "--weight: odd.csv: cannot tell which column is the weight; say --weight and one of x, y"),
    ],
)
def test_wrong_options(run: Run, tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    write(tmp_path, LIST)
    write(tmp_path, "from,to,x,y\na,b,1,2\n", "odd.csv")
    code, out, err = run("import", *arguments)
    assert (code, out) == (2, "")
    assert words in err
    assert not list(tmp_path.glob("*.yaml"))


def test_a_scenario_that_is_there_is_not_written_over(run: Run, tmp_path: Path) -> None:
    write(tmp_path, LIST)
    write(tmp_path, "mine", "firms.yaml")
    code, _, err = run("import", "firms.csv")
    assert code == 2
    assert "firms.yaml: is there already; --force writes over it" in err
    assert (tmp_path / "firms.yaml").read_text() == "mine"
    assert run("import", "firms.csv", "--force", "--no-run")[0] == 0
    assert cw.load(tmp_path / "firms.yaml").title == "Firms"


def test_names_with_odd_signs(run: Run, tmp_path: Path) -> None:
    write(tmp_path, 'seller,buyer,weight\n"St. {Louis} ""B"" #1: [x]","[red]b[/red], Ltd",3\n"[red]b[/red], Ltd",c,2\n', "my list.csv")
    code, out, err = run("import", "my list.csv", "--periods", "4")
    assert (code, err) == (0, "")
    assert '{Louis} "B"' in out
    assert "chainwright run 'my list.yaml'" in out
    assert cw.load(tmp_path / "my list.yaml").variant("closure").title
