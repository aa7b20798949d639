"""A made-up fleet with a year of visits, the same each time: what the simulation and the import are measured with."""

import csv
import functools
import os
import random
import subprocess
import time
from datetime import datetime, timezone
from pathlib import Path

START = int(datetime(2025, 11, 1, tzinfo=timezone.utc).timestamp())
DAY, DAYS = 86_400, 365
WEEK = 7 * DAY
END = START + DAYS * DAY
TRACES = Path(__file__).resolve().parent.parent / "Tests" / "SimulationTests" / "Traces"
RULES = """version: 1
zone: Europe/Paris
policies:
  - name: all
    spaces: ["acme/*"]
    default: {{ hardware: t4-small, sleep: {sleep} }}
    rules:
      - {{ name: morning, cron: "0 {morning} * * MON-FRI", set: {{ hardware: {day}, sleep: {sleep} }} }}
      - {{ name: evening, cron: "0 20 * * MON-FRI", set: {{ hardware: t4-small, sleep: 5m }} }}
"""
CURRENT = RULES.format(sleep="1h", morning=7, day="t4-small")
NEW = RULES.format(sleep="15m", morning=8, day="a10g-small")


def name(number):
    return f"acme/space-{number:04}"


def quiet_visits(number):
    """Seconds since 1970, in order: about ten visitors a day, mostly by day, less at weekends, in bursts."""
    random_numbers = random.Random(number)
    busy = random_numbers.uniform(0.5, 2)
    seconds = set()
    for day in range(DAYS):
        weekend = (day + 5) % 7 > 4
        for _ in range(round(random_numbers.expovariate(1 / (2 if weekend else 5)) * busy)):
            at = START + day * DAY + int(random_numbers.gauss(13, 3) * 3600) % DAY
            burst = [at + random_numbers.randrange(300) for _ in range(random_numbers.choice([0, 0, 1, 3]))]
            seconds.update(second for second in [at, *burst] if second < END)
    return sorted(seconds)


def traced_visits(number):
    """Seconds since 1970, in order: one of three made-up traces of the tests, which are quiet, visited by day, and busy.

    Its whole weeks again and again, so that each hour of the week stays one; there are as many beginnings as weeks.
    """
    kind, weeks = [("quiet", 7), ("daily", 7), ("busy", 5)][number % 3]
    begin = START - number // 3 % weeks * WEEK
    rounds = range(begin, END, weeks * WEEK)
    return [at + second for at in rounds for second in trace(kind, weeks) if START <= at + second < END]


@functools.cache
def trace(kind, weeks):
    """Its first whole weeks, as seconds since the hour of the week at which the year begins."""
    with open(TRACES / f"{kind}.csv") as file:
        seconds = [second(row["at"]) for row in csv.DictReader(file)]
    begin = seconds[0] + (START - seconds[0]) % WEEK
    return [at - begin for at in seconds if 0 <= at - begin < weeks * WEEK]


def second(text):
    return int(text) if text.isdigit() else int(datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp())


def stamp(second):
    return datetime.fromtimestamp(second, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def looks(spaces):
    """Two of each Space, at the beginning and at the end, as `import history` reads them."""
    lines = ["observed_at,space,stage,hardware,requested_hardware,sleep_time,replicas,storage"]
    for at in (START, END):
        lines += [
            f"{stamp(at)},{name(number)},SLEEPING,t4-small,t4-small,3600,1," for number in range(spaces)]
    return "\n".join(lines) + "\n"


def spaceplan(program, folder, *arguments):
    """What it wrote, wall and processor seconds, and the most memory in MB."""
    begin = time.perf_counter()
    with open(folder / "output", "w") as output:
        process = subprocess.Popen(
            [program, *arguments], cwd=folder, stdout=output, env={"PATH": os.environ["PATH"], "HOME": str(folder)})
        _, status, used = os.wait4(process.pid, 0)
    assert status == 0, arguments
    wall = time.perf_counter() - begin
    return (folder / "output").read_text(), wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
