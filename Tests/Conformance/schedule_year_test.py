"""What Spaces should be at every minute of a year, by a plain program and by spaceplan.

The plain program paints minutes: the default, over it each boundary's settings up to the next one, over these
the events of the calendar, the exceptions and the holds. It shares no line with spaceplan. The year has both
clock changes of five zones, among them gaps at midnight and one of half an hour.
"""

import json
import random
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta, timezone

import icalendar
import pytest
import yaml
from dateutil.rrule import rrulestr

from desk import Desk
from plain_cron import Expression
from second_hub import SecondHub
from wall_clock import DAY, MINUTE, changes, first, stamp

SEED = 20271
START, DAYS = datetime(2027, 1, 1, tzinfo=timezone.utc), 366
MINUTES = DAYS * 24 * 60
# Rules that last fired longer ago would go unseen, so each policy must have a rule that fires more often.
LOOKBACK = 35
KEYS = ["hardware", "sleep", "state", "replicas"]
ZONES = ["Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Asia/Beirut", "America/Santiago"]

RULES = """version: 1
zone: Europe/Paris
templates:
  - name: lecture
    rules:
      - { name: bell, cron: "0 10 * * TUE,THU", set: { hardware: t4-small, sleep: 15m }, ready: 10m }
      - { name: break, cron: "0 12 * * TUE,THU", set: { hardware: cpu-basic } }
policies:
  - name: changes of the clock
    spaces: [acme/changes]
    default: { hardware: cpu-basic, sleep: 1h }
    rules:
      # In the gap both fire at 03:00, where the later by the clock wins, although it stands first.
      - { name: half past, cron: "30 2 * * *", set: { hardware: t4-small } }
      - { name: two, cron: "0 2 * * *", set: { hardware: t4-medium, sleep: 30m } }
      - { name: quarters, cron: "*/15 4 * * SUN", set: { hardware: l4x1, replicas: 2 } }
      - { name: noon, cron: "0 12 * * *", set: { hardware: a10g-small, sleep: never } }
      - { name: noon again, cron: "0 12 * * SUN", set: { hardware: a10g-large } }
      - { name: night, cron: "@daily", set: {} }

  - name: exceptions
    spaces: [acme/exceptions, acme/held]
    zone: America/New_York
    default: { hardware: cpu-basic, sleep: 2h, replicas: 1, state: running }
    calendar: holidays.ics
    rules:
      - { name: opening, cron: "0 9 * * MON-FRI", set: { hardware: [a10g-small, t4-medium], sleep: 30m } }
      - { name: closing, cron: "0 17 * * MON-FRI", set: { replicas: 2 } }
      - { name: weekend, cron: "30 1 * * SAT,SUN", set: { state: paused } }
      - { name: inventory, cron: "0 10 L * *", set: { hardware: t4-small } }
    exceptions:
      - { name: launch, from: 2027-03-13T09:00, until: 2027-03-16, set: { hardware: a100-large } }
      - { name: quiet, from: 2027-03-14T02:30, until: 2027-03-14T12:00, set: { sleep: never, replicas: 3 } }
      - { name: repeated hour, from: 2027-11-07T01:30, until: 2027-11-07T03:00, set: { hardware: l4x1 } }
      - { name: days, days: [12-25, 2027-07-04, 02-29, 2027-11-07], set: { hardware: t4-medium } }
      - { name: offsets, from: 2027-05-01T00:00:00Z, until: "2027-05-01T06:00:00+02:00", set: { sleep: 5m } }
      - { name: shows, calendar: shows.ics, set: { hardware: l40sx1, state: running } }

  - name: every second week
    spaces: [acme/fortnight]
    zone: Australia/Lord_Howe
    default: { hardware: cpu-basic }
    rules:
      - name: weekend
        cron: "15 2 * * SAT,SUN"
        every: 2w
        starting: 2027-01-06
        set: { hardware: t4-small, sleep: 30m }
      - name: third
        cron: "0 6 * * TUE"
        every: 3w
        # A Saturday. The Tuesday of its week is left out by `from`; three weeks after that is the first.
        starting: 2027-02-13
        from: 2027-02-13
        set: { hardware: l4x1, sleep: never }
      - { name: evening, cron: "45 1,21 * * *", set: { hardware: cpu-basic } }

  - name: seasons
    spaces: [acme/seasons]
    zone: America/Santiago
    default: { hardware: t4-medium, sleep: 1h }
    rules:
      - { name: summer, cron: "0 0 * * *", from: 2027-04-04, until: 2027-09-05, set: { hardware: l4x1 } }
      - name: autumn
        cron: "30 0,12 * * *"
        from: 2027-09-05
        until: 2027-11-01T00:30
        set: { hardware: t4-small }
      - name: a day
        cron: "0 * * * *"
        from: 2027-12-01T07:00
        until: 2027-12-02T12:30
        set: { state: paused }
      # Something fires wherever a rule's validity ends.
      - { name: start of a month, cron: "30 0,12 1,2 * *", set: { replicas: 2 } }
    exceptions:
      - { name: a day that begins late, days: [09-05, 2027-04-03], set: { sleep: never } }

  - name: midnight
    spaces: [acme/midnight]
    zone: Asia/Beirut
    default: { hardware: cpu-basic, sleep: 1h }
    rules:
      - { name: sunday, cron: "0 0 * * SUN", set: { hardware: t4-small } }
      - { name: hours, cron: "30 */6 * * 1-5", set: { hardware: t4-medium } }
      - { name: first weekday, cron: "0 23 1W,LW * *", set: { hardware: l4x1, replicas: 2 } }
      - { name: second friday, cron: "0 20 * * FRI#2", set: { state: paused } }

  - name: helpdesk
    spaces: [acme/helpdesk]
    default: { hardware: t4-medium, sleep: 30m }
    templates: office-hours
    rules:
      - { name: closing, cron: "30 17 * * MON-FRI" }
      - { name: cleaning, cron: "0 3 * * SUN", set: { state: paused } }

  - name: gallery
    spaces: [acme/gallery]
    zone: America/New_York
    default: { hardware: t4-small, sleep: 15m }
    templates: [nights-off, weekend-off]
    rules:
      - { name: morning, cron: "0 7 * * MON-FRI" }

  - name: course
    spaces: [acme/course]
    default: { hardware: cpu-basic }
    templates: lecture
"""

# What the built-in templates are, by the comments of schedules/templates.yaml.
TEMPLATES = """
- name: office-hours
  rules:
    - { name: opening, cron: "0 8 * * MON-FRI", set: {} }
    - { name: closing, cron: "0 18 * * MON-FRI", set: { hardware: cpu-basic } }
- name: nights-off
  rules:
    - { name: morning, cron: "0 7 * * *", set: {} }
    - { name: evening, cron: "0 20 * * *", set: { hardware: cpu-basic } }
- name: weekend-off
  rules:
    - { name: friday, cron: "0 20 * * FRI", set: { hardware: cpu-basic } }
    - { name: monday, cron: "0 7 * * MON", set: {} }
"""


def calendar(*events):
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//acme//days//EN"]
    for number, event in enumerate(events):
        lines += ["BEGIN:VEVENT", f"UID:{number}@acme.example", "DTSTAMP:20261101T000000Z", "SUMMARY:Days"]
        lines += event.split() + ["END:VEVENT"]
    return "\r\n".join(lines + ["END:VCALENDAR", ""])


CALENDARS = {
    "holidays.ics": calendar(
        "DTSTART;VALUE=DATE:20260101 RRULE:FREQ=YEARLY",
        "DTSTART;VALUE=DATE:20261126 RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH",
        "DTSTART;VALUE=DATE:20270313 DTEND;VALUE=DATE:20270316",
        "DTSTART;TZID=America/New_York:20270511T090000 DTEND;TZID=America/New_York:20270512T170000",
        "DTSTART:20270801T103000Z DURATION:PT36H",
    ),
    "shows.ics": calendar(
        "DTSTART;TZID=Europe/Paris:20270201T200000 DURATION:PT3H "
        "RRULE:FREQ=WEEKLY;BYDAY=MO,FR;UNTIL=20270501T000000Z",
        "DTSTART;TZID=America/New_York:20270106T100000 DTEND;TZID=America/New_York:20270106T113000 "
        "RRULE:FREQ=MONTHLY;BYDAY=1WE;COUNT=10 EXDATE;TZID=America/New_York:20270602T100000",
        "DTSTART;VALUE=DATE:20271031 DTEND;VALUE=DATE:20271109",
    ),
}
# Set at START: the Space, the options, what they name, and until when.
HOLDS = [
    ("acme/held", "--hardware l4x4 --sleep 45m", {"hardware": "l4x4", "sleep": "45m"}, "2027-03-14T02:15"),
    ("acme/held", "--sleep 3h --replicas 4", {"sleep": "3h", "replicas": "4"}, "2027-02-01"),
    ("acme/midnight", "--pause", {"state": "paused"}, "2027-03-28"),
]


# MARK: Random rules


def random_policies(seed):
    pick = random.Random(seed)

    def settings():
        values = {
            "hardware": ["cpu-basic", "t4-small", "l4x1", "a10g-small"], "sleep": ["30m", "2h", "never"],
            "state": ["running", "paused"], "replicas": ["1", "2", "3"],
        }
        named = [key for key in KEYS if pick.random() < {"hardware": 0.8, "state": 0.15}.get(key, 0.4)]
        return {key: pick.choice(values[key]) for key in named}

    def day():
        # Often one of those at which clocks change.
        usual = date(2027, 1, 1) + timedelta(days=pick.randrange(365))
        return pick.choice([usual, *(pick.choice(changes(zone, 2027, 2027)).date() for zone in ZONES)])

    def rule(number):
        minute = pick.choice(["0", "30", "15", "1", "*/30", "45"])
        hour = pick.choice(["0", "1", "2", "3", "2,14", "0-3", "*/8", "23", "8", "19"])
        days = pick.choice(["* * *"] * 2 + [
            "1,15 * MON", "* * SUN", "* * MON-FRI", "L * *", "*/2 * SAT,SUN", "* * FRIL", "15W * *",
        ])
        text = {"name": f"r{number}", "cron": f"{minute} {hour} {days}", "set": settings()}
        if pick.random() < 0.2:
            start = day().replace(month=1)
            text |= {"every": pick.choice(["2w", "3w"]), "starting": str(start - start.weekday() * DAY)}
        elif pick.random() < 0.4:
            # Some other rule fires where this one's validity ends.
            text |= {"from": f"{day()}T02:30"} if pick.random() < 0.5 else {"until": f"{day()}T05:20"}
        return text

    def exception(number):
        text = {"name": f"x{number}", "set": settings() or {"sleep": "1h"}}
        if pick.random() < 0.5:
            return text | {"days": [pick.choice([str(day()), f"{day():%m-%d}"]) for _ in range(2)]}
        begin = day()
        end = begin + timedelta(days=pick.randint(1, 20))
        hours = f"{pick.randrange(24):02}", f"{pick.randrange(24):02}"
        return text | {"from": f"{begin}T{hours[0]}:30", "until": f"{end}T{hours[1]}:15"}

    for number, zone in enumerate(ZONES):
        fires = {"name": "often", "cron": "20 5 * * *", "set": settings()}
        yield {
            "name": f"random {number}", "spaces": [f"acme/random-{number}"], "zone": zone,
            "default": settings(), "rules": [fires, *map(rule, range(pick.randint(2, 5)))],
            "exceptions": [exception(number) for number in range(pick.randint(1, 4))],
        }


# MARK: The plain program


def minute_of(instant):
    seconds = (instant - START).total_seconds()
    assert seconds % 60 == 0
    return int(seconds) // 60


def moment(text, zone):
    """A date or an instant, in the zone if it names none."""
    value = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return value if value.tzinfo else first(zone, value)


def whole_day(day, zone):
    midnight = datetime(day.year, day.month, day.day)
    return first(zone, midnight), first(zone, midnight + DAY)


def events(text, zone):
    """From and until of each event of an iCalendar file; dates are the policy's zone's days."""
    def instant(value, name):
        return value.replace(tzinfo=timezone.utc) if name == "UTC" else first(name, value)

    for event in icalendar.Calendar.from_ical(text).walk("VEVENT"):
        begin = event.decoded("DTSTART")
        if type(begin) is date:
            name = zone
            length = event.decoded("DTEND", begin + DAY) - begin
            begin = datetime(begin.year, begin.month, begin.day)
        else:
            name = event["DTSTART"].params.get("TZID", "UTC")
            length = event.decoded("DURATION") if "DURATION" in event else event.decoded("DTEND") - begin
            begin = begin.replace(tzinfo=None)
        starts = [begin]
        if "RRULE" in event:
            # UNTIL is in UTC, but dateutil wants it without zone; no event is so near that it matters.
            rule = event["RRULE"].to_ical().decode().replace("Z", "")
            starts = rrulestr(rule, dtstart=begin).between(begin, datetime(2028, 2, 1), inc=True)
        gone = event.get("EXDATE")
        removed = [value.dt.replace(tzinfo=None) for value in gone.dts] if gone else []
        for start in starts:
            if start not in removed:
                # Days are days of the clock.
                yield instant(start, name), instant(start + length, name)


def listed(value):
    return value if isinstance(value, list) else [value]


class Policy:
    def __init__(self, text, zone, templates):
        self.zone, self.spaces = text.get("zone", zone), text["spaces"]
        self.default, self.exceptions = text.get("default") or {}, text.get("exceptions", [])
        self.calendar = text.get("calendar")
        rules = [dict(rule) for name in listed(text.get("templates", [])) for rule in templates[name]]
        for rule in text.get("rules", []):
            same = [known for known in rules if known["name"] == rule["name"]]
            same[0].update(rule) if same else rules.append(rule)
        self.rules = [(Expression(rule["cron"]), rule) for rule in rules]
        self.boundaries = []

    def collect(self, day):
        """Adds the firings of a date of the zone's clock."""
        for place, (expression, rule) in enumerate(self.rules):
            if not expression.matches(day) or not is_week_of(rule, day):
                continue
            for due, by_clock in expression.on(self.zone, day):
                if "from" in rule and due < moment(rule["from"], self.zone):
                    continue
                if "until" in rule and due >= moment(rule["until"], self.zone):
                    continue
                early = int(rule.get("ready", "0m").removesuffix("m"))
                self.boundaries.append((minute_of(due) - early, by_clock, place, rule["set"]))

    def exception_times(self, exception):
        if "from" in exception:
            yield moment(exception["from"], self.zone), moment(exception["until"], self.zone)
        for day in listed(exception.get("days", [])):
            for year in [2026, 2027, 2028]:
                text = day if len(day) > 5 else f"{year}-{day}"
                if text.startswith(str(year)) and not (text.endswith("02-29") and year % 4):
                    yield whole_day(date.fromisoformat(text), self.zone)
        if "calendar" in exception:
            yield from events(CALENDARS[exception["calendar"]], self.zone)

    def paint(self, space):
        """The settings of each minute, as text."""
        painted = [self.default] * MINUTES
        ordered = sorted(self.boundaries, key=lambda boundary: boundary[:3])
        seen_before = [minute for minute, *_ in ordered if minute <= 0]
        assert seen_before or all("from" in rule for _, rule in self.rules), "the lookback is too short"
        ends = [minute for minute, *_ in ordered[1:]] + [MINUTES]
        for (minute, _, _, settings), end in zip(ordered, ends):
            fill(painted, minute, end, lambda _: {**self.default, **settings})
        # A calendar is a layer below the exceptions; of these the later in the file wins, key by key.
        if self.calendar:
            for begin, end in events(CALENDARS[self.calendar], self.zone):
                fill(painted, minute_of(begin), minute_of(end), lambda below: {**below, **self.default})
        for exception in self.exceptions:
            for begin, end in self.exception_times(exception):
                fill(painted, minute_of(begin), minute_of(end), lambda below: {**below, **exception["set"]})
        for held, _, settings, until in HOLDS:
            if held == space:
                end = minute_of(moment(until, self.zone))
                fill(painted, 0, end, lambda below: {**below, **settings})
        fill(painted, 0, MINUTES, plain)
        return painted


def fill(painted, begin, end, change):
    below = above = None
    for minute in range(max(begin, 0), min(end, MINUTES)):
        if painted[minute] is not below:
            below = painted[minute]
            above = change(below)
        painted[minute] = above


def is_week_of(rule, day):
    """Each n-th week from Monday to Sunday, the first being that of `starting`."""
    if "every" not in rule:
        return True
    starting = date.fromisoformat(rule["starting"])
    weeks = (day - (starting - starting.weekday() * DAY)).days // 7
    return weeks >= 0 and weeks % int(rule["every"].removesuffix("w")) == 0


def plain(settings):
    """The four keys as text, as the program writes them."""
    values = [settings.get(key) for key in KEYS]
    return tuple(f"[{', '.join(value)}]" if isinstance(value, list) else value for value in values)


# MARK: Both, compared


def ask(desk, *words):
    process = desk.start(*words, "--format", "json")
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    return json.loads(out)


class Year:
    def __init__(self, folder, hub):
        self.desk = Desk(folder, hub)
        self.desk.at(stamp(START))
        generated = list(random_policies(SEED))
        self.desk.rules(RULES)
        self.desk.rules(json.dumps({"version": 1, "policies": generated}), "random.yaml")
        for name, text in CALENDARS.items():
            self.desk.rules(text, name)

        # Everything is text for this loader, dates too.
        file = yaml.load(RULES, yaml.BaseLoader)
        templates = {
            template["name"]: template["rules"]
            for template in yaml.load(TEMPLATES, yaml.BaseLoader) + file["templates"]
        }
        policies = [Policy(text, file["zone"], templates) for text in file["policies"]]
        policies += [Policy(text, "UTC", templates) for text in generated]
        self.policies = {space: policy for policy in policies for space in policy.spaces}
        for space in self.policies:
            hub.add(space)
        self.desk("check", "--offline")
        self.desk("observe")
        for space, options, _, until in HOLDS:
            self.desk("hold", space, *options.split(), "--until", until)
        for day in range(-LOOKBACK, DAYS + 2):
            for policy in policies:
                policy.collect(START.date() + day * DAY)
        self.painted = {space: policy.paint(space) for space, policy in self.policies.items()}

    def ask(self, *words):
        return ask(self.desk, *words)


@pytest.fixture(scope="module")
def year(tmp_path_factory):
    hub = SecondHub()
    yield Year(tmp_path_factory.mktemp("year"), hub)
    hub.stop()


def steps(rows, now):
    """For a Space's rows, and what holds before them: what holds from the minute of each boundary on."""
    found, before = {}, now
    for row in rows:
        at = minute_of(datetime.fromisoformat(row["at"].replace("Z", "+00:00")))
        after = tuple(row["settings"][key] for key in KEYS)
        if at not in found:
            before, now = now, after
        # Rows of one instant say the same.
        assert found.setdefault(at, after) == after, row
        for key, change in row["changes"].items():
            assert change == {"before": before[KEYS.index(key)], "after": row["settings"][key]}, row
    return found


@pytest.mark.parametrize("seed", [SEED])
def test_next_says_what_holds_at_every_minute_of_the_year(year, seed):
    rows, wrong = year.ask("next", "--days", str(DAYS)), []
    assert rows == sorted(rows, key=lambda row: row["at"])
    for space in year.policies:
        now = decided(year.ask("explain", space, "--at", stamp(START)))
        found = steps([row for row in rows if space in row["spaces"]], now)
        for minute in range(MINUTES):
            now = found.get(minute, now)
            if now != year.painted[space][minute]:
                at, wanted = stamp(START + minute * MINUTE), year.painted[space][minute]
                wrong.append(f"{space} at {at}: {now}, by the plain program {wanted}")
                break
    assert not wrong, "\n".join(wrong)


def decided(explanation):
    """The settings as the layers tell them: who decides a key says its value."""
    values = dict.fromkeys(KEYS)
    for layer in explanation["layers"]:
        for key in layer["decides"]:
            values[key] = re.findall(rf"\b{key}: (\[.*?\]|[^,]+)", layer["says"])[-1]
    return tuple(values.values())


def check_explanations(year, questions):
    def problem(question):
        space, instant = question
        got = decided(year.ask("explain", space, "--at", stamp(instant)))
        wanted = year.painted[space][(instant - START) // MINUTE]
        return None if got == wanted else f"{space} at {stamp(instant)}: {got}, by the plain program {wanted}"

    with ThreadPoolExecutor(2) as pool:
        wrong = [words for words in pool.map(problem, questions) if words]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("seed", [SEED])
def test_explain_says_what_holds_at_any_second(year, seed):
    pick = random.Random(seed)
    seconds = [pick.randrange(MINUTES * 60) for _ in range(110)]
    spaces = list(year.policies)
    check_explanations(year, [(pick.choice(spaces), START + timedelta(seconds=at)) for at in seconds])


@pytest.mark.parametrize("seed", [SEED])
def test_explain_is_right_to_the_second_where_clocks_change(year, seed):
    questions = []
    for space, policy in year.policies.items():
        painted = year.painted[space]
        for change in changes(policy.zone, 2027, 2027):
            for minute in range(minute_of(change) - 1440, minute_of(change) + 1440):
                if painted[minute] != painted[minute - 1]:
                    at = START + minute * MINUTE
                    questions += [(space, at - timedelta(seconds=1)), (space, at)]
    assert len(questions) > 100
    check_explanations(year, random.Random(seed).sample(questions, min(len(questions), 140)))


# MARK: What is easily read otherwise

@pytest.fixture
def says(tmp_path):
    """What one policy for acme/one makes of an instant."""
    hub = SecondHub()
    hub.add("acme/one")
    desk = Desk(tmp_path, hub)
    desk.at(stamp(START))

    def at(instant, policy, **files):
        for name, text in files.items():
            desk.rules(text, f"{name}.ics")
        desk.rules(f"version: 1\npolicies:\n  - {{ name: p, spaces: [acme/one], {policy} }}\n")
        desk("observe")
        return decided(ask(desk, "explain", "acme/one", "--at", instant))[:2]

    yield at
    hub.stop()


def test_what_a_rule_set_ends_with_its_until(says):
    """None of its firings counts then, also none from before."""
    policy = """default: { hardware: cpu-basic }, rules: [
      { name: early, cron: "0 5 * * *", set: { hardware: l4x1 } },
      { name: late, cron: "0 8 * * *", until: 2027-04-03T12:00, set: { hardware: t4-small } }]"""
    assert says("2027-04-03T13:00:00Z", policy) == ("l4x1", None)


def test_nothing_fires_before_starting(says):
    """Not on Monday the 8th, although its week is the first, as `starting` is Saturday the 13th."""
    policy = """default: { hardware: cpu-basic }, rules: [
      { name: third, cron: "0 9 * * MON", every: 3w, starting: 2027-02-13, set: { hardware: l4x1 } }]"""
    assert says("2027-02-08T10:00:00Z", policy)[0] == "cpu-basic"
    assert says("2027-03-01T10:00:00Z", policy) == ("l4x1", None)


def test_while_an_event_lasts_a_rule_keeps_what_the_default_does_not_name(says):
    """Like an exception, it replaces what it names."""
    policy = """calendar: days.ics, default: { hardware: l4x1 }, rules: [
      { name: early, cron: "0 5 * * *", set: { hardware: t4-small, sleep: 30m } }]"""
    days = calendar("DTSTART;VALUE=DATE:20270403")
    assert says("2027-04-03T13:00:00Z", policy, days=days) == ("l4x1", "30m")
