"""`report --by` and the sums of all formats, against the second calculator's line items, added up here once more.

Histories, prices and rule files are random; what a seed makes is printed with a failure.
"""

import csv
import io
import itertools
import json
import random
import re
from collections import Counter, defaultdict, namedtuple
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cache
from zoneinfo import ZoneInfo

import pytest
import yaml

from calculator import Days, Look, PriceList, in_force, instant, minutes_text, money, pieces, rows
from charges_test import DAY, PUBLISHED, midnight, odd_prices, one_space, spaceplan, stamp, store
from desk import MONDAY, chat, desk, hub  # noqa: F401

# A zone, and a range of its days: with both changes of the clock, a leap day, or the turn of a year of weeks.
CASES = """Europe/Paris 2025-03-01 2025-12-01
America/New_York 2024-02-15 2024-11-20
UTC 2024-01-20 2024-03-10
Australia/Lord_Howe 2024-09-20 2025-04-20
Africa/Casablanca 2024-02-20 2024-05-01
America/Santiago 2025-03-20 2025-10-01
Asia/Kolkata 2025-12-05 2026-01-25
Africa/Cairo 2024-04-01 2024-11-15
America/Havana 2025-02-20 2025-11-20
UTC 2026-01-01 2026-02-01
Pacific/Kiritimati 2024-12-20 2025-01-15
Asia/Kathmandu 2024-12-28 2025-01-06""".splitlines()
SEEDS = range(12)
GAP = 900
PLAIN = ["space", "owner", "hardware", "policy", "day", "week", "month"]
DIMENSIONS = [*PLAIN, "label:team", "label:site"]
TIMES = {"day", "week", "month"}
PAIRS = list(itertools.permutations(DIMENSIONS, 2))
SUMS = "per_hour minutes_low minutes minutes_high cost_low cost cost_high".split()
# What a spreadsheet takes for a formula, what Markdown takes for markup, and what sorts otherwise in UTF-16.
WORDS = ["research", "product", "4711", "=1+1", "-x", "@home", "a,b", 'say "hi"', "a|b", "*bold* _b_", "`x`", "Ärzte"]
WORDS += ["\U0001f680", "\uff5e", "#12 <b>", "x\\"]
PATTERNS = ["zoe/*", "zoe/space-*", "zoe/space-1*", "zoe/s*-3*", "zoe/*2", "acme/*", "acme/c*", "acme-2/*", "Big-Org/*"]

# Seconds and nano-dollars, each as (low, estimate, high), or None.
Line = namedtuple("Line", "space day hardware per_hour seconds cost")
Tags = namedtuple("Tags", "policy labels split granted")


def plus(first, second):
    return second if first is None else first if second is None else tuple(map(sum, zip(first, second)))


# MARK: Rules


class Rules:
    def __init__(self, pick, names):
        def labels(keys):
            return {key: pick.choice(WORDS) for key in keys}

        patterns, spaces = pick.sample(PATTERNS, pick.randrange(2, 7)), pick.sample(names, 4)
        spaces += spaces[:1] * pick.randrange(2)  # Two policies for one Space: then none is.
        self.policies = []
        for name in pick.sample(["chat", "=2+3", "with|pipe", "Größe", "a,b"], 4):
            policy = {"name": name, "spaces": []}
            for pool, most in ((patterns, 3), (spaces, 2)):
                for _ in range(min(len(pool), pick.randrange(most + 1))):
                    some = {"name": pool.pop()}
                    some |= {"labels": labels(["team"])} if pick.random() < 0.4 else {}
                    if some["name"] not in map(name_of, policy["spaces"]):
                        policy["spaces"].append(some if len(some) > 1 else some["name"])
            policy["labels"] = labels(pick.sample(["team", "site"], pick.choice([0, 1, 1, 2])))
            if pick.random() < 0.6:
                # Also with one that has a label's name.
                names = pick.sample(WORDS, pick.randrange(2, 5))
                policy["split"] = {name: pick.choice([1, 1, 2, 7, 60, 999_983, 1_000_000]) for name in names}
            if pick.random() < 0.3:
                policy["granted"] = True
            self.policies += [policy] if policy["spaces"] else []
        # Both keys are always there.
        self.policies.append({"name": "last", "spaces": ["1000/*"], "labels": labels(["team", "site"])})
        content = {"version": 1, "policies": self.policies}
        self.text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False)

    def tags(self, space):
        best = []
        for policy in self.policies:
            for some in policy["spaces"]:
                pattern = name_of(some)
                if re.fullmatch(re.escape(pattern).replace(r"\*", ".*"), space):
                    rank = float("inf") if "*" not in pattern else len(pattern.replace("*", ""))
                    best.append((rank, policy, {} if isinstance(some, str) else some.get("labels", {})))
        most = max((rank for rank, *_ in best), default=None)
        best = [(policy, labels) for rank, policy, labels in best if rank == most]
        if len(best) != 1:
            return Tags(None, {}, {}, False)
        (policy, labels), = best
        shared = policy.get("split", {})
        return Tags(policy["name"], policy["labels"] | labels, shared, policy.get("granted", False))


def name_of(some):
    return some if isinstance(some, str) else some["name"]


# MARK: Histories


def noon_prices(pick, start, end):
    """Every price changes at noon (UTC) of a few days."""
    table = yaml.load(PUBLISHED, yaml.BaseLoader)
    for entries, key in ((table["hardware"], "per_hour"), (table["storage"], "per_month")):
        for entry in entries.values():
            noons = pick.sample(range(start // DAY, end // DAY), min(12, (end - start) // DAY))
            noons = [stamp(day * DAY + DAY // 2) for day in sorted(noons)]
            entry["prices"] = [
                {"from": at, key: f"{pick.randrange(9)}.{pick.randrange(10**9):09}"} for at in ["2022-01-01", *noons]]
    return json.dumps(table)


Range = namedtuple("Range", "options zone start end month")


class Book:
    """A folder with a database, rules and prices, and ranges to report."""

    def __init__(self, seed, folder):
        self.folder, self.seed, pick = folder, seed, random.Random(f"groups {seed}")
        zone, first, last = CASES[seed % len(CASES)].split()
        zone, first, last = ZoneInfo(zone), date.fromisoformat(first), date.fromisoformat(last)
        start, end = midnight(first, zone), midnight(last, zone)
        # There is something to compare with; and now and then the range is not over.
        begin = start - (end - start) - 40 * DAY
        stop = pick.choice([end + 5 * DAY, end + 5 * DAY, start + (end - start) * 2 // 3])
        names = ["acme/chat", "acme/Chat", "acme/c_d", "acme-2/a.b", "Big-Org/x", "Big-Org/yy", "1000/x"]
        names += [f"zoe/space-{number}" for number in range(pick.randrange(6, 34))]
        self.looks, self.actions = {}, {}
        for name in names:
            self.looks[name], self.actions[name] = one_space(pick, begin, stop)
        if seed % 4 != 3:
            # Somebody looked at each owner early, so that what was before is known.
            for owner in sorted({name.split("/")[0] for name in names}):
                look = Look(begin, "SLEEPING", "t4-small", "t4-small", "", "1", "")
                looks = [look, look._replace(at=begin + 60), Look(begin + 120, "GONE", "", "", "", "", "")]
                self.looks[f"{owner}/zz-early"], self.actions[f"{owner}/zz-early"] = looks, []
        self.now = max(look.at for looks in self.looks.values() for look in looks) + pick.choice([0, 900, 901, 5000])
        self.rules = Rules(pick, names)
        (folder / "schedules").mkdir()
        (folder / "schedules" / "rules.yaml").write_text(self.rules.text)
        texts = [PUBLISHED.replace("rounding: up", "rounding: exact"), noon_prices(pick, begin, stop)]
        text = [PUBLISHED, *texts, odd_prices(pick, start, end)][seed // 2 % 4]
        (folder / "pricing").mkdir()
        (folder / "pricing" / "prices.yaml").write_text(text)
        self.prices = PriceList(text)
        store(
            folder, [[stamp(look.at), name, *look[1:]] for name, looks in self.looks.items() for look in looks],
            [[stamp(at), name, *rest, "why"] for name, some in self.actions.items() for at, *rest in some])
        self.usage = {}
        for name, looks in self.looks.items():
            sent = [at for at, *_, outcome in self.actions[name] if outcome in ("done", "unknown", "")]
            self.usage[name] = list(pieces(looks, sent, self.prices, self.now, GAP))
        month = (first + timedelta(days=pick.randrange((last - first).days))).replace(day=1)
        after = (month + timedelta(days=31)).replace(day=1)
        odd = pick.randrange(start, end - 1)
        odd = odd, pick.randrange(odd + 1, min(end, odd + 40 * DAY))
        self.ranges = [
            Range(["--from", f"{first}", "--until", f"{last}"], zone, start, end, None),
            Range(["--month", f"{month:%Y-%m}"], zone, midnight(month, zone), midnight(after, zone), month),
            Range(["--from", stamp(odd[0]), "--until", stamp(odd[1])], zone, *odd, None),
        ]
        self.tags = {name: self.rules.tags(name) for name in self.looks}
        self.made = [Report(self, range) for range in self.ranges]

    def lines(self, zone, start, end):
        found = []
        for space, day, hardware, per_hour, *rest in rows(self.usage, self.prices, Days(zone, start, end)):
            seconds = tuple(round(Fraction(text) * 60) for text in rest[:3]) if rest[0] else None
            cost = tuple(map(nano, rest[3:])) if rest[3] else None
            line = Line(space, day, hardware, per_hour, seconds, cost)
            if self.tags[space].granted and seconds:
                line = line._replace(per_hour=money(0), cost=(0, 0, 0))
                if found and found[-1][:4] == line[:4]:
                    line = line._replace(seconds=plus(found.pop().seconds, seconds))
            found.append(line)
        return found

    def holds_unpriced(self, space, start, end):
        """Storage without a price: there is no line of it, but it is told."""
        for piece in self.usage[space]:
            for a, _ in self.prices.cut(max(piece.start, start), min(piece.end, end)):
                if piece.storage and in_force(self.prices.monthly.get(piece.storage, []), a) is None:
                    return True
        return False


def wall(at, zone):
    return datetime.fromtimestamp(at, zone).replace(tzinfo=None)


def showing(clock, zone):
    """When a zone's clock first shows this; what it skips, it shows at the gap's end."""
    early, late = sorted(int(clock.replace(tzinfo=zone, fold=fold).timestamp()) for fold in (0, 1))
    for at in (early, late):
        if wall(at, zone) == clock:
            return at
    return next(at for at in range(early, late + 1) if wall(at, zone) > clock)


class Report:
    """What one range costs, and what the time before it did."""

    def __init__(self, book, range):
        self.book, (_, zone, start, end, month) = book, range
        self.month, self.groups = month, {}
        self.options = [*range.options, "--zone", zone.key, "--now", stamp(book.now), "--database", "x.sqlite"]
        self.running = book.now < end
        self.lines = book.lines(zone, start, end)
        length = wall(end, zone) - wall(start, zone)
        if month:
            earlier = midnight((month - timedelta(days=1)).replace(day=1), zone)
        else:
            earlier = min(start, showing(wall(start, zone) - length, zone))
        until = start
        if self.running:
            passed = wall(max(book.now, start), zone) - wall(start, zone)
            until = min(start, max(earlier, showing(wall(earlier, zone) + passed, zone)))
        self.compared = earlier, until
        self.before = book.lines(zone, *self.compared)
        self.total, self.total_before = total(self.lines), total(self.before)
        told = {line.space for line in self.lines + self.before}
        told |= {space for space in book.usage if book.holds_unpriced(space, start, end)}
        first = defaultdict(lambda: book.now)
        for space, looks in book.looks.items():
            first[owner(space)] = min(first[owner(space)], looks[0].at)
        self.is_compared = start < book.now and all(
            first[owner(space)] <= earlier + GAP for space in told or book.looks)

    @cache
    def ask(self, *words):
        return spaceplan(self.book.folder, "report", *self.options, *words)

    def csv(self, by):
        head, *body = csv.reader(io.StringIO(self.ask("--format", "csv", "--by", ",".join(by))))
        assert head == [*by, *SUMS]
        return body

    def json(self, by):
        return json.loads(self.ask("--format", "json", *(["--by", ",".join(by)] if by else [])))

    def words(self, *more):
        return f"seed {self.book.seed}: report {' '.join([*self.options, *more])}\n{self.book.rules.text}"



def total(lines):
    return tuple(map(sum, zip((0, 0, 0), *(line.cost for line in lines if line.cost))))


def owner(space):
    return space.split("/")[0]


# MARK: Adding up


class Group:
    def __init__(self, keys):
        self.keys, self.lines, self.before = keys, 0, None
        self.prices, self.seconds, self.cost, self.paid, self.unpriced = set(), None, None, 0, False

    def add(self, line):
        self.lines += 1
        self.prices.add(line.per_hour)
        self.seconds, self.cost = plus(self.seconds, line.seconds), plus(self.cost, line.cost)
        self.unpriced |= line.cost is None
        if line.per_hour and Fraction(line.per_hour) > 0:
            self.paid += line.seconds[1]

    @property
    def per_hour(self):
        return next(iter(self.prices)) if len(self.prices) == 1 else ""

    @property
    def estimate(self):
        return self.cost[1] if self.cost else 0


def shares(amounts, weights):
    """What the first, the first two, the first three and so on have together is rounded down."""
    if amounts is None:
        return [None] * len(weights)
    reached = [0, *itertools.accumulate(weights)]
    until = [[amount * weight // reached[-1] for amount in amounts] for weight in reached]
    return [tuple(b - a for a, b in zip(*two)) for two in itertools.pairwise(until)]


@cache
def week_of(day):
    year, week, _ = date.fromisoformat(day).isocalendar()
    return f"{year}-W{week:02}"


def parts(line, tags, by):
    """A line's keys, each with its part."""
    found = [([], line)]
    for dimension in by:
        kind, _, label = dimension.partition(":")
        shared = tags.split if label and label not in tags.labels else {}
        if shared:
            found = [
                ([*keys, name], part._replace(seconds=seconds, cost=cost))
                for keys, part in found
                for name, seconds, cost in zip(
                    shared, shares(part.seconds, shared.values()), shares(part.cost, shared.values()))
            ]
            continue
        key = {
            "space": line.space, "owner": owner(line.space), "hardware": line.hardware, "policy": tags.policy,
            "day": line.day, "week": week_of(line.day), "month": line.day[:7], "label": tags.labels.get(label),
        }[kind]
        found = [([*keys, key], part) for keys, part in found]
    return found


def grouped(report, by):
    """The groups in the order of the JSON."""
    by = tuple(by)
    if by not in report.groups:
        report.groups[by] = made_groups(report, by)
    return report.groups[by]


def made_groups(report, by):
    groups = {}

    def each(lines):
        for line in lines:
            for keys, part in parts(line, report.book.tags[line.space], by):
                yield groups.setdefault(tuple(keys), Group(tuple(keys))), part

    for group, part in each(report.lines):
        group.add(part)
    if report.is_compared and not TIMES & {*by}:
        for group, part in each(report.before):
            group.before = (group.before or 0) + (part.cost[1] if part.cost else 0)
        for group in groups.values():
            group.before = group.before or 0
    sums = Counter()
    for group in groups.values():
        sums[group.keys[0]] += group.estimate

    def place(dimension, key, cost):
        return (False, 0, key) if dimension in TIMES else (key is None, -cost, key or "")

    return sorted(groups.values(), key=lambda group: (
        place(by[0], group.keys[0], sums[group.keys[0]]), place(by[-1], group.keys[-1], group.estimate)))


@cache
def time_text(seconds):
    return minutes_text(Fraction(seconds, 60))


def as_row(group, by):
    guarded = [
        "'" + key if key and key[0] in "=+-@" and (dimension == "policy" or ":" in dimension) else key or ""
        for key, dimension in zip(group.keys, by)
    ]
    minutes = [time_text(time) for time in group.seconds or []] or [""] * 3
    return [*guarded, group.per_hour, *minutes, *(map(money, group.cost) if group.cost else [""] * 3)]


def as_json(group):
    def named(values, text):
        return dict(zip(["low", "estimate", "high"], map(text, values))) if values else None

    return {
        "keys": [*group.keys], "per_hour": group.per_hour or None, "has_unpriced": group.unpriced,
        "minutes": named(group.seconds, time_text), "cost": named(group.cost, money),
        "cost_before": None if group.before is None else money(group.before),
    }


def nano(text):
    whole, _, rest = (text or "0").partition(".")
    return int(whole + rest.ljust(9, "0"))


def summed(body):
    return tuple(sum(nano(row[column]) for row in body) for column in (-3, -2, -1))


@cache
def kept_book(seed, base):
    folder = base / f"book-{seed}"
    folder.mkdir()
    return Book(seed, folder)


@pytest.fixture
def book(tmp_path_factory, seed):
    return kept_book(seed, tmp_path_factory.getbasetemp())


def at_once(function, *lists):
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(function, *lists))


# MARK: Tests of random histories


@pytest.mark.parametrize("seed", SEEDS)
def test_csv_groups_are_the_lines_added_up(book, seed):
    for number, report in enumerate(book.made):
        # Of a month a quarter of all pairs, of the other ranges a few.
        pairs = PAIRS[seed % 4::4] if report.month else random.Random(seed + number).sample(PAIRS, 2)
        every = [(one,) for one in DIMENSIONS if report.month or (one,) in {by[:1] for by in pairs}] + pairs
        found = dict(zip(every, at_once(report.csv, every)))
        for by, body in found.items():
            groups = [group for group in grouped(report, by) if group.lines]
            groups.sort(key=lambda group: [key or "" for key in group.keys])
            # What only the time before has is not a row, or one without a number.
            theirs = [row for row in body if any(row[len(by):])]
            assert theirs == [as_row(group, by) for group in groups], report.words("--by", ",".join(by))
            assert summed(body) == report.total, report.words("--by", ",".join(by))
        # What two dimensions tell apart adds up to what the first alone tells.
        for by in pairs:
            sums = defaultdict(lambda: (0, 0, 0))
            for row in found[by]:
                if any(row[2:]):
                    sums[row[0]] = plus(sums[row[0]], summed([row]))
            alone = {row[0]: summed([row]) for row in found[by[:1]] if any(row[1:])}
            assert sums == alone, report.words("--by", ",".join(by))


@pytest.mark.parametrize("seed", SEEDS)
def test_json_groups_are_the_lines_added_up_and_compared(book, seed):
    for number, report in enumerate(book.made):
        # Over the seeds every pair comes up.
        pairs = PAIRS[seed * 3 + number::36]
        every = [(one,) for one in DIMENSIONS if report.month or ":" in one] + pairs
        for by, theirs in zip(every, at_once(report.json, every)):
            groups, words = grouped(report, by), report.words("--by", ",".join(by))
            assert theirs["by"] == [*by]
            for group, mine in zip(theirs["groups"], groups):
                if not mine.lines:
                    group |= dict.fromkeys(["per_hour", "minutes", "cost"])  # Known: see below.
            assert theirs["groups"] == [as_json(group) for group in groups], words
            cost, compared = theirs["cost"], theirs["compared_with"]
            assert tuple(map(nano, (cost["low"], cost["estimate"], cost["high"]))) == report.total, words
            assert (compared["from"], compared["until"]) == tuple(map(stamp, report.compared)), words
            assert (compared["cost"] is not None) == report.is_compared, words
            if report.is_compared:
                before = report.total_before
                assert [compared["cost"][name] for name in ("low", "estimate", "high")] == [*map(money, before)], words
                if not TIMES & {*by}:
                    assert sum(nano(group["cost_before"]) for group in theirs["groups"]) == before[1], words


@pytest.mark.parametrize("seed", SEEDS)
def test_shares_are_fair(book, seed):
    """Nobody pays a nano-dollar a line more or less than the weights say, and all pay all of it."""
    for report in book.made:
        for by in ("label:team", "label:site"):
            fair, lines = defaultdict(Fraction), Counter()
            for line in report.lines:
                tags = report.book.tags[line.space]
                label = tags.labels.get(by[6:])
                weights = tags.split if label is None and tags.split else {label: 1}
                for name, weight in weights.items():
                    fair[name] += Fraction((line.cost or (0, 0, 0))[1] * weight, sum(weights.values()))
                    lines[name] += len(weights) > 1
            for group in report.json([by])["groups"]:
                (name,), cost = group["keys"], nano((group["cost"] or {}).get("estimate"))
                assert abs(cost - fair[name]) <= lines[name], report.words("--by", by)


@pytest.mark.parametrize("seed", SEEDS)
def test_all_formats_have_the_same_total(book, seed):
    """Of UTC days, as FOCUS has them; and of the Spaces that have a label, by its tags."""
    start, end = (at // DAY * DAY for at in (book.ranges[0].start, book.ranges[0].end))
    report = Report(book, Range(["--from", stamp(start), "--until", stamp(end)], ZoneInfo("UTC"), start, end, None))
    total = report.total
    lines = list(csv.reader(io.StringIO(report.ask("--format", "csv"))))[1:]
    assert summed(lines) == total, report.words()
    theirs = report.json([])
    assert nano(theirs["cost"]["estimate"]) == total[1]
    assert sum(nano(space["cost"]["estimate"]) for space in theirs["spaces"]) == total[1]
    of_lines = [line["cost"] for space in theirs["spaces"] for line in space["lines"] if line["cost"]]
    assert tuple(sum(nano(cost[name]) for cost in of_lines) for name in ("low", "estimate", "high")) == total
    focus, tagged, ours = list(csv.DictReader(io.StringIO(report.ask("--format", "focus")))), Counter(), Counter()
    assert sum(nano(row["BilledCost"]) for row in focus) == total[1], report.words("--format", "focus")
    for row in focus:
        tagged[json.loads(row["Tags"] or "{}").get("spaceplan/team")] += nano(row["BilledCost"])
    for line in report.lines:
        ours[book.tags[line.space].labels.get("team")] += line.cost[1] if line.cost else 0
    assert +tagged == +ours, report.words("--format", "focus")


# MARK: What people are shown


def cents(amount):
    rounded = abs(round(Fraction(amount, 10**7)))
    text = "0.00" if not amount else f"{rounded // 100}.{rounded % 100:02}" if rounded else "<0.01"
    return "-" * (amount < 0) + text


def percent(part, whole):
    if whole <= 0 or not part:
        return "n/a" if whole <= 0 else "0 %"
    sign, tenths = "-" * (part < 0), round(Fraction(abs(part) * 1000, whole))
    if not tenths:
        return f"{sign}<0.1 %"
    if tenths < 100:
        return f"{sign}{tenths // 10}.{tenths % 10} %"
    return f"{sign}{round(Fraction(abs(part) * 100, whole))} %"


def changed(before, now):
    change = now - before
    text = "+" * (change > 0) + cents(change)
    if not round(Fraction(change, 10**7)):
        return text
    return f"{text} ({'from nothing' if not before else '+' * (change > 0) + percent(change, before)})"


def hours(seconds):
    tenths = round(Fraction(seconds, 360))
    return "<0.1" if seconds and not tenths else f"{tenths // 10}.{tenths % 10}"


def shown_row(groups, report):
    total = report.total
    low, cost, high = tuple(map(sum, zip((0, 0, 0), *(group.cost for group in groups if group.cost))))
    before = sum(group.before or 0 for group in groups)
    # What has no line in the range costs nothing: that is not a price which is missing.
    priced = any(group.cost or not group.lines for group in groups)
    star = "*" if len(groups) == 1 and groups[0].unpriced else ""
    return [
        hours(sum(group.paid for group in groups)), cents(cost) + star if priced else "not priced",
        cents(min(low, cost)), cents(max(high, cost)), percent(cost, total[1]), cents(before), changed(before, cost)]


def table_by(text):
    """The head and rows of the one table by groups: cells as people read them, without markup."""
    section = text.split("\n## Cost by ")[1]
    lines = [line for line in section.split("\n\n")[1].splitlines() if line.startswith("|")]
    head, _, *body = [[cell.strip() for cell in line[2:-2].split(" | ")] for line in lines]
    return head, body


def plain(cell):
    cell = cell.removeprefix("**").removesuffix("**").replace("\u2060", "")
    return cell[1:-1] if cell.startswith("`") else re.sub(r"\\(.)", r"\1", cell)


@pytest.mark.parametrize("seed", SEEDS)
def test_markdown_shows_the_same_rounded(book, seed):
    pick = random.Random(seed)
    for report in book.made:
        for by in [(pick.choice(DIMENSIONS),), *pick.sample(PAIRS, 2)]:
            check_table(report, by, pick.choice([None, 1, 2, 3, 5, 1000]))


def check_table(report, by, top):
    groups = grouped(report, by)
    more = ["--by", ",".join(by), *(["--top", f"{top}"] if top else [])]
    text, words = report.ask(*more), report.words(*more)
    total = report.total
    if not groups:
        assert "## Cost by" not in text, words
        return
    limit = top or (1_000_000 if TIMES & {*by} else 20)
    expected = []
    for group in groups[:limit]:
        none = ["(no policy)" if dimension == "policy" else "(no label)" for dimension in by]
        expected.append(([key or word for key, word in zip(group.keys, none)], [group]))
    blank, others = [""] * (len(by) - 1), groups[limit:]
    if others:
        expected.append(([f"{len(others)} other{'s' * (len(others) > 1)}", *blank], others))
    expected.append((["Total", *blank], groups))
    head, found = table_by(text)
    cost = head.index("cost, USD")
    for row, (_, some) in zip(found, expected):
        if not any(group.lines for group in some):
            row[cost] = row[cost].replace("not priced", "0.00")  # Known: see below.
    # Bounds are left out where all is certain, and the time before where it is not known.
    titles = ["paid hours", "cost, USD", "at least", "at most", "share"]
    assert [title for title in head[len(by):] if title in titles] in (titles, [*titles[:2], "share"]), words
    compared = report.is_compared and not TIMES & {*by}
    kept = [number for number, title in enumerate(titles) if title in head] + ([5, 6] if compared else [])
    assert len(head) == len(by) + len(kept), words
    costs = [total, *(group.cost for group in groups if group.cost)]
    certain = all(cents(min(cost)) == cents(max(cost)) for cost in costs)
    assert ("at least" not in head) == certain, words
    ours = []
    for names, some in expected:
        cells = shown_row(some, report)
        ours.append(names + [cells[number] for number in kept])
    assert [[*map(plain, row)] for row in found] == ours, words
    # The sentence and the small table above it say the same.
    assert f"**{cents(total[1])} USD**" in text, words
    summary = next(line for line in text.splitlines() if line.startswith("| cost, USD"))
    both = [cents(total[1]), *([cents(report.total_before[1])] if report.is_compared else [])]
    assert [cell.strip() for cell in summary.split("|")[2:2 + len(both)]] == both, words


@pytest.mark.parametrize("seed", SEEDS)
def test_the_usual_report_shows_the_dearest(book, seed):
    """Without `--by`: by Space, and how many others there are."""
    for report in book.made:
        top = random.Random(seed).choice([1, 3, 7])
        text = report.ask("--top", f"{top}")
        spaces = report.json([])["spaces"]
        free = [
            space for space in spaces
            if not space["has_unpriced"] and not any(map(nano, space["cost"].values()))
            and not sum(line.space == space["space"] and any(line.cost or ()) for line in report.before)]
        dear = sorted((space for space in spaces if space not in free), key=lambda space: (
            -nano(space["cost"]["estimate"]), space["space"]))
        if not dear:
            continue
        head, found = table_by(text)
        column, rest = head.index("cost, USD"), dear[top:]
        costs = [(space["space"], cents(nano(space["cost"]["estimate"]))) for space in dear[:top]]
        if rest:
            sums = sum(nano(space["cost"]["estimate"]) for space in rest)
            costs.append((f"{len(rest)} other{'s' * (len(rest) > 1)}", cents(sums)))
        costs += [(f"{len(free)} at no cost", "0.00")] if free else []
        costs.append(("Total", cents(report.total[1])))
        shown = [(plain(row[0]), plain(row[column]).rstrip("*").replace("not priced", "0.00")) for row in found]
        assert shown == costs, report.words("--top", f"{top}")


def test_histories_have_everything_in_them(tmp_path_factory):
    books = [kept_book(seed, tmp_path_factory.getbasetemp()) for seed in SEEDS]
    made = [report for book in books for report in book.made]
    assert len([report for report in made if report.is_compared]) > len(made) / 3
    assert any(report.running and report.is_compared for report in made)
    assert not all(report.is_compared for report in made)
    seen = Counter()
    for report in made:
        days = Counter(line[:3] for line in report.lines)
        seen["price changes"] += max(days.values(), default=0) > 1
        spaces = {line.space for line in report.lines if line.cost and line.cost[1]}
        seen["shared"] += any(report.book.tags[space].split for space in spaces)
        seen["granted"] += any(report.book.tags[line.space].granted for line in report.lines)
        seen["not priced"] += any(line.cost is None for line in report.lines)
        seen["storage"] += any(line.seconds is None for line in report.lines)
        seen["gone"] += any(not group.lines for group in grouped(report, ("space",)))
        seen["no policy"] += any(report.book.tags[space].policy is None for space in spaces)
        seen["name of a label shares"] += any(
            {*report.book.tags[space].split} & {*report.book.tags[other].labels.values()}
            for space in spaces for other in spaces)
    assert len(seen) == 8 and min(seen.values()) >= 5, seen
    for book in books[:2]:
        _, zone, start, end, _ = book.ranges[0]
        offsets = [datetime.fromtimestamp(at, zone).utcoffset() for at in range(start, end, DAY)]
        assert offsets[0] == offsets[-1] and len({*offsets}) == 2, "not both changes of the clock"


# MARK: By hand


HEAD = "observed_at space stage hardware requested_hardware sleep_time replicas storage".split()


def watched(folder, *lives):
    """Looks at Spaces on t4-medium (0.60 an hour), each (name, first day of 2026, day when it is gone)."""
    seen = []
    for name, first, gone in lives:
        start, end = instant(f"2026-{first}"), instant(f"2026-{gone}")
        state = ["RUNNING", "t4-medium", "t4-medium", "", "1", ""]
        seen += [[stamp(at), name, *state] for at in range(start, end, GAP)]
        seen.append([stamp(end), name, "GONE", "", "", "", "", ""])
    store(folder, seen, [])


def february(folder, *words):
    return spaceplan(folder, "report", "--month", "2026-02", "--now", "2026-03-05", "--database", "x.sqlite", *words)


def rules(folder, *policies):
    (folder / "schedules").mkdir()
    lines = ["version: 1", "policies:", *(f"  - {{ {policy} }}" for policy in policies)]
    (folder / "schedules" / "rules.yaml").write_text("\n".join(lines) + "\n")


LIVES = ("acme/old", "01-01", "01-20"), ("acme/new", "01-01", "03-02"), ("zoe/x", "01-01", "03-02")


@pytest.mark.parametrize("by", ["space", "policy", "label:team"])
def test_what_is_gone_costs_nothing_and_has_a_price(by, tmp_path):
    watched(tmp_path, *LIVES)
    rules(
        tmp_path, "name: acme/old, spaces: [acme/old], labels: { team: acme/old }",
        "name: acme, spaces: [acme/new], labels: { team: b }")
    _, found = table_by(february(tmp_path, "--by", by))
    assert next(row for row in found if plain(row[0]) == "acme/old")[2] == "0.00"


def test_what_has_no_line_has_no_row(tmp_path):
    watched(tmp_path, *LIVES)
    body = february(tmp_path, "--by", "space", "--format", "csv").splitlines()
    assert [row.split(",")[0] for row in body] == ["space", "acme/new", "zoe/x"]


def test_what_is_gone_costs_nothing_in_json(tmp_path):
    watched(tmp_path, *LIVES)
    theirs = json.loads(february(tmp_path, "--by", "space", "--format", "json"))
    gone = next(group for group in theirs["groups"] if group["keys"] == ["acme/old"])
    assert gone["cost"] == next(space["cost"] for space in theirs["spaces"] if space["space"] == "acme/old")


def test_shares_by_hand(tmp_path):
    # A day is 14.40: 28 lines. A third is 4.8, and of seven parts one is 2.057142857 and a little.
    watched(tmp_path, ("acme/a", "01-01", "03-02"), ("acme/b", "01-01", "03-02"))
    rules(
        tmp_path, "name: a, spaces: [acme/a], split: { x: 1, y: 2 }",
        "name: b, spaces: [acme/b], split: { y: 5, z: 2 }, labels: { site: here }",
        "name: c, spaces: [acme/c], labels: { team: x }")
    body = [row.split(",") for row in february(tmp_path, "--by", "label:team", "--format", "csv").splitlines()[1:]]
    costs = {row[0]: row[-2] for row in body}
    assert (costs["x"], sum(map(nano, costs.values()))) == ("134.400000000", 806_400_000_000)
    assert abs(nano(costs["z"]) - Fraction(403_200_000_000 * 2, 7)) < 28
    sites = [row.split(",") for row in february(tmp_path, "--by", "label:site", "--format", "csv").splitlines()[1:]]
    assert [(row[0], row[-2]) for row in sites] == [
        ("here", "403.200000000"), ("x", "134.400000000"), ("y", "268.800000000")]


def test_what_became_known_of_a_closed_month_is_shared_too(desk):  # noqa: F811
    """It is less than was thought: shares of a negative amount add up as well."""
    desk.rules("version: 1\npolicies:\n  - { name: all, spaces: ['acme/*'], split: { x: 1, y: 2, z: 4 } }\n"
               "  - { name: other, spaces: [acme/other], labels: { team: x, site: here } }\n")
    awake = ["acme/chat", "RUNNING", "t4-medium", "t4-medium", "", "1", ""]
    asleep = ["acme/chat", "SLEEPING", *awake[2:]]
    days = ["2026-01-01", "2026-01-20", "2026-02-01"]
    store(desk.folder, [[f"{day}T00:00:00Z", *awake] for day in days], [])
    desk.at("2026-02-02T00:00:00Z")
    desk("report", "--month", "2026-01", "--close", "--database", "x.sqlite")
    store(desk.folder, [[f"2026-01-{day}T00:00:01Z", *asleep] for day in ("05", "19")], [])
    of_month = ["report", "--month", "2026-02", "--database", "x.sqlite"]
    theirs = json.loads(desk(*of_month, "--format", "json"))
    cost = tuple(nano(theirs["cost"][name]) for name in ("low", "estimate", "high"))
    assert cost[1] < 0 and [row["month"] for row in theirs["adjustments"]] == ["2026-01"]
    for by in [*((one,) for one in DIMENSIONS), *PAIRS[::3]]:
        body = list(csv.reader(desk(*of_month, "--format", "csv", "--by", ",".join(by)).splitlines()))[1:]
        assert summed(body) == cost, by
        if by == ("label:team",):
            for row, part in zip(body, (1, 2, 4), strict=True):
                assert abs(nano(row[-2]) - Fraction(cost[1] * part, 7)) < 2


def test_the_only_label_needs_no_key(tmp_path):
    watched(tmp_path, *LIVES)
    rules(tmp_path, "name: acme, spaces: ['acme/*'], labels: { team: '=b' }")
    text = february(tmp_path, "--by", "label", "--format", "csv")
    assert text == february(tmp_path, "--by", "label:team", "--format", "csv")
    assert "\n'=b,0.600000000,40320," in text
    assert "\n=b,0.600000000,40320," in february(tmp_path, "--by", "label", "--format", "csv", "--raw")


def test_a_renamed_space_is_one_group_with_its_old_rules(desk, chat, hub):  # noqa: F811
    desk.rules("version: 1\npolicies:\n  - { name: talk, spaces: [acme/chat], labels: { team: search } }\n")
    desk.by_hand(MONDAY + "10:00:00Z", "t4-medium")
    for minute in range(0, 60, 10):
        if minute == 30:
            hub.rename("acme/chat", "acme/talk")
        desk.at(f"{MONDAY}10:{minute:02}:00Z")
        desk("observe")
    for by, name in (("space", "acme/talk"), ("policy", "talk"), ("label:team", "search")):
        body = [row.split(",") for row in desk("report", "--format", "csv", "--by", by).splitlines()]
        assert body[0][0] == by and [row[0] for row in body[1:]] == [name]
        assert sum(map(nano, (row[-2] for row in body[1:]))) > 0
