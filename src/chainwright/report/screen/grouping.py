"""Tiers: groups of enterprises of one echelon and role, where there are too many to be drawn one by one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from chainwright.report.numerals import plural

# From here on enterprises are drawn by tiers.
MOST_ALONE = 250
# A tier is divided by tags only where the parts can still be told from one another.
MOST_PARTS = 24


def groups(
    enterprises: Sequence[Mapping[str, Any]], links: Sequence[Mapping[str, Any]], tags: Mapping[str, Sequence[int]] | None = None
) -> list[dict[str, Any]] | None:
    """The tiers from the customers up, or None where all enterprises can be drawn one by one.

    Parameters
    ----------
    enterprises : sequence of mapping
        With echelon and role.
    links : sequence of mapping
        From and to, rows of enterprises.
    tags : mapping, optional
        Rows of the enterprises that bear a tag. A tier is divided by tags of one family (``region_north``, ``region_south``) where each of its
        enterprises bears exactly one of them.

    Returns
    -------
    list of dict or None
        Of each tier its label, role, echelon, and the rows of its enterprises, those with the most partners first.

    Examples
    --------
    >>> shops = [{"echelon": 1, "role": "retailer"} for _ in range(400)]
    >>> (tier,) = groups(shops, [])
    >>> tier["label"], len(tier["enterprises"])
    ('400 retailers', 400)
    >>> [one["label"] for one in groups(shops, [], {"region_north": range(100), "region_south": range(100, 400)})]
    ['region_north: 100 retailers', 'region_south: 300 retailers']
    >>> groups(shops[:20], []) is None
    True
    """
    if len(enterprises) <= MOST_ALONE:
        return None
    partners = [0] * len(enterprises)
    for link in links:
        partners[link["from"]] += 1
        partners[link["to"]] += 1
    tiers: dict[tuple[int, str], list[int]] = {}
    for row, one in enumerate(enterprises):
        tiers.setdefault((int(one["echelon"]), str(one["role"])), []).append(row)
    families = _families(tags or {})
    found = []
    for (echelon, role), tier in sorted(tiers.items()):
        for tag, rows in _parts(tier, families).items():
            label = f"{tag}: {plural(len(rows), role)}" if tag else plural(len(rows), role)
            rows.sort(key=lambda row: -partners[row])
            found.append({"label": label, "role": role, "echelon": echelon, "enterprises": rows})
    return found


def _families(tags: Mapping[str, Sequence[int]]) -> list[dict[str, list[int]]]:
    """Tags that differ in what stands behind the last underscore alone, and those without one."""
    found: dict[str, dict[str, list[int]]] = defaultdict(dict)
    for tag in sorted(tags):
        found[tag.rpartition("_")[0]][tag] = [int(row) for row in tags[tag]]
    return list(found.values())


def _parts(tier: list[int], families: list[dict[str, list[int]]]) -> dict[str, list[int]]:
    """The tier by the first family of tags that divides it, or as a whole under no tag."""
    members = set(tier)
    for family in families:
        parts = {tag: kept for tag, rows in family.items() if (kept := [row for row in rows if row in members])}
        once = sum(map(len, parts.values())) == len(members) and len(set().union(*parts.values())) == len(members)
        if 2 <= len(parts) <= MOST_PARTS and once:
            return parts
    return {"": tier}
