"""outagewatch as a library: a replay that gives DataFrames.

In: files of posts and a profile. Out: incidents, complaints and changes as tables. Remembers what
it returns: for streams too long for memory, use :class:`outagewatch.session.Session`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from outagewatch.assets import profiles
from outagewatch.config import load
from outagewatch.pipeline import Totals
from outagewatch.records import Block, Change, Complaint, Level
from outagewatch.session import ReplayOptions, Session

if TYPE_CHECKING:
    import pandas as pd


_INCIDENT = (
    "status", "level", "severity", "scope", "operator", "service", "location", "place",
    "started_at", "detected_at", "last_report_at", "resolved_at", "acknowledged_at", "resolution",
    "people", "window_minutes", "expected", "recurrence_hours", "people_total", "reasons",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Replay:
    """What a replay found.

    ``incidents`` has a row an incident, in the order in which they were told, indexed by id;
    ``complaints`` a row a person whose service fails, oldest first; ``changes`` what was told, in
    order, as records. Times are UTC.
    """

    incidents: pd.DataFrame
    complaints: pd.DataFrame
    changes: list[Change]
    totals: Totals


def replay(
    paths: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
    *,
    profile: str | None = None,
    config: str | None = None,
    settings: Mapping[str, Any] | None = None,
    level: Level = "probable",
    since: str | None = None,
    until: str | None = None,
    warm_up: Sequence[str | os.PathLike[str]] = (),
    texts: bool = False,
) -> Replay:
    """Replay recorded posts in event time.

    Parameters
    ----------
    paths
        One file or several, of any format that the command line reads.
    profile
        Name or path of a profile; None for the configuration's, else ``telecom-fr``.
    config
        A configuration file; None to look where the command line looks.
    settings
        Settings by dotted key, such as ``{"detect.false_alarms_per_week": 0.5}``.
    level
        The lowest level of incidents that is told.
    since, until
        Times as the command line takes them.
    warm_up
        Earlier posts to learn from.
    texts
        Whether complaints carry the text of their posts.

    Raises
    ------
    OutagewatchError
        As on the command line: a file, option or setting that cannot be.

    Examples
    --------
    >>> from outagewatch.assets import asset
    >>> found = replay(asset("sample_data", "france.jsonl"), profile="telecom-fr")
    >>> found.incidents[["operator", "service", "people_total"]].to_dict("records")[1]
    {'operator': 'free', 'service': 'fixed_internet', 'people_total': 38}
    >>> len(found.complaints) > 300, found.totals.posts
    (True, 4099)
    """
    loaded = load(config, profile, settings, shipped=profiles())
    named = [paths] if isinstance(paths, (str, os.PathLike)) else paths
    options = ReplayOptions(
        paths=[os.fspath(path) for path in named],
        since=since,
        until=until,
        warm_up=[os.fspath(path) for path in warm_up],
        level=level,
    )
    complaints: list[Complaint] = []

    def keep(block: Block) -> None:
        complaints.extend(block.complaints)

    with Session(loaded, options, on_block=keep) as session:
        changes = list(session.posts())
        pipeline = session.pipeline
        totals = pipeline.totals if pipeline is not None else Totals()
    tables = incidents_frame(changes), complaints_frame(complaints, texts=texts)
    return Replay(*tables, changes, totals)


def incidents_frame(changes: Sequence[Change]) -> pd.DataFrame:
    """Return the last state of each incident as a table, a row an incident, indexed by id."""
    import pandas as pd

    last = {change.incident.id: change.incident for change in changes}
    rows = [
        {
            "id": i.id,
            **{name: getattr(i, name) for name in _INCIDENT if name != "place"},
            "location": i.location.id,
            "place": i.location.name,
        }
        for i in last.values()
    ]
    frame = pd.DataFrame(rows, columns=["id", *_INCIDENT])
    for name in (name for name in frame.columns if name.endswith("_at")):
        frame[name] = pd.to_datetime(frame[name], utc=True)
    return frame.set_index("id")


def complaints_frame(complaints: Sequence[Complaint], *, texts: bool = False) -> pd.DataFrame:
    """Return complaints as a table, a row a person; who wrote them is left out."""
    import pandas as pd

    rows = [
        {
            "created_at": datetime.fromtimestamp(c.created_at, UTC),
            "operator": c.operator,
            "service": c.service,
            "symptom": c.symptom,
            "location": c.location.id,
            "place": c.location.name,
            "located": c.located,
            "acute": c.acute,
            "source": c.source,
            **({"text": c.text} if texts else {}),
        }
        for c in complaints
    ]
    columns = ["created_at", "operator", "service", "symptom", "location", "place", "located"]
    columns += ["acute", "source", *(["text"] if texts else [])]
    return pd.DataFrame(rows, columns=columns)
