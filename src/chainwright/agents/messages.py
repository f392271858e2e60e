"""What reaches an enterprise in a period: orders of its buyers, deliveries of its sellers, and words of its partners."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Sequence
from typing import Any

from numpy.typing import NDArray

from chainwright.agents.partner import Partner
from chainwright.words.errors import UsageError, suggestion


@dataclasses.dataclass(frozen=True)
class Message:
    """One thing that an enterprise has received.

    Parameters
    ----------
    kind : {"order", "delivery", "word"}
        An order of a buyer that has arrived, goods of a seller that have arrived, or what a partner has sent by `Enterprise.send`.
    sender : str
        Name of the enterprise that it comes from.
    product : str
        Product of an order or a delivery, else empty.
    quantity : float
        Units ordered or delivered, else 0.
    content : object
        What a partner has sent, else None.
    """

    kind: str
    sender: str
    product: str = ""
    quantity: float = 0.0
    content: Any = None

    def __deepcopy__(self, memo: Any) -> Message:
        content = copy.deepcopy(self.content, memo)
        return self if content is self.content else dataclasses.replace(self, content=content)


class Mail:
    """Words on their way from agents to their partners: what is sent in a period is read in the next, whoever acts first."""

    def __init__(self) -> None:
        self.boxes: dict[tuple[int, int], list[Message]] = {}
        self._tidied = 0

    def send(self, period: int, receiver: int, message: Message) -> None:
        """Let a message be read by the enterprise of row `receiver` in the period after this one; older ones are thrown away."""
        self.boxes.setdefault((period + 1, receiver), []).append(message)
        if self._tidied != period:
            self._tidied = period
            for late in [key for key in self.boxes if key[0] < period]:
                del self.boxes[late]

    def read(self, period: int, receiver: int) -> list[Message]:
        """What was sent to an enterprise in the period before, by sender."""
        return sorted(self.boxes.get((period, receiver), ()), key=lambda message: message.sender)


def received(world: Any, selling: NDArray[Any], buying: NDArray[Any]) -> list[Message]:
    """Orders and deliveries that have arrived this period on the lanes on which an enterprise sells and buys, by sender and product."""
    items, lanes = world.items, world.lanes
    found = []
    for kind, end, other, column, rows in (
        ("order", "seller", "buyer", lanes.seen, selling),
        ("delivery", "buyer", "seller", lanes.received, buying),
    ):
        for row in rows[column[rows] != 0.0].tolist():
            partner, product = items.enterprise[lanes[other][row]], items.product[lanes[end][row]]
            found.append(Message(kind, world.enterprises.name[partner], world.products.name[product], float(column[row])))
    return sorted(found, key=lambda message: (message.kind != "order", message.sender, message.product))


def partner_of(partners: Sequence[Partner], receiver: Any, sender: str) -> Partner:
    """The partner that a message is sent to, by its name or by the partner itself."""
    known = {str(partner.name): partner for partner in partners}
    name = receiver if isinstance(receiver, str) else getattr(receiver, "name", receiver)
    if not isinstance(name, str) or name not in known:
        hint = suggestion(name, known) if isinstance(name, str) else "; say one partner, or its name"
        raise UsageError(f"{sender} can send only to its sellers and buyers, not to {name!r}{hint}")
    return known[name]
