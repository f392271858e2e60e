"""What a policy looks at, and whether a scenario shows it; what to write in the scenario where it does not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from chainwright.policies.base import Policy
from chainwright.state.view import SHOWN_TO
from chainwright.words.subjects import SCHEMA


def shows(visibility: Mapping[str, str], name: str, to: str) -> bool:
    """Whether a column of items is shown to its own enterprise ("own") or to its partners ("partner").

    Examples
    --------
    >>> shows({}, "on_hand", "own"), shows({}, "on_hand", "partner"), shows({"on_hand": "partner"}, "on_hand", "partner")
    (True, False, True)
    """
    return visibility.get(name, SCHEMA["items", name].visibility) in SHOWN_TO[to]


def unseen(policy: type[Policy], parameters: Mapping[str, Any], visibility: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What a policy with these parameters looks at in vain: what is wrong, and the line that mends it.

    Parameters
    ----------
    policy : type
        The policy.
    parameters : mapping
        Its parameters, as far as they are said.
    visibility : mapping
        Column name to visibility, where the scenario changes it.

    Examples
    --------
    >>> from chainwright.policies.trade.orders import EchelonBaseStock
    >>> list(unseen(EchelonBaseStock, {}, {}))
    [("policy 'echelon_base_stock' looks at 'echelon_stock', which is hidden", 'visibility: {echelon_stock: partner}')]
    """
    looks = policy.looks_at(parameters)
    by_seller = policy.decided_by == "seller"
    sides = (
        (looks.own, "partner" if by_seller else "own", "lets the seller decide, which looks at {}" if by_seller else "looks at {}"),
        (looks.of_buyers, "partner", "looks at {} of its buyers"),
        (looks.of_sellers, "partner", "looks at {} of its sellers"),
    )
    for names, to, said in sides:
        hidden = [name for name in names if not shows(visibility, name, to)]
        if hidden:
            quoted = [repr(name) for name in hidden]
            some = " and ".join(filter(None, (", ".join(quoted[:-1]), quoted[-1])))
            remedy = ", ".join(f"{name}: partner" for name in hidden)
            which = "which is hidden" if len(hidden) == 1 else "which are hidden"
            yield f"policy {policy.name!r} {said.format(some)}, {which}", f"visibility: {{{remedy}}}"
