"""Cron expressions by brute force: each date in turn, each of its minutes on the zone's clock.

Written from the semantics alone; it shares no line with the program. Expressions must be valid.
"""

from calendar import monthrange
from datetime import datetime

from wall_clock import DAY, minutes, wall

NICKNAMES = {
    "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *", "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@hourly": "0 * * * *",
}
MONTHS = dict(zip("JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split(), range(1, 13)))
WEEKDAYS = dict(zip("SUN MON TUE WED THU FRI SAT".split(), range(7)))


def numbers(item, low, high, names={}):
    """What a value, a range or a star with or without a step stands for."""
    def number(text):
        return names[text] if text in names else int(text)

    base, _, step = item.partition("/")
    if base == "*":
        start, end = low, high
    elif "-" in base:
        start, end = map(number, base.split("-"))
    else:
        start = number(base)
        end = high if step else start
    return set(range(start, end + 1, int(step or 1)))


def union(field, low, high, names={}):
    return set().union(*(numbers(item, low, high, names) for item in field.split(",")))


def is_workday(date):
    return date.isoweekday() <= 5


def nearest_workday(date):
    """Of the same month."""
    near = [date + days * DAY for days in (0, -1, 1, -2, 2)]
    return next(day for day in near if day.month == date.month and is_workday(day))


def month_day_matches(item, date):
    last = date.replace(day=monthrange(date.year, date.month)[1])
    if item == "L":
        return date == last
    if item == "LW":
        return date == next(last - back * DAY for back in range(3) if is_workday(last - back * DAY))
    if item.endswith("W"):
        day = int(item[:-1])
        return day <= last.day and date == nearest_workday(date.replace(day=day))
    return date.day in numbers(item, 1, 31)


def weekday_matches(item, date):
    today = date.isoweekday() % 7

    def is_today(text):
        return today == (WEEKDAYS[text] if text in WEEKDAYS else int(text) % 7)

    if "#" in item:
        day, which = item.split("#")
        return is_today(day) and (date.day + 6) // 7 == int(which)
    if item.endswith("L"):
        return is_today(item[:-1]) and (date + 7 * DAY).month != date.month
    return today in {day % 7 for day in numbers(item, 0, 7, WEEKDAYS)}


class Expression:
    def __init__(self, text):
        text = text.strip().upper()
        text = NICKNAMES.get(text.lower(), text)
        minute, hour, self.month_day, month, self.weekday = text.split()
        self.times = [(h, m) for h in sorted(union(hour, 0, 23)) for m in sorted(union(minute, 0, 59))]
        self.months = union(month, 1, 12, MONTHS)
        self.is_interval = minute.startswith("*") or hour.startswith("*")
        self.needs_both_days = self.month_day.startswith("*") or self.weekday.startswith("*")

    def matches(self, date):
        if date.month not in self.months:
            return False
        by_month = any(month_day_matches(item, date) for item in self.month_day.split(","))
        by_week = any(weekday_matches(item, date) for item in self.weekday.split(","))
        return (by_month and by_week) if self.needs_both_days else (by_month or by_week)

    def on(self, zone, date):
        """The instants that a date's wall minutes fire at, as pairs with the wall minute."""
        shown, ends = minutes(zone, date)
        for hour, minute in self.times if self.matches(date) else []:
            moment = datetime(date.year, date.month, date.day, hour, minute)
            instants = shown.get(moment, [])
            if self.is_interval:
                yield from ((instant, moment) for instant in instants)
            else:
                yield (instants[0] if instants else ends[moment]), moment

    def next(self, zone, after, count, until):
        """Up to `count` occurrences after an instant and not after another."""
        found = set()
        # A skipped date may fire after it, and a repeated midnight lets two dates mix.
        date, last = wall(after, zone).date() - 2 * DAY, wall(until, zone).date() + 2 * DAY
        while date <= last:
            if self.matches(date):
                found |= {instant for instant, _ in self.on(zone, date) if after < instant <= until}
                if len(found) >= count:
                    last = min(last, date + 2 * DAY)
            date += DAY
        return sorted(found)[:count]
