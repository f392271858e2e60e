"""A small commented scenario to start from."""

from __future__ import annotations

import json

_TEXT = """\
# A scenario of chainwright: who is there, who sells to whom, and who decides by which rule.
# Run it with `chainwright run FILE`, look for mistakes with `chainwright check FILE`.
chainwright: 1                     # version of this format
title: {title}
source: a starting point of your own
period: week                       # length of a period: day, week, month, or a number of days
horizon: 52                        # periods in a run
warm_up: 4                         # first periods that the measures leave out
seed: 1                            # the same seed gives the same numbers each time

products:
  tea: {{value: 4.0}}                # money per unit

# Every enterprise has a role: supplier, manufacturer, distributor, retailer or customer.
enterprises:
  drinkers:
    role: customer
    items:
      tea: {{demand: {{policy: normal, mean: 20, deviation: 4}}}}
  shop:
    role: retailer
    items:
      tea: {{on_hand: 40, holding_cost: 0.2, backorder_cost: 1.0}}     # stock at the start; money per unit and period
  garden:
    role: supplier
    items:
      tea: {{unlimited: true}}       # an outside source that never runs out

# Orders go up a lane from the buyer to the seller, goods come down it.
lanes:
  - {{seller: shop, buyer: drinkers, product: tea}}
  - {{seller: garden, buyer: shop, product: tea, transport_time: 2, in_transit: steady}}

# For each decision: everybody (default), a role, an enterprise, or an enterprise's product; the most special wins.
policies:
  place_orders:
    default: {{policy: base_stock, level: 70}}       # order whatever is missing to 70 units on hand and on order

# Variants change values at dotted paths; run one with `--variant NAME`.
variants:
  slow_boat: {{lanes.garden>shop.transport_time: 4, policies.place_orders.default.level: 110}}
"""


def starter(title: str = "A shop and its supplier") -> str:
    """The text of a small commented scenario, valid as it stands.

    Examples
    --------
    >>> print(starter("My first chain").splitlines()[3])
    title: "My first chain"
    """
    return _TEXT.format(title=json.dumps(title, ensure_ascii=False))
