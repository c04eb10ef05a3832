"""Replay recorded posts, and ask the tables what was found.

python examples/library.py sample_data/france.jsonl
"""

import sys

import outagewatch


def main() -> None:
    """Print what was found in the files named."""
    found = outagewatch.replay(sys.argv[1:], profile="telecom-fr")
    columns = ["operator", "service", "place", "started_at", "detected_at", "people_total"]
    print(found.incidents[columns].to_string())
    by_hour = found.complaints.set_index("created_at").resample("1D").size()
    print(f"complaints a day: {by_hour.median():.0f} usual, {by_hour.max()} at most")


if __name__ == "__main__":
    main()
