"""What a zone's clock shows, found by walking from minute to minute: slow, and hard to get wrong."""

import functools
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def wall(instant, zone):
    return instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def stamp(instant):
    return instant.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


@functools.lru_cache(maxsize=64)
def minutes(zone, date):
    """For the wall minutes of a date: the instants that show each, and the ends of gaps for those skipped."""
    shown, ends, before, clock = {}, {}, None, ZoneInfo(zone)
    # No clock is further from UTC than 15 hours.
    instant = datetime(date.year, date.month, date.day, tzinfo=timezone.utc) - 15 * HOUR
    for _ in range(54 * 60):
        now = instant.astimezone(clock).replace(tzinfo=None)
        assert now.second == 0, "offsets with seconds are not for this module"
        if now.date() == date:
            shown.setdefault(now, []).append(instant)
        while before is not None and before + MINUTE < now:
            before += MINUTE
            if before.date() == date:
                ends[before] = instant
        before = now
        instant += MINUTE
    return shown, ends


def first(zone, moment):
    """When the wall clock first shows a minute: in a gap, the gap's end."""
    shown, ends = minutes(zone, moment.date())
    return shown[moment][0] if moment in shown else ends[moment]


@functools.cache
def changes(zone, first_year, last_year):
    """The instants at which a zone's offset changes, to the second; two within a day may hide each other."""
    def offset(at):
        return at.astimezone(ZoneInfo(zone)).utcoffset()

    found, day = [], datetime(first_year, 1, 1, tzinfo=timezone.utc)
    while day.year <= last_year:
        low, high = day, day + DAY
        if offset(low) != offset(high):
            old = offset(low)
            while high - low > timedelta(seconds=1):
                middle = low + timedelta(seconds=(high - low) // timedelta(seconds=1) // 2)
                low, high = (middle, high) if offset(middle) == old else (low, middle)
            found.append(high)
        day += DAY
    return found
