"""Floor 2: pure decisions, one family a file; importing this package registers every shipped policy."""

from chainwright.policies.base import Memory, Policy, parameter, policies_for, register
from chainwright.policies.trade import allocation, demand, forecast, orders, sellers

__all__ = ["Memory", "Policy", "allocation", "demand", "forecast", "orders", "parameter", "policies_for", "register", "sellers"]
