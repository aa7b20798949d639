"""What Spaces cost: a second calculator, written from the rules of money alone, to compare reports with.

It is slow and plain on purpose. Instants are seconds since 1970, money is a Fraction of nano-dollars until a
line item rounds it. Usage is (hardware, replicas), or None where nothing is billed.
"""

from bisect import bisect_right
from collections import defaultdict, namedtuple
from datetime import datetime, time, timedelta, timezone
from fractions import Fraction

import yaml

# As recorded; empty text stands for what was not known.
Look = namedtuple("Look", "at stage hardware requested sleep replicas storage")
# A stretch of time with what is billed in it, in the three scenarios, and the storage held.
Piece = namedtuple("Piece", "start end low estimate high storage")
COLUMNS = "space day hardware per_hour minutes_low minutes minutes_high cost_low cost cost_high".split()


def instant(text):
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return int(moment.replace(tzinfo=moment.tzinfo or timezone.utc).timestamp())


class PriceList:
    def __init__(self, text):
        # Dates and amounts stay text: no float comes near the money.
        table = yaml.load(text, yaml.BaseLoader)
        self.exact = table["billing"]["rounding"] == "exact"
        self.stages = dated(table["billing"]["stages"], "billable")
        self.hourly = {name: dated(entry["prices"], "per_hour") for name, entry in table["hardware"].items()}
        self.monthly = {name: dated(entry["prices"], "per_month") for name, entry in table["storage"].items()}
        every = [self.stages, *self.hourly.values(), *self.monthly.values()]
        self.changes = sorted({at for changes in every for at, _ in changes})

    def minutes(self, seconds):
        return Fraction(seconds, 60) if self.exact else -(-seconds // 60)

    def billed(self, look, at):
        return self.potential(look) if look.stage in (in_force(self.stages, at) or []) else None

    def potential(self, look):
        kind = look.hardware or look.requested
        return (kind, int(look.replicas or 1)) if kind else None

    def per_hour(self, kind, at):
        return in_force(self.hourly.get(kind, []), at)

    def rate(self, usage, at):
        return (self.per_hour(usage[0], at) or 0) * usage[1] if usage else 0

    def cheaper(self, first, second, at):
        return second if self.rate(second, at) < self.rate(first, at) else first

    def dearer(self, first, second, at):
        return second if self.rate(second, at) > self.rate(first, at) else first

    def cut(self, start, end):
        """The parts of a stretch in which no price or billing rule changes."""
        return parts(start, end, self.changes)


def dated(entries, key):
    # Of several from one instant, the one learned last counts.
    found = {}
    for entry in sorted(entries, key=lambda entry: entry.get("learned", "")):
        value = entry[key]
        found[instant(entry["from"])] = Fraction(value) * 10**9 if isinstance(value, str) else value
    return sorted(found.items(), key=lambda item: item[0])


def in_force(changes, at):
    # Not before the first; `until` plays no part, as who is still there goes on paying the last price.
    values = [value for start, value in changes if start <= at]
    return values[-1] if values else None


def parts(start, end, limits):
    inside = [limit for limit in limits if start < limit < end]
    return [(a, b) for a, b in zip([start, *inside], [*inside, end]) if a < b]


# MARK: From observations to usage


def pieces(looks, actions, prices, now, gap):
    """The pieces of one Space, from its first look until now, not before the last.

    Actions are the seconds at which one was sent that the Hub did not refuse.
    """
    known = None  # the last state seen that was not GONE
    gone_since = None
    for this, after in zip(looks, looks[1:]):
        if this.stage == "GONE":
            gone_since = gone_since or this.at
            if after.stage != "GONE":
                before = prices.potential(known) if known else None
                for start, end in prices.cut(gone_since, after.at):
                    high = prices.dearer(before, prices.potential(after), start)
                    yield Piece(start, end, None, None, high, "")
                gone_since = None
        else:
            known = this
            yield from between(this, after, actions, prices, gap)
    last = looks[-1]
    if last.stage != "GONE":
        watched = min(last.at + gap, now)
        for start, end in prices.cut(last.at, watched):
            billed = prices.billed(last, start)
            yield Piece(start, end, billed, billed, prices.potential(last), last.storage)
        for start, end in prices.cut(watched, now):
            yield Piece(start, end, None, None, prices.potential(last), "")


def between(this, after, actions, prices, gap):
    watched = after.at - this.at <= gap
    equal = this[1:] == after[1:]
    sent = [at for at in actions if this.at <= at < after.at]
    turn = after.at if equal else max(sent) if sent else (this.at + after.at) // 2
    for state, stretch in ((this, (this.at, turn)), (after, (turn, after.at))):
        for start, end in prices.cut(*stretch):
            estimate = prices.billed(state, start)
            if watched and (equal or sent):
                low, high = estimate, estimate
            elif watched:
                both = prices.billed(this, start), prices.billed(after, start)
                low, high = prices.cheaper(*both, start), prices.dearer(*both, start)
            elif equal or sent:
                low, high = None, prices.potential(state)
            else:
                low, high = None, prices.dearer(prices.potential(this), prices.potential(after), start)
            yield Piece(start, end, low, estimate, high, state.storage)


def runs(stretches):
    """Stretches (start, end, usage) that touch and have the same usage, as one; without those of no usage."""
    joined = []
    for start, end, usage in stretches:
        if joined and joined[-1][1] == start and joined[-1][2] == usage:
            joined[-1][1] = end
        else:
            joined.append([start, end, usage])
    return [run for run in joined if run[2]]


# MARK: From usage to rows


class Days:
    """The days of a zone that a range touches."""

    def __init__(self, zone, start, end):
        self.start, self.end = start, end
        first = datetime.fromtimestamp(start, zone).date() - timedelta(days=1)
        count = (end - start) // 86_400 + 4
        # Midnight that a clock skips is the end of the gap, one that comes twice the first: fold 0 is both.
        self.dates = [first + timedelta(days=number) for number in range(count)]
        self.limits = [int(datetime.combine(date, time(), zone).timestamp()) for date in self.dates]

    def cut(self, start, end, limits):
        """The parts of a stretch that lie in the range, each with its day, cut at these limits too."""
        if start >= self.end or end <= self.start:
            return
        for a, b in parts(max(start, self.start), min(end, self.end), sorted({*limits, *self.limits})):
            yield a, b, str(self.dates[bisect_right(self.limits, a) - 1])


def rows(table, prices, days):
    """The rows of the report, of the pieces of each Space."""
    for space in sorted(table):
        lines = [*hardware_lines(table[space], prices, days), *storage_lines(table[space], prices, days)]
        for day, kind, _, cells in sorted(lines, key=lambda line: line[:3]):
            yield [space, day, kind, *cells]


def hardware_lines(usage, prices, days):
    items = defaultdict(lambda: [0, 0, 0])
    for scenario, name in enumerate(("low", "estimate", "high")):
        stretches = [(piece.start, piece.end, getattr(piece, name)) for piece in usage]
        for start, end, (kind, replicas) in runs(stretches):
            for a, b, day in days.cut(start, end, [at for at, _ in prices.hourly.get(kind, [])]):
                minutes = prices.minutes(b - start) - prices.minutes(a - start)
                items[day, kind, prices.per_hour(kind, a)][scenario] += minutes * replicas
    for (day, kind, price), minutes in items.items():
        if any(minutes):
            costs = ["" if price is None else money(price * amount / 60) for amount in minutes]
            per_hour = "" if price is None else money(price)
            # Without a price comes before free.
            yield day, kind, -1 if price is None else price, [per_hour, *map(minutes_text, minutes), *costs]


def storage_lines(held, prices, days):
    items = defaultdict(Fraction)
    months = [instant(f"{year}-{month:02}-01") for year in range(2022, 2028) for month in range(1, 13)]
    for piece in held:
        changes = prices.monthly.get(piece.storage, [])
        for a, b, day in days.cut(piece.start, piece.end, [*months, *(at for at, _ in changes)]):
            price = in_force(changes, a)
            if price is not None:
                number = bisect_right(months, a)
                items[day, piece.storage] += price * (b - a) / (months[number] - months[number - 1])
    for (day, name), amount in items.items():
        yield day, f"storage-{name}", -1, ["", "", "", "", *[money(amount)] * 3]


def money(amount):
    nano = round(amount)  # of a Fraction: half to even
    return f"{nano // 10**9}.{nano % 10**9:09}"


def minutes_text(minutes):
    return money(minutes * 10**9).rstrip("0").rstrip(".")
