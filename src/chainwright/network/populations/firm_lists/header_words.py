"""Words that headers of lists of edges use for sellers, buyers, products and weights, and whether a first line is a header."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

import numpy as np

from chainwright.sheets.numbers import is_number
from chainwright.sheets.sheet import Manner

MEANINGS = ("seller", "buyer", "product", "weight")
# Words that headers use, the most telling first; those of other languages without their accents.
WORDS: Mapping[str, tuple[str, ...]] = {
    "seller": (
        *("seller", "supplier", "vendor", "source", "from", "src", "provider", "exporter", "upstream", "origin", "sender"),
        *("lieferant", "verkaufer", "verkaeufer", "fournisseur", "vendeur", "proveedor", "vendedor", "fornitore"),
    ),
    "buyer": (
        *("buyer", "customer", "client", "target", "to", "dst", "dest", "destination", "purchaser", "importer", "downstream", "receiver"),
        *("kunde", "kaufer", "kaeufer", "abnehmer", "acheteur", "cliente", "comprador"),
    ),
    "product": (
        *("product", "industry", "sector", "commodity", "good", "goods", "naics", "isic", "nace", "sic", "hs", "category", "item"),
        *("produkt", "branche", "produit", "secteur", "producto"),
    ),
    "weight": (
        *("weight", "value", "sales", "amount", "volume", "turnover", "revenue", "flow", "quantity", "trade", "transaction", "payment"),
        *("umsatz", "wert", "betrag", "montant", "valeur", "valor", "importe", "ventas"),
    ),
}
# What may stand beside such a word without changing what the column holds.
NEUTRAL = ("id", "code", "number", "no", "key", "firm", "company", "enterprise", "name", "node", "nr")
_STEP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+")


def _parts(name: str) -> list[str]:
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", name) if not unicodedata.combining(sign))
    return [part.lower() for part in _STEP.split(plain.strip()) if part]


def likeness(name: str, meaning: str) -> tuple[int, int] | None:
    """How well a header's name says a meaning, the smaller the better; None where it does not."""
    parts = _parts(name)
    own = [part for part in parts if part in WORDS[meaning]]
    if not own:
        own = [part[:-1] for part in parts if part.endswith("s") and part[:-1] in WORDS[meaning]]
    if not own:
        return None
    others = [part for part in parts if part not in WORDS[meaning] and part.removesuffix("s") not in WORDS[meaning]]
    # "seller_industry" is what the seller sells; "buyer_industry" says nothing of the edge, nor does "seller_country" of the seller.
    ends = {end for end in ("seller", "buyer") for part in others if part in WORDS[end]}
    if (meaning == "product" and "buyer" in ends) or (meaning == "weight" and "seller" in ends and "buyer" in ends):
        return None
    if meaning in ("seller", "buyer") and any(part in WORDS[other] for other in MEANINGS if other != meaning for part in others):
        return None
    closeness = 0 if not others else 1 if all(part in NEUTRAL for part in others) else 2
    if closeness == 1 and "name" in others:
        closeness = 2
    return closeness, WORDS[meaning].index(own[0])


def telling(names: Sequence[str]) -> set[str]:
    """The meanings that some of the names of a header say.

    Examples
    --------
    >>> sorted(telling(["SupplierID", "to_firm", "colour"]))
    ['buyer', 'seller']
    """
    return {meaning for meaning in MEANINGS for name in names if likeness(name, meaning) is not None}


def has_header(sample: Sequence[Sequence[str]]) -> bool:
    """Whether the first of some rows holds names instead of an edge.

    It does where it says who sells and who buys, or where no field of it is a number in a file that has a column of numbers.

    Examples
    --------
    >>> has_header([["from_firm", "to_firm", "2019"], ["A", "B", "5"]]), has_header([["a", "b", "w"], ["A", "B", "5"]])
    (True, True)
    >>> has_header([["Target", "B", "4"], ["A", "B", "5"]]), has_header([["A", "B"], ["B", "C"]])
    (False, False)
    """
    first, rest = sample[0], sample[1:]
    if {"seller", "buyer"} <= telling(first):
        return True
    if any(is_number(field) for field in first):
        return False
    if not rest:
        return bool(telling(first))
    shares = [np.mean([place < len(row) and is_number(row[place]) for row in rest]) for place in range(len(first))]
    return bool(max(shares, default=0.0) > 0.5) or len(telling(first)) > 1


def _names_both(fields: Sequence[str]) -> bool:
    return {"seller", "buyer"} <= telling(fields)


EDGES = Manner("edge", "seller, buyer and weight", has_header, _names_both)
