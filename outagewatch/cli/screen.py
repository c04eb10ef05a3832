"""Draw a board on a terminal: the clock, open incidents, what was said, where and of what.

In: a board. Out: lines of styled text, as many and as wide as there is room for. Remembers nothing.
Nothing is told by colour alone: levels and severities are words, counted words are in brackets of
style, and the marks are signs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

from outagewatch.alert.base import harmless, redact
from outagewatch.cli.board import BIN_MINUTES, BINS, Board
from outagewatch.incident.reasons import how_often
from outagewatch.records import ANY, UNKNOWN, Change, Complaint
from outagewatch.settings import Settings

_BARS = " ▁▂▃▄▅▆▇█"
_ASCII_BARS = " .:-=+*#@"
_LEVEL_STYLE = {"strong": "bold reverse", "probable": "bold", "possible": ""}


class Screen:
    """A board as something that rich can draw.

    Parameters
    ----------
    board
        What is shown.
    settings
        The profile: its zone, and how operators and services are called.
    title
        What is being shown, in a few words.
    height
        Lines; None for what the console has.
    """

    def __init__(
        self, board: Board, settings: Settings, title: str, height: int | None = None
    ) -> None:
        self._board = board
        self._settings = settings
        self._title = title
        self._height = height
        self._zone = ZoneInfo(settings.timezone)
        self.n_posts = 0

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield exactly as many lines as there is room for."""
        width = options.max_width
        height = self._height or options.height or console.height
        bars = _BARS if options.encoding.startswith("utf") else _ASCII_BARS
        fixed = [self._head(width), self._counters(), _rule(width)]
        middle = list(self._incidents())
        below = [_rule(width), *self._lately(width, bars), _rule(width)]
        room = height - len(fixed) - len(below) - 1
        middle = middle[: max(room - 4, 4)]
        said = list(self._said(max(room - len(middle), 0)))
        lines = [*fixed, *middle, *below, *said]
        lines += [Text("")] * (height - len(lines))
        for number, line in enumerate(lines[:height]):
            line.truncate(width, overflow="ellipsis")
            yield line if number < height - 1 else _no_newline(line)

    def _head(self, width: int) -> Text:
        now = self._board.now.astimezone(self._zone)
        n_open = len(self._board.open)
        state = f" {n_open} OPEN " if n_open else " nothing open "
        left = f"OUTAGEWATCH  {self._title}"
        middle = f"{now:%a %-d %b %Y  %H:%M:%S %Z}"
        gap = max(width - len(left) - len(middle) - len(state) - 2, 2)
        line = Text(left, style="bold")
        line.append(" " * gap + middle + "  ", style="not bold")
        line.append(state, style="bold reverse" if n_open else "dim")
        return line

    def _counters(self) -> Text:
        board = self._board
        text = (
            f"{self.n_posts:,} posts read, {board.n_complaints:,} people whose service fails, "
            f"{board.n_located:,} of them say where"
        )
        return Text(text, style="dim")

    def _incidents(self) -> Iterator[Text]:
        changes = sorted(
            self._board.open.values(), key=lambda c: c.incident.detected_at, reverse=True
        )
        for change in changes[:2]:
            yield from self._incident(change)
        for change in changes[2:4]:
            yield self._short(change, "OPEN")
        for change in list(self._board.ended)[::-1][: 2 if not changes else 1]:
            yield self._short(change, "OVER")
        if not changes and not self._board.ended:
            yield Text("No probable incident. Silence is not health.", style="dim")

    def _incident(self, change: Change) -> Iterator[Text]:
        i = change.incident
        line = Text(f"{'NEW' if change.type == 'opened' else 'OPEN':4} ", style="bold")
        line.append(f"{self._clock(i.detected_at)}  ")
        line.append(f" {i.level.upper()} ", style=_LEVEL_STYLE[i.level])
        line.append(f" {i.severity.upper()}  ")
        line.append(self._who(change), style="bold")
        line.append(f"  {i.id}")
        yield line
        yield self._row("where", self._where(change))
        rows = (
            f"{i.people} in {i.window_minutes} min (usual {i.usual}), {i.people_total} in all, "
            f"{i.trend.upper()}"
        )
        yield self._row("people", rows)
        basis = "as people say" if i.onset_basis == "said" else "estimated"
        notice = "none" if i.acknowledged_at is None else self._clock(i.acknowledged_at)
        yield self._row(
            "since", f"{self._clock(i.started_at)}, {basis}; operator's public notice: {notice}"
        )
        yield self._row(
            "chance", f"alone does this {how_often(i.recurrence_hours)} on the whole board"
        )
        against = [r.removeprefix("against: ") for r in i.reasons if r.startswith("against")]
        others = sorted(n for n, s in i.others.items() if s == "raised")
        quiet = "others quiet" if not others else f"raised too: {', '.join(others)}"
        yield self._row("reasons", f"{quiet}; against: {'; '.join(against) or 'nothing'}")

    def _row(self, name: str, text: str) -> Text:
        line = Text(f"  {name:8}", style="dim")
        line.append(harmless(text), style="not dim")
        return line

    def _short(self, change: Change, verb: str) -> Text:
        i = change.incident
        at = change.at if verb == "OVER" else i.detected_at
        text = f"{verb:4} {self._clock(at)}  {i.level} {i.severity}  {self._who(change)}, "
        ending = f"; {i.resolution}" if i.resolution else ""
        return Text(
            harmless(f"{text}{i.location.name}: {i.people_total} people{ending}  {i.id}"),
            style="dim",
        )

    def _who(self, change: Change) -> str:
        i = change.incident
        known = self._settings.operators.get(i.operator)
        who = (known.label or i.operator) if known is not None else "several operators"
        if i.operator == UNKNOWN:
            who = "unnamed operator"
        names = [i.service] if i.service not in (ANY, UNKNOWN) else []
        if i.service == ANY:
            names = [name for name in i.services if name not in (ANY, UNKNOWN)][:2]
        return f"{who} {' + '.join(self._service(name) for name in names)}".strip()

    def _service(self, name: str) -> str:
        known = self._settings.services.get(name)
        return known.label if known is not None and known.label else name

    def _where(self, change: Change) -> str:
        i = change.incident
        named = ", ".join(f"{place.name} {people}" for place, people in i.locations[:4])
        parts = [
            part for part in (named, f"place not said {i.unplaced}" if i.unplaced else "") if part
        ]
        name = i.location.name if i.location.kind != ANY else "everywhere"
        return f"{name}: {', '.join(parts)}" if parts else name

    def _lately(self, width: int, bars: str) -> list[Text]:
        """Return services and places side by side, with how many spoke in each ten minutes."""
        column = (width - 2) // 2
        bins = min(BINS, max(column - 20, 6))
        rows = 4
        services = self._board.busiest("service", rows, bins)
        places = self._board.busiest("place", rows, bins)
        hours = bins * BIN_MINUTES / 60
        head = Text(f"{'services, last ' + f'{hours:.0f} h':{column}}  places", style="dim")
        lines = [head]
        for n in range(rows):
            line = Text()
            for named, label in ((services, True), (places, False)):
                text = ""
                if n < len(named):
                    name, counts = named[n]
                    shown = self._service(name) if label else name
                    text = f"{harmless(shown)[:13]:13} {spark(counts, bars)} {sum(counts):3}"
                line.append(f"{text:{column}}" + ("  " if label else ""))
            lines.append(line)
        return lines

    def _said(self, most: int) -> Iterator[Text]:
        for complaint in list(self._board.said)[::-1][:most]:
            line = Text(f"{self._clock(datetime.fromtimestamp(complaint.created_at, UTC))}  ")
            line.append(marked(complaint))
            yield line

    def _clock(self, at: datetime) -> str:
        return f"{at.astimezone(self._zone):%H:%M}"


def marked(complaint: Complaint) -> Text:
    """Return a post's text, redacted, with the words that counted marked."""
    text = Text(redact(complaint.text), style="dim")
    text.highlight_words(
        list(complaint.words), style="not dim bold underline", case_sensitive=False
    )
    return text


def spark(counts: Sequence[int], bars: str = _BARS) -> str:
    """Return counts as signs, the highest of them as the highest sign.

    Examples
    --------
    >>> spark([0, 1, 2, 4])
    ' ▂▄█'
    """
    top = max([*counts, 1])
    return "".join(bars[-(-count * (len(bars) - 1) // top)] for count in counts)


def _rule(width: int) -> Text:
    return Text("-" * width, style="dim")


def _no_newline(line: Text) -> Text:
    line.end = ""
    return line
