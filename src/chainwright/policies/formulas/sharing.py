"""Closed forms of what shared information is worth: bullwhip along a chain, and the stock of a seller whose buyer follows its forecast."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def passed_on_ratio(periods: int, lead_times: Sequence[float]) -> float:
    """Variance of the last stage's orders over that of demand, where each stage orders up to a moving average of the orders it receives.

    With a fixed safety stock a stage of lead time L turns orders D into (1 + L/p)·D[t] − (L/p)·D[t−p], so independent demand is
    weighted by the product of these polynomials. The product of the stages' own ratios, which Chen, Drezner, Ryan and
    Simchi-Levi (2000) give, is a lower bound of it.

    Examples
    --------
    >>> [round(passed_on_ratio(5, [2.0] * stages), 4) for stages in (1, 2, 3)]
    [2.12, 5.1216, 13.5171]
    """
    weights = np.ones(1)
    for lead_time in lead_times:
        share = lead_time / periods
        stage = np.zeros(periods + 1)
        stage[0], stage[periods] = 1.0 + share, -share
        weights = np.convolve(weights, stage)
    return float((weights * weights).sum())


def upstream_net_stock_variance(correlation: float, buyer_lead_time: int, lead_time: int, shared: bool) -> float:
    """Variance of a seller's net stock over that of its innovations, for autoregressive demand at its one buyer (Lee, So and Tang 2000).

    Buyer and seller order up to the best forecast of what they will be asked for. A seller that does not see the demand takes the
    orders that it receives for autoregressive themselves. Lead times cover exactly so many periods.

    Examples
    --------
    >>> [round(upstream_net_stock_variance(0.7, 2, 3, shared), 6) for shared in (True, False)]
    [18.902273, 25.69403]
    """
    reach = correlation * (1.0 - correlation**buyer_lead_time) / (1.0 - correlation)
    # How much an innovation adds to what the buyer orders up to so many periods later.
    weights = [(1.0 - correlation ** (buyer_lead_time + ahead)) / (1.0 - correlation) for ahead in range(1, lead_time + 1)]
    known = sum(weight * weight for weight in weights)
    surprise = 0.0 if shared else reach * (1.0 - correlation**lead_time) / (1.0 - correlation)
    return known + surprise * surprise
