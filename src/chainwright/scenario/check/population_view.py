"""A generated network as the checks of policies see it: items that the same entries reach are looked at together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from chainwright.policies import policies_for
from chainwright.scenario.check.findings import Findings, Item, Sound
from chainwright.scenario.check.network_view import Party
from chainwright.scenario.check.policies_reach import Reach
from chainwright.scenario.check.policy_entries import check_parameters
from chainwright.scenario.reach import Ways, concerned
from chainwright.scenario.resolve.generated import Grown


class PopulationView:
    """The items of a population, parted by which entries of policies reach them.

    Parameters
    ----------
    findings, sound
        What was found so far.
    grown : Grown
        The network.
    """

    def __init__(self, findings: Findings, sound: Sound, grown: Grown) -> None:
        self.findings = findings
        self.sound = sound
        self.index = grown.index
        self.tables = grown.population.tables
        self.generated = grown.population.demand

    def customer(self, item: Item) -> bool:
        """Whether an item belongs to a customer."""
        return self.sound.enterprises[item[0]] == "customer"

    def concerned(self) -> Mapping[str, list[Party]]:
        """The items that each decision is about."""
        sections = self.sound.policies
        by_product = any(product for entries in sections.values() for kept in entries.values() for product in kept)
        ways = Ways(sections.values(), self.index, self.tables["enterprises"]["role"], by_product)
        made: dict[str, list[Party]] = {}
        for decision, rows in concerned(self.index, self.tables).items():
            _, place = ways.part(rows)
            order = np.argsort(place, kind="stable")
            groups = np.split(rows[order], np.flatnonzero(np.diff(place[order])) + 1) if len(rows) else []
            made[decision] = [Party(self.index.item(int(own[0])), len(own), tuple((int(row), self.index.item(int(row))) for row in own[:3]), own)
                              for own in groups]  # fmt: skip
        return made

    def check_demands(self) -> None:
        """What ``policies.demand`` says: another demand than the generated one, or other parameters for it."""
        reach = Reach(self.findings, self.sound, "demand")
        if not reach.entries:
            return
        ways = Ways([reach.entries], self.index, self.tables["enterprises"]["role"], reach.parted)
        for choice in self.generated:
            for row in ways.part(choice.rows)[0]:
                item = self.index.item(int(row))
                way = reach.way(reach.key(item))
                if way.name is not None:
                    reach.policy(item)
                    continue
                for path, entry in way.changes if reach.key(item) not in reach.broken else ():
                    check_parameters(self.findings, path, policies_for("demand")[choice.policy], entry)

    def that_take_nothing_back(self, party: Party) -> Iterator[tuple[Item, str]]:
        """A seller that is no outside source, with the buyer, for the first lane where a party has one."""
        lanes = self.tables["lanes"]
        of_party = np.zeros(len(self.index), bool)
        of_party[party.rows] = True
        found = np.flatnonzero(of_party[lanes["buyer"]] & ~self.tables["items"]["unlimited"][lanes["seller"]])
        for lane in found[:1]:
            yield self.index.item(int(lanes["seller"][lane])), self.index.item(int(lanes["buyer"][lane]))[0]
