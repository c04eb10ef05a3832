#!/usr/bin/env bash
# Make sample_data anew: three stories, the same posts for the same seed. Run from the checkout.
set -euo pipefail
cd "$(dirname "$0")/../sample_data"
story() { name=$1; shift; outagewatch simulate -o "$name.jsonl" --truth "$name.truth.csv" \
  --supervision "$name.supervision.csv" "$@"; }

# France: 15 ordinary days; a regional fibre failure in the evening, the mobile network of the whole
# country in the night after it; before them another operator's trouble, jokes, news, a match.
story france --profile telecom-fr --start 2026-01-05 --days 16 --per-minute 0.16 --seed 34 \
  --outage id=bretagne,operator=free,service=fixed_internet,location=FR-BRE,people=40,start=2026-01-19T18:40Z,minutes=130,alarm=27,notice=52,placed=0.5 \
  --outage id=night,operator=free,service=mobile_data,location=FR,people=14,start=2026-01-20T02:00Z,minutes=100,alarm=38,notice=61,placed=0.25 \
  --outage id=herault,operator=sfr,service=tv,location=FR-34,people=16,start=2026-01-14T19:05Z,minutes=80,alarm=30,notice=never,placed=0.4 \
  --trap id=joke,kind=joke,operator=free,people=30,start=2026-01-16T10:00Z,minutes=90 \
  --trap id=news,kind=news,operator=orange,people=40,start=2026-01-17T07:30Z,minutes=120 \
  --trap id=match,kind=football,operator=free,people=50,start=2026-01-18T19:45Z,minutes=120

# United Kingdom: mobile data fails around Leeds, then for everybody.
story uk --profile telecom-uk --start 2026-02-02 --days 15 --per-minute 0.16 --seed 8 \
  --outage id=leeds,operator=o2,service=mobile_data,location=Leeds,people=18,start=2026-02-15T12:20Z,minutes=75,alarm=34,notice=50,placed=0.6 \
  --outage id=nation,operator=o2,service=mobile_data,location=GB,people=60,start=2026-02-16T05:10Z,minutes=150,alarm=25,notice=40,placed=0.3 \
  --trap id=boycott,kind=boycott,operator=vodafone,people=60,start=2026-02-12T09:00Z,minutes=300

# A quiet fortnight: every trap there is, a night of planned works that nobody notices, no outage.
story quiet --profile telecom-fr --start 2026-03-02 --days 14 --per-minute 0.16 --seed 11 \
  --outage id=works,kind=planned,operator=orange,service=fixed_internet,location=FR-59,people=0,start=2026-03-11T01:00Z,minutes=240,alarm=never,notice=never \
  --trap id=boycott,kind=boycott,operator=orange,people=90,start=2026-03-04T08:00Z,minutes=480 \
  --trap id=football,kind=football,operator=free,people=60,start=2026-03-05T19:50Z,minutes=130 \
  --trap id=billing,kind=billing,operator=sfr,people=70,start=2026-03-06T09:00Z,minutes=400 \
  --trap id=giveaway,kind=giveaway,operator=bouygues,people=80,start=2026-03-07T11:00Z,minutes=240 \
  --trap id=foreign,kind=foreign,operator=orange,people=40,start=2026-03-09T13:00Z,minutes=120 \
  --trap id=scheme,kind=scheme,operator=free,people=40,start=2026-03-10T16:00Z,minutes=180 \
  --trap id=joke,kind=joke,operator=free,people=40,start=2026-03-12T10:00Z,minutes=100 \
  --trap id=news,kind=news,operator=sfr,people=60,start=2026-03-13T07:00Z,minutes=150
