"""No registered policy goes without the inherited suite."""

from __future__ import annotations

from collections.abc import Iterator

from chainwright.policies.base import families, policies_for
from chainwright.words.subjects import DECISIONS
from tests.policies import test_allocation, test_demand, test_forecast, test_orders, test_sellers
from tests.policies.suite import PolicySuite

FILES = (test_allocation, test_demand, test_forecast, test_orders, test_sellers)


def suites(base: type) -> Iterator[type]:
    """All classes below a class."""
    for one in base.__subclasses__():
        yield one
        yield from suites(one)


def test_every_shipped_policy_has_its_suite() -> None:
    tested = {suite.policy for suite in suites(PolicySuite) if hasattr(suite, "policy")}
    shipped = {
        policy for decision in DECISIONS for policy in policies_for(decision).values() if policy.__module__.startswith("chainwright.")
    }
    assert {policy.name for policy in shipped - tested} == set()
    assert len(FILES) == len(families())
