"""Populations: generators of thousands of enterprises, and what is derived so that they start in balance."""

from chainwright.network.populations import assembly, chains, layered, scale_free
from chainwright.network.populations.firm_lists import generator

__all__ = ["assembly", "chains", "generator", "layered", "scale_free"]
