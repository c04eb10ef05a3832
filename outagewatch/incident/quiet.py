"""When an incident is over because nobody speaks of it any more.

In: times of reports. Out: the time at which going on unnoticed would be unlikely. Remembers
nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import gammaincinv

UNLIKELY = 0.05  # chance of an outage that goes on and is reported so little
FADED = 0.5  # share of its reports that an outage that goes on is still expected to bring
USUAL_BREAKS = 1.5  # people usual in the least time, from which it is not waited for in silence
MAX_HOURS = 12.0
_LOOK_BACK = 20  # reports


def quiet_at(reports: Sequence[float], *, rate: float, usual: float, at_least: float) -> float:
    """Return when an incident is quiet if no more reports come.

    For each of the last reports: had the outage gone on since, at a share of its rate, so few
    reports would come in less than 5 % of cases once enough time has passed.

    Parameters
    ----------
    reports
        Times of reports, seconds since the epoch, oldest first, at least one.
    rate
        People a second that the incident brought above what is usual.
    usual
        People a second that are usual.
    at_least
        Seconds that must pass in any case.

    Returns
    -------
    Seconds since the epoch, ``at_least`` after the newest report unless so much is usual.
    """
    last = np.array(reports[-_LOOK_BACK:][::-1])
    newer = np.arange(1, len(last) + 1)  # 1 + reports after each
    needed = gammaincinv(newer, 1 - UNLIKELY) / max(FADED * rate + usual, 1e-9)
    waits = np.clip(needed, at_least, MAX_HOURS * 3600)
    # Where so much is usual that it breaks every silence, silence is not waited for.
    settled = at_least if usual * at_least < USUAL_BREAKS else 0.0
    return float(max((last + waits).min(), last[0] + settled))
