"""The workload of cron-benchmark for the libraries of Python: python_cron.py croniter|cronsim WORKLOAD ROUNDS"""

import sys
import time
from datetime import datetime
from zoneinfo import ZoneInfo


def with_croniter(expression, start, count):
    occurrences = croniter(expression, start, ret_type=datetime)
    return [occurrences.get_next() for _ in range(count)]


def with_cronsim(expression, start, count):
    occurrences = CronSim(expression, start)
    return [next(occurrences) for _ in range(count)]


library, workload, rounds = sys.argv[1:]
if library == "croniter":
    from croniter import croniter as croniter
    ask = with_croniter
else:
    from cronsim import CronSim
    ask = with_cronsim

with open(workload) as lines:
    for line in lines:
        expression, zone, start, count = line.rstrip("\n").split("\t")
        start = datetime.fromtimestamp(int(start), ZoneInfo(zone))
        fastest = None
        try:
            for _ in range(int(rounds)):
                begin = time.perf_counter_ns()
                found = ask(expression, start, int(count))
                taken = time.perf_counter_ns() - begin
                fastest = taken if fastest is None else min(fastest, taken)
        except Exception as error:  # What it does not know, it refuses in its own ways.
            print("-", type(error).__name__)
            continue
        print(fastest, *(int(occurrence.timestamp()) for occurrence in found))
