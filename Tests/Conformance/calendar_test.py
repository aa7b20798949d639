"""The feed of boundaries is a calendar that another program reads and says the same of."""

import json
import os
import subprocess
from datetime import timedelta
from pathlib import Path

import icalendar

ROOT = Path(__file__).parents[2]


def spaceplan(*arguments):
    environment = {"PATH": os.environ["PATH"], "HOME": "/nowhere", "SPACEPLAN_NOW": "2027-03-25T12:00:00Z"}
    result = subprocess.run(
        [os.environ["SPACEPLAN"], *arguments], cwd=ROOT, env=environment, capture_output=True, check=True)
    return result.stdout


def test_the_feed_says_what_the_table_says():
    feed = spaceplan("next", "--days", "14", "--format", "ics")
    calendar = icalendar.Calendar.from_ical(feed)
    assert calendar["VERSION"] == "2.0" and calendar["PRODID"]
    assert not calendar.errors
    events = calendar.walk("VEVENT")
    assert all(not event.errors and event["UID"] and event["DTSTAMP"] and event["SUMMARY"] for event in events)
    assert len({event["UID"] for event in events}) == len(events)
    changing = [row for row in json.loads(spaceplan("next", "--days", "14", "--format", "json")) if row["changes"]]
    assert len(changing) > 20
    starts = [event.decoded("DTSTART") for event in events]
    assert [f"{start:%Y-%m-%dT%H:%M:%SZ}" for start in starts] == [row["at"] for row in changing]
    assert all(start.utcoffset() == timedelta(0) for start in starts)
    # RFC 5545: lines end with CR and LF, and none is longer than 75 octets.
    lines = feed.split(b"\r\n")
    assert b"\n" not in b"".join(lines) and max(map(len, lines)) <= 75
    # Asked again, it is the same calendar: a reader sees no event twice.
    assert spaceplan("next", "--days", "14", "--format", "ics") == feed
