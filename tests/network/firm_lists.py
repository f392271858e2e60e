"""Lists of edges for tests: random ones in the style of real data, worlds of them, and the flows that they ought to have."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from chainwright.network.blueprint import Blueprint, PolicyChoice
from chainwright.network.populations.balance import Flows, steady_flows
from chainwright.network.populations.base import Population
from chainwright.network.populations.firm_lists.generator import EdgeList

Edge = tuple[str, str, str, float]


def firm_list(edges: int, firms: int, industries: int = 0, seed: int = 1) -> pd.DataFrame:
    """Edges between firms whose numbers of buyers and whose sales are heavy-tailed, as those of national production networks are."""
    drawn = np.random.default_rng(seed)
    fitness = drawn.pareto(1.3, firms) + 1.0
    seller = drawn.choice(firms, 2 * edges, p=fitness / fitness.sum())
    buyer = drawn.integers(0, firms, 2 * edges)
    table = pd.DataFrame({"supplier_id": seller, "customer_id": buyer, "value": drawn.lognormal(8.0, 2.0, 2 * edges).round(2) + 0.01})
    table = table[seller != buyer].drop_duplicates(["supplier_id", "customer_id"]).head(edges)
    if industries:
        table.insert(2, "industry", [f"{10 + one % industries}" for one in table["supplier_id"]])
    for column in ("supplier_id", "customer_id"):
        table[column] = [f"F{one:07d}" for one in table[column]]
    return table


def grown(folder: Path, edges: list[Edge], **parameters: Any) -> Population:
    """The population of some edges; a list whose only product is goods does not say it."""
    path = folder / "firms.csv"
    table = pd.DataFrame(edges, columns=["seller", "buyer", "product", "weight"])
    if set(table["product"]) == {"goods"}:
        table = table.drop(columns="product")
    table.to_csv(path, index=False)
    return EdgeList(file="firms.csv", **parameters).grow(folder)


def names_of(population: Population) -> list[tuple[str, str]]:
    """Enterprise and product of each item."""
    tables = population.tables
    firms, goods = tables["enterprises"]["name"], tables["products"]["name"]
    items = tables["items"]
    return [(str(firms[one]), str(goods[two])) for one, two in zip(items["enterprise"], items["product"], strict=True)]


def solved(population: Population) -> Flows:
    """The steady flows, worked out from the end demand up."""
    tables = population.tables
    lanes, recipes = tables["lanes"], tables["recipes"]
    demand = np.zeros(len(tables["items"]["enterprise"]))
    for choice in population.demand:
        demand[choice.rows] = choice.parameters["value"]
    recipe = (recipes["item"], recipes["component"], recipes["quantity"])
    return steady_flows(len(demand), lanes["seller"], lanes["buyer"], lanes["share"], *recipe, 1.0, demand)


def between_firms(population: Population, flows: Flows, listed: set[str]) -> dict[tuple[str, str, str], float]:
    """The flow between each two firms of the list, by product; what a firm's works buy the firm buys."""
    names = names_of(population)
    found: dict[tuple[str, str, str], float] = defaultdict(float)
    for lane in range(len(flows.lane)):
        seller, product = names[population.tables["lanes"]["seller"][lane]]
        buyer, _ = names[population.tables["lanes"]["buyer"][lane]]
        firm = buyer if buyer in listed else buyer.removesuffix(" works")
        if seller in listed and firm in listed and firm != seller:
            found[seller, firm, product] += float(flows.lane[lane])
    return dict(found)


def by_hand(population: Population, cover: float = 1.0) -> Blueprint:
    """A blueprint whose firms forecast by a moving average and order up to it, with as much cover as they start with."""
    tables = population.tables
    lanes = tables["lanes"]
    customer = (tables["enterprises"]["role"] == "customer")[tables["items"]["enterprise"]]
    every = np.arange(len(customer), dtype=np.int32)
    made = np.unique(tables["recipes"]["item"]).astype(np.int32)
    buyers, sellers = np.unique(lanes["buyer"]).astype(np.int32), np.unique(lanes["seller"]).astype(np.int32)
    policies = {
        "demand": population.demand,
        "forecast_demand": [PolicyChoice("moving_average", {"periods": 26}, every[~customer])],
        "plan_production": [PolicyChoice("order_up_to", {"lead_time": 1.0 + cover}, made)] if len(made) else [],
        "place_orders": [
            PolicyChoice("pass_on", {}, buyers[customer[buyers]]),
            PolicyChoice("order_up_to", {"lead_time": 2.0 + cover}, buyers[~customer[buyers]]),
        ],
        "choose_sellers": [PolicyChoice("fixed_shares", {}, buyers)],
        "allocate_stock": [PolicyChoice("proportional", {}, sellers)],
    }
    policies["place_orders"] = [choice for choice in policies["place_orders"] if len(choice.rows)]
    policies["forecast_demand"] = [choice for choice in policies["forecast_demand"] if len(choice.rows)]
    waiting = {name: getattr(population, name) for name in ("orders_waiting", "in_transit", "in_process")}
    return Blueprint("firms", "Firms", 7.0, 52, 0, 1, tables, policies, contents=waiting)
