"""`report --format csv` of random histories against a second calculator, to the nano-dollar and minute."""

import csv
import io
import os
import random
import subprocess
from datetime import datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from calculator import COLUMNS, Days, Look, PriceList, instant, pieces, rows

SEEDS = range(40)
DAY = 86_400
PUBLISHED = (Path(__file__).parents[2] / "pricing" / "huggingface.yaml").read_text()
PUBLISHED_PRICES = PriceList(PUBLISHED)
# Around these the prices, the billing rule or the clocks change; one is a leap day.
DATES = """2023-02-10 2023-06-22 2023-11-03 2023-11-23 2024-02-29 2024-03-31 2024-04-04 2024-04-07
2024-04-26 2024-07-08 2024-09-12 2024-10-06 2024-11-03 2024-12-02 2025-03-30 2025-10-13 2025-10-26
2025-11-24 2026-01-16 2026-03-20 2026-04-08""".split()
# Lord Howe moves its clocks by half an hour; in Cairo, Havana and Santiago they change at midnight.
ZONES = """UTC Europe/Paris America/New_York Asia/Kolkata Australia/Lord_Howe Africa/Cairo America/Havana
America/Santiago Pacific/Kiritimati""".split()
STAGES = ["RUNNING"] * 6 + """RUNNING_BUILDING RUNNING_APP_STARTING APP_STARTING APP_STARTING BUILDING
SLEEPING SLEEPING PAUSED STOPPED RUNTIME_ERROR BUILD_ERROR CONFIG_ERROR NO_APP_FILE DELETING NEVER_SEEN
GONE GONE""".split()
# The last two have no price.
HARDWARE = """cpu-basic cpu-upgrade zero-a10g t4-small t4-medium l4x1 l40sx1 a10g-small a10g-large
a10g-largex2 a100-large a100x4 h100 v5e-1x1 sprx8 unknown-x9""".split()
LOOK_COLUMNS = "observed_at space stage hardware requested_hardware sleep_time replicas storage"
OUTCOMES = ["done", "unknown", "", "refused", "failed", "not-sent"]
ACTIONS = [
    ("hardware", "cpu-basic", "t4-small"), ("sleep", "3600", "-1"), ("pause", "", ""), ("restart", "", ""),
    ("replicas", "1", "2"),
]


def stamp(at):
    return datetime.fromtimestamp(at, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def spaceplan(folder, *arguments):
    environment = {"PATH": os.environ["PATH"], "HOME": "/nowhere"}
    result = subprocess.run(
        [os.environ["SPACEPLAN"], *arguments], cwd=folder, env=environment, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    return result.stdout


def report(folder, *options):
    text = spaceplan(folder, "report", *options, "--format", "csv", "--database", "x.sqlite")
    head, *body = csv.reader(io.StringIO(text))
    assert head == COLUMNS
    return body


def store(folder, looks, actions):
    for file, head, body in (
        ("looks.csv", LOOK_COLUMNS, looks), ("actions.csv", "at space kind from to outcome reason", actions),
    ):
        with open(folder / file, "w", newline="") as out:
            csv.writer(out, lineterminator="\n").writerows([head.split(), *body])
    files = ["--observations", "looks.csv", "--actions", "actions.csv"]
    spaceplan(folder, "import", "history", *files, "--database", "x.sqlite")


# MARK: Histories


def steps(pick):
    """How long until the next look: often enough, at the very limit of what counts as watched, or neither."""
    regular = pick.choice([60, 300, 600, 899, 900, 901, 3600])
    style = pick.choice(["regular", "irregular", "rare", "mixed", "mixed"])
    while True:
        kind = pick.choice(["regular", "irregular", "rare"]) if style == "mixed" else style
        # Nobody looks for a while, now and then, whatever the style.
        if kind == "rare" or pick.random() < 0.03:
            yield pick.randrange(600, pick.choice([2, 12, 72]) * 3600)
        else:
            irregular = pick.choice([1, 2, 59, 61, *[pick.randrange(1, 1800)] * 4])
            yield regular if kind == "regular" else irregular


def changed(pick, look):
    stage, kind, requested, sleep, replicas, storage = look[1:]
    if stage == "GONE" or pick.random() < 0.6:
        stage = pick.choice(STAGES)
    if pick.random() < 0.4:
        kind = pick.choice([*HARDWARE, ""])
        requested = pick.choice([kind, kind, *HARDWARE, ""])
    if pick.random() < 0.2:
        sleep = pick.choice(["", "-1", "300", "3600"])
    if not replicas or pick.random() < 0.2:
        replicas = pick.choice(["0", "1", "1", "2", "3"])
    if pick.random() < 0.1:
        storage = pick.choice(["", "small", "medium", "large", "gigantic"])
    if stage == "GONE":
        return Look(look.at, "GONE", "", "", "", "", "")
    return Look(look.at, stage, kind, requested, sleep, replicas, storage)


def one_space(pick, start, end):
    """Its looks, and its actions as (second, kind, from, to, outcome)."""
    at, pace, stability = pick.randrange(start, end), steps(pick), pick.choice([0.3, 0.7, 0.95])
    look = changed(pick, Look(at, "GONE", "", "", "", "", ""))
    looks, actions = [look], set()
    for step in pace:
        if at + step >= end or len(looks) == 90:
            return looks, sorted(actions)
        for _ in range(pick.choice([0, 0, 0, 1, 2])):
            # At the second of a look too, which belongs to the time after it.
            sent = pick.choice([at, at + step, at + pick.randrange(step)])
            actions.add((sent, *pick.choice(ACTIONS), pick.choice(OUTCOMES)))
        at += step
        look = look._replace(at=at)
        look = look if pick.random() < stability else changed(pick, look)
        looks.append(look)


def odd_prices(pick, start, end):
    """Prices, storage and billing rules that change at odd instants, several of them on one day."""
    def dates():
        first = [start - 40 * DAY] if pick.random() < 0.8 else []
        middle = pick.randrange(start, end)
        return [*first, middle, *(middle + pick.randrange(1, DAY) for _ in range(pick.randrange(3)))]

    def prices(key, most):
        entries = [
            f"{{ from: {stamp(at)}, {key}: {pick.randrange(most)}.{pick.randrange(1, 10**9):09} }}"
            for at in dates()
        ]
        # A correction wins over what it corrects.
        late = entries[-1].split(",")[0]
        corrected = [f"{late}, learned: 2023-01-05, {key}: {pick.randrange(most)}.123456789 }}"]
        corrected = corrected if pick.random() < 0.5 else []
        return f"{{ prices: [{', '.join(corrected + entries)}] }}"

    some = ", ".join(pick.sample(sorted({*STAGES} - {"GONE", "RUNNING"}), 4))
    rules = [f"RUNNING, {some}", "APP_STARTING", "RUNNING, SLEEPING"]
    lines = ["version: 1", "currency: USD", "billing:", f"  rounding: {pick.choice(['up', 'exact'])}"]
    lines += ["  stages:"]
    changes = sorted({*dates()})
    lines += [f"    - {{ from: {stamp(at)}, billable: [{pick.choice(rules)}] }}" for at in changes]
    lines += ["hardware:", *(f"  {kind}: {prices('per_hour', 20)}" for kind in HARDWARE[:-2])]
    lines += ["storage:", *(f"  {name}: {prices('per_month', 100)}" for name in ("small", "medium", "large"))]
    return "\n".join(lines) + "\n"


class History:
    """A folder with a database, and the options of a few reports of it."""

    def __init__(self, seed, folder):
        self.folder, pick = folder, random.Random(seed)
        anchor = instant(DATES[seed % len(DATES)])
        start = anchor - pick.choice([1, 3, 20, 40]) * DAY
        end = anchor + pick.choice([1, 3, 20, 40]) * DAY
        names = ["acme/chat", "acme/Chat", "acme-2/a.b", "acme/c_d", "Big-Org/x", "1000/x"]
        names += [f"zoe/space-{number}" for number in range(pick.randrange(4, 35))]
        self.looks, self.actions = {}, {}
        for name in names:
            self.looks[name], self.actions[name] = one_space(pick, start, end)
        self.prices, self.options = PUBLISHED_PRICES, []  # The table that is built into the program.
        if seed % 4 in (1, 2):
            exact = PUBLISHED.replace("rounding: up", "rounding: exact")
            text = exact if seed % 4 == 1 else odd_prices(pick, start, end)
            (folder / "prices").mkdir()
            (folder / "prices" / "prices.yaml").write_text(text)
            self.prices, self.options = PriceList(text), ["--pricing", "prices"]
        seen = sorted(look.at for looks in self.looks.values() for look in looks)
        later = pick.choice([0, 1, 899, 900, 901, pick.randrange(DAY), pick.randrange(40 * DAY)])
        self.now = seen[-1] + later
        self.ranges = [self.month(pick, seen), pick.choice([self.dates, self.instants])(pick, seen)]
        seen = [[stamp(look.at), name, *look[1:]] for name, looks in self.looks.items() for look in looks]
        sent = [[stamp(at), name, *rest, "why"] for name, some in self.actions.items() for at, *rest in some]
        # The order of rows in a file means nothing.
        pick.shuffle(seen)
        pick.shuffle(sent)
        store(folder, seen, sent)

    # Each range: its options, its zone, its first instant and the one that ends it. Somebody looked in it.

    def month(self, pick, seen):
        zone = ZoneInfo(pick.choice(ZONES))
        first = datetime.fromtimestamp(pick.choice(seen), zone).date().replace(day=1)
        after = (first + timedelta(days=31)).replace(day=1)
        return ["--month", f"{first:%Y-%m}"], zone, midnight(first, zone), midnight(after, zone)

    def dates(self, pick, seen):
        zone = ZoneInfo(pick.choice(ZONES))
        day = datetime.fromtimestamp(pick.choice(seen), zone).date()
        first = day - timedelta(days=pick.randrange(9))
        after = day + timedelta(days=pick.randrange(1, 60))
        options = ["--from", f"{first}", "--until", f"{after}"]
        return options, zone, midnight(first, zone), midnight(after, zone)

    def instants(self, pick, seen):
        at = pick.choice(seen)
        first, after = at - pick.randrange(3 * DAY), at + pick.randrange(1, 30 * DAY)
        zone = ZoneInfo(pick.choice(ZONES))
        return ["--from", stamp(first), "--until", stamp(after)], zone, first, after

    def compared(self, gap):
        """The options of each report, its rows and ours."""
        table = {}
        for name, looks in self.looks.items():
            sent = [at for at, *_, outcome in self.actions[name] if outcome in ("done", "unknown", "")]
            table[name] = list(pieces(looks, sent, self.prices, self.now, gap))
        for options, zone, first, after in self.ranges:
            options = [*options, "--zone", zone.key, "--now", stamp(self.now), *self.options]
            options += ["--watched-gap", f"{gap}s"] if gap != 900 else []
            ours = list(rows(table, self.prices, Days(zone, first, after)))
            yield options, report(self.folder, *options), ours


def midnight(date, zone):
    return int(datetime(date.year, date.month, date.day, tzinfo=zone).timestamp())


# MARK: Tests


@pytest.mark.parametrize("seed", SEEDS)
def test_every_row_is_what_the_rules_say(seed, tmp_path):
    history = History(seed, tmp_path)
    for options, theirs, ours in history.compared(gap=[900, 900, 900, 300, 3600][seed % 5]):
        words = f"report {' '.join(options)}"
        program, calculator = {*map(tuple, theirs)}, {*map(tuple, ours)}
        alone = sorted(program - calculator), sorted(calculator - program)
        assert alone == ([], []), f"{words}: rows of the program alone, and of the calculator alone"
        assert theirs == ours, f"{words}: the same rows, but in another order"


@pytest.mark.parametrize(
    "looks, sent, minutes",
    [
        ("01:50:00 RUNNING, 02:00:00 RUNNING", "", "10 10 10"),
        ("01:00:00 RUNNING, 02:00:00 RUNNING", "", "0 60 60"),
        ("01:00:00 SLEEPING, 02:00:00 SLEEPING", "", "0 0 60"),
        ("01:50:00 RUNNING, 02:00:00 SLEEPING", "01:54:00", "4 4 4"),
        ("01:00:00 RUNNING, 02:00:00 SLEEPING", "01:15:00", "0 15 60"),
        ("01:50:00 RUNNING, 02:00:00 SLEEPING", "", "0 5 10"),
        ("01:00:00 RUNNING, 02:00:00 SLEEPING", "", "0 30 60"),
        ("01:00:00 RUNNING", "", "15 15 60"),
        ("01:50:00 RUNNING, 02:00:00 GONE", "", "0 5 10"),
        ("00:50:00 RUNNING, 01:00:00 GONE, 02:00:00 SLEEPING", "", "0 5 70"),
        ("01:50:59 RUNNING, 02:00:00 RUNNING", "", "10 10 10"),
    ],
)
def test_the_calculator_and_the_program_are_right_by_hand(looks, sent, minutes, tmp_path):
    # A t4-medium costs a cent a minute; now is 02:00.
    seen = []
    for look in looks.split(", "):
        at, stage = look.split()
        state = [stage, "t4-medium", "t4-medium", "3600", "1", ""] if stage != "GONE" else [stage, *[""] * 5]
        seen.append([f"2026-02-03T{at}Z", "acme/chat", *state])
    actions = [[f"2026-02-03T{sent}Z", "acme/chat", "sleep", "", "3600", "done", ""]] if sent else []
    costs = [f"{int(count) / 100:.9f}" for count in minutes.split()]
    expected = [["acme/chat", "2026-02-03", "t4-medium", "0.600000000", *minutes.split(), *costs]]
    now = instant("2026-02-03T02:00:00Z")
    known = [Look(instant(at), *state) for at, _, *state in seen]
    table = list(pieces(known, [instant(row[0]) for row in actions], PUBLISHED_PRICES, now, 900))
    days = Days(timezone.utc, instant("2026-02-01"), instant("2026-03-01"))
    assert list(rows({"acme/chat": table}, PUBLISHED_PRICES, days)) == expected
    store(tmp_path, seen, actions)
    assert report(tmp_path, "--month", "2026-02", "--now", stamp(now)) == expected
