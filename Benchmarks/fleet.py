"""A made-up fleet with a year of visits, the same each time: what the simulation and the import are measured with."""

import os
import random
import subprocess
import time
from datetime import datetime, timezone

START = int(datetime(2025, 11, 1, tzinfo=timezone.utc).timestamp())
DAY, DAYS = 86_400, 365
END = START + DAYS * DAY
HARDWARE = ["t4-small", "t4-medium", "l4x1", "a10g-small"]
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


def visits(number, requests=1):
    """Seconds since 1970, in order: mostly by day, less at weekends, in bursts; about ten visitors a day.

    A page with all that belongs to it is many requests, which logs of web servers have one by one: so many within the
    next minutes for each visitor.
    """
    random_numbers = random.Random(number)
    busy = random_numbers.uniform(0.5, 2)
    seconds = set()
    for day in range(DAYS):
        weekend = (day + 5) % 7 > 4
        for _ in range(round(random_numbers.expovariate(1 / (2 if weekend else 5)) * busy)):
            at = START + day * DAY + int(random_numbers.gauss(13, 3) * 3600) % DAY
            burst = [at + random_numbers.randrange(300) for _ in range(random_numbers.choice([0, 0, 1, 3]))]
            seconds.update(second for second in [at, *burst] if second < END)
    for visitor in sorted(seconds):
        later = [visitor + int(random_numbers.expovariate(1 / 120)) for _ in range(requests - 1)]
        seconds.update(second for second in later if second < END)
    return sorted(seconds)


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
