"""Populations: generators of thousands of enterprises, and what is derived so that they start in balance."""

from chainwright.network.populations import assembly, chains, edges, layered, scale_free

__all__ = ["assembly", "chains", "edges", "layered", "scale_free"]
