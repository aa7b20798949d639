"""`next --cron` against brute force over forty zones, and against a table of invalid expressions."""

import json
import os
import random
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone

import pytest

from plain_cron import MONTHS, NICKNAMES, WEEKDAYS, Expression
from wall_clock import DAY, changes, stamp, wall

SEED = 20261
# Usual changes, and unusual ones: of half an hour, two hours or a day, at midnight, of standard time.
ZONES = """
UTC Europe/London Europe/Paris Europe/Dublin Europe/Istanbul Europe/Moscow Europe/Chisinau Africa/Casablanca
Africa/Cairo Africa/Juba Africa/Windhoek Antarctica/Troll Antarctica/Casey America/New_York America/St_Johns
America/Sao_Paulo America/Santiago America/Caracas America/Havana America/Asuncion America/Nuuk
America/Scoresbysund America/Port-au-Prince Asia/Beirut Asia/Gaza Asia/Amman Asia/Tehran Asia/Kathmandu
Asia/Pyongyang Asia/Colombo Asia/Dhaka Asia/Tokyo Australia/Lord_Howe Australia/Sydney Pacific/Apia
Pacific/Chatham Pacific/Kiritimati Pacific/Kwajalein Pacific/Norfolk Pacific/Easter
""".split()
EXPRESSIONS, COUNT = 25, 8
YEARS = 1990, 2038


def spaceplan(*arguments):
    environment = {"PATH": os.environ["PATH"], "HOME": "/nowhere"}
    words = [os.environ["SPACEPLAN"], *arguments]
    return subprocess.run(words, env=environment, capture_output=True, text=True)


# MARK: Valid expressions


def number(pick, value, names):
    spellings = [name for name, meaning in names.items() if meaning == value]
    text = pick.choice(spellings) if spellings and pick.random() < 0.5 else str(value)
    if text.isdigit() and pick.random() < 0.05:
        text = "0" + text
    return text if pick.random() < 0.8 else text.lower()


def item(pick, low, high, names, likely):
    """A value, range or step; often with one of the likely values in it."""
    value = pick.choice(likely) if likely and pick.random() < 0.6 else pick.randint(low, high)
    step = pick.choice([1, 2, 3, 5, 7, 10, 15, 20, 30, 45, 90])
    start, end = sorted([value, pick.randint(low, high)])
    span = number(pick, start, names) + "-" + number(pick, end, names)
    single = number(pick, value, names)
    forms = [single, span, f"{span}/{step}", f"{single}/{step}", f"*/{step}", "*"]
    return pick.choices(forms, [8, 2, 2, 2, 3, 1])[0]


def field(pick, low, high, names={}, likely=(), star=0.2, special=None):
    if pick.random() < star:
        return "*"
    items = [
        special() if special and pick.random() < 0.3 else item(pick, low, high, names, likely)
        for _ in range(pick.choice([1, 1, 1, 2, 3]))
    ]
    return ",".join(items)


def expression(pick, moments):
    """An expression that often fires at one of these wall clock moments."""
    if pick.random() < 0.05:
        return pick.choice([pick.choice([name, name.upper(), name.title()]) for name in NICKNAMES])

    def special_month_day():
        day = pick.choice([1, 2, 15, 28, 30, 31, pick.randint(1, 31)])
        return pick.choice(["L", "LW", "l", f"{day}W", f"{day}w"])

    def special_weekday():
        day = number(pick, pick.randint(0, 7), WEEKDAYS)
        return pick.choice([f"{day}#{pick.randint(1, 5)}", day + "L", day + "l"])

    days = [moment.isoweekday() % 7 for moment in moments]
    days += [7 for day in days if day == 0]
    fields = [
        field(pick, 0, 59, likely=[moment.minute for moment in moments] + [0, 30], star=0.1),
        field(pick, 0, 23, likely=[moment.hour for moment in moments], star=0.15),
        field(pick, 1, 31, likely=[moment.day for moment in moments], star=0.5, special=special_month_day),
        field(pick, 1, 12, MONTHS, [moment.month for moment in moments], star=0.7),
        field(pick, 0, 7, WEEKDAYS, days, star=0.5, special=special_weekday),
    ]
    return pick.choice([" ", " ", "\t", "  "]).join(fields)


def questions(zone, pick):
    """Three of five begin near a change of the clock, if the zone has any."""
    start, end = (datetime(year, 1, 1, tzinfo=timezone.utc) for year in YEARS)
    known = changes(zone, YEARS[0], YEARS[1] - 1)
    for index in range(EXPRESSIONS):
        if index % 5 < 3 and known:
            change = pick.choice(known)
            near = pick.choice([3600, 2 * 86400])
            after = change + timedelta(seconds=pick.randint(-near, near))
            # What both clocks show around the change, so also what is skipped or repeated.
            about = change + timedelta(minutes=pick.choice([-60, -30, -1, 0, 0, 15, 30, 60]))
            old_offset = wall(change - DAY / 24, zone) - (change - DAY / 24).replace(tzinfo=None)
            moments = [about.replace(tzinfo=None) + old_offset, wall(about, zone)]
        else:
            after, moments = start + timedelta(seconds=pick.randrange((end - start).days * 86400)), []
        if pick.random() < 0.3:
            after = after.replace(second=0)
        yield expression(pick, moments), after


def answer(text, zone, after):
    options = ["--zone", zone, "--after", stamp(after), "--count", str(COUNT), "--format", "json"]
    result = spaceplan("next", "--cron", text, *options)
    assert result.returncode == 0, (text, result.stderr)
    return json.loads(result.stdout)["occurrences"]


def test_the_zones_are_forty():
    assert len(set(ZONES)) == 40


@pytest.mark.parametrize("zone", ZONES, ids=lambda zone: f"{zone}-seed{SEED}")
def test_every_occurrence_is_that_of_brute_force(zone):
    asked = list(questions(zone, random.Random(f"{zone} {SEED}")))
    compared, wrong = 0, []
    with ThreadPoolExecutor(2) as pool:
        answers = [pool.submit(answer, text, zone, after) for text, after in asked]
        for (text, after), given in zip(asked, answers):
            # Brute force gives up after twelve years, so later answers are not judged.
            until = after + 12 * 366 * DAY
            expected = [
                (stamp(at), f"{wall(at, zone):%Y-%m-%d %H:%M}")
                for at in Expression(text).next(zone, after, COUNT, until)
            ]
            got = [(row["at"], row["local"]) for row in given.result()]
            got = [pair for pair in got if pair[0] <= stamp(until)]
            compared += len(expected)
            if got != expected:
                wrong.append(f"{text!r} after {stamp(after)}: {got}, by brute force {expected}")
    assert not wrong, "\n".join(wrong)
    # Forty zones with as many are the 6,000 that make this worth its time.
    assert compared >= 150


# MARK: Invalid expressions

FIELDS = ["minute", "hour", "day-of-month", "month", "day-of-week"]
# The field's text, and where the mistake is in it, from 1. Nothing is wrong with the other fields.
MISTAKES = {
    "minute": [
        # Out of range, alone and inside of lists, ranges and steps.
        ("60", 1), ("75", 1), ("100", 1), ("060", 1), ("5,60", 3), ("5,10,99", 6), ("0-60", 3), ("60-70", 1),
        ("5-61/2", 3), ("60/5", 1), ("99999999999999999999", 1), ("0,99999999999999999999", 3),
        # Backwards.
        ("5-1", 1), ("59-0", 1), ("30,50-40", 4), ("5-1/2", 1),
        # Steps: theirs is the place.
        ("*/0", 3), ("*/00", 3), ("0/0", 3), ("1-5/0", 5), ("*/", 3), ("5/", 3), ("1-5/", 5), ("*/x", 3),
        ("*/MON", 3), ("*/-1", 3), ("*/1.5", 4), ("*/*", 3), ("3,*/0", 5), ("1/2/3", 3), ("*/2/3", 3),
        # Missing items: the place where they should stand.
        (",", 1), (",5", 1), ("5,", 3), ("1,,2", 3), ("1,2,,3", 5), ("1-", 3), ("-1", 1), ("/5", 1), ("-", 1),
        ("1,-2", 3),
        # Unreadable from some character on.
        ("1-2-3", 4), ("*-5", 2), ("**", 2), ("+5", 1), ("1.5", 2), ("x", 1), ("٣", 1), ("0,٣", 3),
        ("5;6", 2), ("1,+2", 3), ("é", 1), ("*5", 2), ("1–5", 2), ("½", 1),
        # What other fields and other programs have.
        ("?", 1), ("L", 1), ("W", 1), ("MON", 1), ("JAN", 1),
    ],
    "hour": [
        ("24", 1), ("25", 1), ("8,24", 3), ("8-24", 3), ("22-2", 1), ("23-0", 1), ("9-5/2", 1), ("*/0", 3),
        ("9-17/0", 6), ("1,,2", 3), ("9-", 3), ("-9", 1), ("?", 1), ("L", 1), ("LW", 1), ("noon", 1),
        ("9:30", 2), ("1-2-3", 4),
    ],
    "day-of-month": [
        ("0", 1), ("32", 1), ("1,32", 3), ("0-5", 1), ("1-32", 3), ("0/5", 1), ("20-10", 1), ("31-1", 1),
        ("*/0", 3), ("0W", 1), ("32W", 1), ("1-15W", 1), ("W15", 1), ("W", 1), ("L5", 1), ("L-3", 1),
        ("L/2", 1), ("LW/2", 1), ("15W/2", 1), ("1,L-3", 3), ("15,0W", 4), ("1,1-15W", 3), ("*W", 1),
        ("WL", 1), ("?", 1), ("MON", 1), ("1-L", 1), ("L,,LW", 3), ("LL", 1),
    ],
    "month": [
        ("0", 1), ("13", 1), ("1,13", 3), ("0-3", 1), ("10-13", 4), ("NOV-FEB", 1), ("12-1", 1),
        ("JAN,MAR-FEB", 5), ("*/0", 3), ("SEPT", 1), ("JANUARY", 1), ("FEB,SEPT", 5), ("MON", 1),
        ("JAN,MON", 5), ("?", 1), ("L", 1), ("JAN-SEPT", 5), ("JAN/0", 5), ("JAN/FEB", 5), ("JAN-", 5),
        ("JAN,", 5),
    ],
    "day-of-week": [
        ("8", 1), ("1,8", 3), ("1-8", 3), ("8-9", 1), ("FRI-MON", 1), ("FRI-SUN", 1), ("5-1", 1), ("6-0", 1),
        ("MON,SAT-TUE", 5), ("*/0", 3), ("TUES", 1), ("MON,TUES", 5), ("MONDAY", 1), ("MON-FRIDAY", 5),
        ("JAN", 1), ("MON,JAN", 5), ("MON#6", 5), ("MON#0", 5), ("MON#", 5), ("1#6", 3), ("MON,FRI#9", 9),
        ("FRI#x", 5), ("FRI#1#2", 5), ("1-5#2", 1), ("8#1", 1), ("8L", 1), ("#1", 1), ("*#1", 1), ("L", 1),
        ("FRI,L", 5), ("FRI#1/2", 1), ("FRIL/2", 1), ("FRIDAYL", 1), ("1-5L", 1), ("?", 1), ("MON/0", 5),
        ("MON-", 5), ("MON,,FRI", 5), ("FRI,", 5),
    ],
}
# The semantics can be read in two ways: the whole item is wrong, or what does not belong in it.
DOUBTFUL = {
    "minute": [("5x", 1, 2), ("0x1F", 1, 2), ("5W", 1, 2), ("1#2", 1, 2), ("5L", 1, 2)],
    "hour": [("9am", 1, 2), ("9W", 1, 2), ("9#1", 1, 2)],
    "day-of-month": [("1#2", 1, 2), ("5L", 1, 2)],
    "month": [("1W", 1, 2), ("JAN#1", 1, 4)],
    "day-of-week": [("5W", 1, 2), ("LW", 1, 2), ("FRI#L", 1, 5)],
}
# What is not even five fields, and a part of what must be said of it.
WHOLE = [
    ("", "five"), ("   ", "five"), ("*", "five"), ("0 9", "five"), ("0 9 * *", "4|four"),
    ("0 0 9 * * MON", "0 9 [*] [*] MON"), ("0 0 9 * * MON 2026", "0 9 [*] [*] MON"),
    ("0 0 9 ? * MON *", "second"), ("1 2 3 4 5 6 7 8", "8|eight"), ("@reboot", "schedule"),
    ("@every 5m", "[*]/5 [*] [*] [*] [*]"), ("@daly", "@daily"), ("@DALY", "@daily"), ("@weekley", "@weekly"),
    ("@", "@daily"), ("@daily @daily", "@daily"), ("@daily 5", "@daily"), ("0 @daily", "five"),
]


def around(name, text):
    """An expression with this field, and how many characters stand before it."""
    fields = ["0", "9", "1", "1", "*"]
    fields[FIELDS.index(name)] = text
    return " ".join(fields), 2 * FIELDS.index(name)


def refusal(text):
    # With = as a text may begin with a minus sign, though not before nothing.
    result = spaceplan("next", *(["--cron=" + text] if text else ["--cron", ""]))
    assert result.returncode in (64, 65) and not result.stdout, f"{text!r} ended with {result.returncode}"
    return result.stderr


def check_places(cases):
    """Each case is blanks in front, the field's name, its text, and the places of which one must be told."""
    def problem(case):
        blanks, name, text, *places = case
        expression, before = around(name, text)
        columns = [str(len(blanks) + before + place) for place in places]
        error = refusal(blanks + expression)
        if not re.search(rf"\b{name}, column ({'|'.join(columns)}):", error):
            wanted = f"{name}, column {' or '.join(columns)}"
            return f"{blanks + expression!r}: {wanted} is wanted; {error.strip()}"

    with ThreadPoolExecutor(2) as pool:
        wrong = [words for words in pool.map(problem, cases) if words]
    assert not wrong, "\n".join(wrong)


def test_each_mistake_is_refused_with_its_field_and_column():
    cases = [("", name, *mistake) for name, table in MISTAKES.items() for mistake in table]
    assert len(set(cases)) > 120
    # Blanks in front shift the column, and a tab counts as one.
    check_places(cases + [(" \t ", *case[1:]) for case in cases[::8]])


def test_mistakes_that_have_two_places_are_refused_with_one_of_them():
    check_places([("", name, *mistake) for name, table in DOUBTFUL.items() for mistake in table])


@pytest.mark.parametrize("text, says", WHOLE)
def test_what_is_no_expression_at_all_is_refused_in_words(text, says):
    assert re.search(says, refusal(text))
