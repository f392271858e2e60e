"""What has been played of a run: it is played on, looked back at, and measured."""

from __future__ import annotations

from chainwright.experiment.timeline.history import History
from chainwright.experiment.timeline.worlds import Worlds
from chainwright.words.errors import UsageError
from chainwright.words.requests import whole_number
from chainwright.world import World


class Past:
    """A run with all that was played of it; see `Timeline`, which changes and branches it."""

    horizon: int
    _player: Worlds
    _history: History
    _closed: bool = False

    # --- playing -----------------------------------------------------------------------------------------------

    @property
    def played(self) -> int:
        """The last period that has been played, 0 before the first."""
        return self._history.periods

    @property
    def history(self) -> History:
        """What is kept of every period; ask for it anew after an act in the past, which begins another."""
        return self._history

    def play(self, periods: int = 1) -> None:
        """Play some periods more, as far as the horizon."""
        self.play_to(self.played + whole_number(periods, "periods", 0))

    def play_to(self, period: int) -> None:
        """Play on until a period has been played, as far as the horizon; nothing where it was played before."""
        self._refuse_closed()
        until = min(whole_number(period, "period", 0), self.horizon)
        if until <= self.played:
            return
        world, measuring = self._player.stand(self.played)
        while (played := self.played) < until:
            try:
                self._player.step()
                self._history.add(world, measuring)
            except BaseException:
                # Half a period is none.
                self._history = self._history.start(played)
                raise

    def forget_after(self, period: int) -> None:
        """Drop what was played after a period; acts stay, and hold again when their periods are played."""
        at = whole_number(period, "period", 0)
        if at < self.played:
            self._player, self._history = self._player.start(at), self._history.start(at)

    # --- looking -----------------------------------------------------------------------------------------------

    def world_at(self, period: int) -> World:
        """A world of its own in the state at the end of a period, as if it had never stopped; whatever is done to it, the timeline stays.

        Raises
        ------
        UsageError
            When the period was not played yet.

        Examples
        --------
        >>> import chainwright as cw
        >>> timeline = cw.Timeline("beer_game")
        >>> timeline.play(10)
        >>> world = timeline.world_at(7)
        >>> world.period, timeline.history.items["on_hand"][6, 1] == world.items.on_hand[timeline.history.names.rows["items"][1]]
        (7, np.True_)
        """
        at = self._played_period(period)
        self._refuse_closed()
        return self._player.look(at)

    def summary(self, period: int | None = None) -> dict[str, float]:
        """Network-wide metrics of all periods up to one, the last that was played by default; empty (nan) during the warm-up.

        Raises
        ------
        UsageError
            When the period was not played yet.
        """
        at = self.played if period is None else self._played_period(period)
        kept = self._history.measures
        return {name: float(values[at - 1]) if at else float("nan") for name, values in kept.items()}

    def close(self) -> None:
        """Give back the worlds and snapshots; the history stays, and nothing more can be played. Branches go on."""
        self._closed = True
        self._player.close()

    # --- within ------------------------------------------------------------------------------------------------

    def _refuse_closed(self) -> None:
        if self._closed:
            raise UsageError("the timeline is closed; branch it before, or make a new one")

    def _played_period(self, period: int) -> int:
        at = whole_number(period, "period", 0)
        if at > self.played:
            raise UsageError(f"period {at} was not played yet; the last one is {self.played}")
        return at
