"""What a policy is: a small class with a citation, parameters that are floats or columns, and a call on a view."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple, TypeVar

from chainwright.policies.explanation import Line, by_reading
from chainwright.words.errors import UsageError, suggestion
from chainwright.words.plugins import load_plugins
from chainwright.words.subjects import DECISIONS


def families() -> tuple[str, ...]:
    """The families of policies, in the order of the decisions that they serve: one serves one decision or more.

    Examples
    --------
    >>> families()
    ('demand', 'forecast', 'orders', 'sellers', 'allocation')
    """
    return tuple(dict.fromkeys(decision.family for decision in DECISIONS.values()))


@dataclasses.dataclass(frozen=True)
class Memory:
    """One thing that a policy remembers from period to period, held as columns (one value per row).

    Parameters
    ----------
    meaning : str
        What it is, for the reference.
    default : float or str
        Value before the first period; a string names the parameter (or the view's column) that gives it.
    width : int or str
        1 for a single column. More makes a ring: the policy answers the newest value, and the view
        hands back the last `width` values, oldest first. A string names the parameter whose largest value is the width.
    """

    meaning: str
    default: float | str = 0.0
    width: int | str = 1


class Looks(NamedTuple):
    """Columns of items that a policy looks at and that a scenario may have to show: of the own item, of its buyers' items, of its sellers'."""

    own: tuple[str, ...] = ()
    of_buyers: tuple[str, ...] = ()
    of_sellers: tuple[str, ...] = ()


def parameter(
    meaning: str,
    default: Any = dataclasses.MISSING,
    *,
    unit: str = "-",
    minimum: float = float("-inf"),
    maximum: float = float("inf"),
    kind: str = "float",
    choices: tuple[str, ...] = (),
) -> Any:
    """Declare one parameter of a policy (a dataclass field with its unit, bounds and meaning).

    Parameters
    ----------
    meaning : str
        One sentence for the reference and for messages.
    default : optional
        Value where a scenario says nothing; None means "taken from the view", as the meaning says. Without it the parameter must be said.
    unit : str
        Unit in words.
    minimum, maximum : float
        Bounds, inclusive.
    kind : {"float", "int", "bool", "list", "str"}
        The first three may be columns (one value per row); a list (of numbers) and a text are the same for all rows of a cohort.
    choices : tuple of str
        The texts that are allowed, for kind ``str``.

    Examples
    --------
    >>> import dataclasses
    >>> @dataclasses.dataclass(frozen=True)
    ... class Share:
    ...     share: float = parameter("Share of the demand that is ordered", 1.0, unit="share", minimum=0.0, maximum=1.0)
    >>> Share().share
    1.0
    """
    metadata = {"meaning": meaning, "unit": unit, "minimum": minimum, "maximum": maximum, "kind": kind, "choices": choices}
    if default is dataclasses.MISSING:
        return dataclasses.field(metadata=metadata)
    return dataclasses.field(default=default, metadata=metadata)


class Policy:
    """A rule that answers one decision; subclasses are frozen dataclasses whose fields are made with `parameter`.

    ``policy(view)`` returns the decision, one number per row, or a pair of the decision and a dictionary of what to remember
    (names in `remembers`) and what to write (item columns named in `writes`). Lane decisions return (rank, weight).
    It is a pure function: it changes neither the view nor itself.
    """

    name: ClassVar[str]
    family: ClassVar[str]
    formula: ClassVar[str]
    source: ClassVar[str]
    remembers: ClassVar[Mapping[str, Memory]] = {}
    writes: ClassVar[tuple[str, ...]] = ()
    reads_forecast: ClassVar[bool] = False
    # Columns that must be visible: of the item itself, such as end_demand and echelon_stock (which are left out where no policy
    # wants them), and of the items at the other ends of its lanes.
    wants: ClassVar[tuple[str, ...]] = ()
    # Whether the answer follows from inputs alone: then it may be kept until an input changes.
    lasting: ClassVar[bool] = False
    # Whether a demand comes in whole units, however small its mean.
    in_whole_units: ClassVar[bool] = False
    wants_of_buyers: ClassVar[tuple[str, ...]] = ()
    wants_of_sellers: ClassVar[tuple[str, ...]] = ()
    # Who decides: "owner", or "seller" where the buyer has left its replenishment to its seller. The view is then what the seller
    # sees: of the item only what partners are shown, and its own item, wholly, as `view.seller`.
    decided_by: ClassVar[str] = "owner"

    def __call__(self, view: Any) -> Any:
        raise NotImplementedError

    def explain(self, view: Any, answer: Any) -> tuple[Line, ...]:
        """How the decision about one row came about, step by step; the last step's value is the decision itself.

        By default the parameters, every value that is read, and the formula; subclasses tell it in the words of their trade.

        Parameters
        ----------
        view : view
            Of one row, as it stood when the policy was asked; the policy's parameters are numbers.
        answer : object
            What the policy answered.

        Examples
        --------
        >>> from types import SimpleNamespace as Row
        >>> from chainwright.policies.trade.orders import BaseStock
        >>> shelf = Row(inventory_position=25.0, inventory_level=1.0, on_order=24.0, on_hand=3.0, backorder=2.0, requirements=0.0)
        >>> for step in BaseStock(level=32.0).explain(shelf, 7.0):
        ...     print(step.words, "|", step.formula, "|", step.value)
        base-stock level S |  | 32.0
        less the inventory position | on hand 3 − backorder 2 + on order 24 | 25.0
        to order | 32 − 25 | 7.0
        """
        return by_reading(self, self, view, answer)

    @classmethod
    def parameters(cls) -> tuple[dataclasses.Field[Any], ...]:
        """The declared parameters, in order."""
        return dataclasses.fields(cls)  # type: ignore[arg-type]

    @classmethod
    def needs_forecast(cls, parameters: Mapping[str, Any]) -> bool:
        """Whether a policy with these parameters looks at the forecast; subclasses with a choice override it."""
        return cls.reads_forecast

    @classmethod
    def looks_at(cls, parameters: Mapping[str, Any]) -> Looks:
        """What a policy with these parameters looks at; subclasses with a choice override it."""
        return Looks(cls.wants, cls.wants_of_buyers, cls.wants_of_sellers)

    @classmethod
    def steady_demand(cls, parameters: Mapping[str, Any]) -> Any:
        """Mean demand per period with which a run starts, of a demand policy; None where that cannot be told from its parameters.

        It is what pipelines that start ``steady`` are filled with: by default the parameter `mean`, where there is one.
        """
        return parameters.get("mean")

    @classmethod
    def mistakes(cls, parameters: Mapping[str, Any]) -> list[str]:
        """What is wrong between parameters (each alone is already checked); subclasses override it."""
        return []


_REGISTRY: dict[str, dict[str, type[Policy]]] = {}
P = TypeVar("P", bound=type[Any])


def register(policy: P) -> P:
    """Class decorator: make a policy or an agent class known by its name, so that scenario files can use it.

    Parameters
    ----------
    policy : type
        A subclass of `Policy` with a name, a family, a formula and a source; or an agent class, which is known by the class's name.

    Raises
    ------
    UsageError
        When the family is unknown, the name is taken by another class, or the class is neither policy nor agent.

    Examples
    --------
    >>> from chainwright.policies.trade.orders import BaseStock
    >>> register(BaseStock) is policies_for("place_orders")["base_stock"]
    True
    """
    # Agents live on a higher floor and keep a register of their own.
    if hasattr(policy, "register_itself"):
        policy.register_itself()
        return policy
    if not (isinstance(policy, type) and issubclass(policy, Policy)):
        raise UsageError(f"expected a subclass of Policy or an agent class, got {policy!r}")
    if policy.family not in families():
        raise UsageError(f"policy {policy.name!r}: unknown family {policy.family!r}{suggestion(policy.family, families())}")
    known = _REGISTRY.setdefault(policy.family, {})
    if policy.name in known and known[policy.name].__qualname__ != policy.__qualname__:
        raise UsageError(f"policy {policy.name!r} of family {policy.family!r} is already registered")
    known[policy.name] = policy
    return policy


# Installed packages name their policies under this group of entry points.
GROUP = "chainwright.policies"


def policies_for(decision: str) -> dict[str, type[Policy]]:
    """The registered policies for a decision, by name; those that installed packages bring along among them."""
    load_plugins(GROUP, lambda name, found: register(found))
    return _REGISTRY.setdefault(DECISIONS[decision].family, {})
