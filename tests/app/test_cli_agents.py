"""`chainwright run --agent` seats registered agent classes."""

from __future__ import annotations

import json
from pathlib import Path

from tests.app.conftest import Run

HASTY = '''
import chainwright as cw

@cw.register
class Hasty(cw.Distributor):
    def place_orders(self, item):
        return 50.0
'''


def test_a_registered_agent_is_seated_and_told(run: Run, tmp_path: Path) -> None:
    Path("hasty.py").write_text(HASTY, encoding="utf-8")
    code, out, _ = run("run", "beer_game", "--import", "hasty.py", "--agent", "wholesaler=Hasty", "--no-report", "--json", "--out", "o")
    assert code == 0
    orders = {one["enterprise"]: one["orders_mean"] for one in json.loads(out)["items"]}
    assert orders["wholesaler"] == 50.0
    manifest = json.loads(Path("o/manifest.json").read_text(encoding="utf-8"))
    assert manifest["agents"] == {"wholesaler": "Hasty"}
    code, out, _ = run("run", "beer_game", "--import", "hasty.py", "--agent", "wholesaler=Hasty", "--no-report")
    assert "agents: wholesaler = Hasty" in out


def test_a_seat_without_a_class_is_told(run: Run) -> None:
    code, out, err = run("run", "beer_game", "--agent", "wholesaler", "--runs", "0")
    assert (code, out) == (2, "")
    assert "--agent: expected SEAT=CLASS, such as wholesaler=Panicker, not 'wholesaler'" in err
    assert "--runs" in err


def test_an_unknown_class_or_seat_is_told(run: Run) -> None:
    Path("hasty.py").write_text(HASTY, encoding="utf-8")
    code, _, err = run("run", "beer_game", "--import", "hasty.py", "--agent", "wholesaler=Hastie", "--agent", "wholesalr=Hasty")
    assert code == 2
    assert "agents of 'wholesaler': no agent called 'Hastie' is registered; did you mean 'Hasty'?" in err
    assert "agents: no enterprise, tag or role is called 'wholesalr'; did you mean 'wholesaler'?" in err
    assert not Path("out").exists()


FAILING = '''
import chainwright as cw

@cw.register
class Careless(cw.Distributor):
    def place_orders(self, item):
        return item.demand / self.share
'''


def test_what_fails_in_an_agent_is_told_in_one_line_with_its_place(run: Run) -> None:
    Path("careless.py").write_text(FAILING, encoding="utf-8")
    code, out, err = run("run", "beer_game", "--import", "careless.py", "--agent", "wholesaler=Careless", "--no-report")
    assert (code, out) == (1, "")
    assert err.strip().splitlines()[-1].startswith("careless.py:7: AttributeError: ")
    assert "in Careless.place_orders of wholesaler/beer in period 1" in err
    assert not Path("out/beer_game/manifest.json").exists()
