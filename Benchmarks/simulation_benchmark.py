#!/usr/bin/env python3
"""A million visits under all sleep times, beside sorting as many integers; and one replay beside SimPy, in one run.

Ends with status 1 where a promise is missed: the sweep takes at most three times the sort, and a replay is at least
500 times faster than the same in SimPy, with the same cold starts.
"""

import subprocess
import sys
import time
from pathlib import Path

import simpy

HERE = Path(__file__).parent
VISITS = 1_000_000
MEASURED_IN_SIMPY = 20_000
START, SLEEP = 60, 900


def generator(state=2026):
    """As in SimulationBenchmark.swift."""
    mask = (1 << 64) - 1
    while True:
        state ^= (state << 13) & mask
        state ^= state >> 7
        state ^= (state << 17) & mask
        yield state


def visits(count):
    random, at = generator(), 0
    for _ in range(count):
        near = next(random) % 10 < 8
        at += (next(random) % 300 if near else next(random) % 20_000) + 1
        yield at


def simpy_replay(instants):
    """Cold starts of a Space that sleeps after 15 minutes and starts in one, as processes and events."""
    env = simpy.Environment()
    state = {"awake": False, "ready": 0, "last": 0, "cold": 0}

    def sleeper():
        while True:
            due = max(state["ready"], state["last"] + SLEEP)
            if env.now >= due:
                state["awake"] = False
                return
            yield env.timeout(due - env.now)

    def visitors():
        for at in instants:
            yield env.timeout(at - env.now)
            # A visit at the very instant of sleep still finds it awake.
            if state["awake"] or at == max(state["ready"], state["last"] + SLEEP) and state["cold"]:
                state["last"] = at
                if not state["awake"]:
                    state["awake"] = True
                    env.process(sleeper())
            else:
                state.update(awake=True, ready=at + START, last=at, cold=state["cold"] + 1)
                env.process(sleeper())

    env.process(visitors())
    env.run()
    return state["cold"]


def main():
    package = ["swift", "build", "-c", "release", "--package-path", str(HERE)]
    subprocess.run(package, check=True, stdout=sys.stderr)
    folder = subprocess.run([*package, "--show-bin-path"], check=True, capture_output=True, text=True).stdout.strip()

    def ours(count):
        lines = subprocess.run(
            [f"{folder}/simulation-benchmark", str(count), "5"], check=True, capture_output=True, text=True).stdout
        return {name: (int(nanoseconds), int(result))
                for name, nanoseconds, result in (line.split() for line in lines.splitlines())}

    measured = ours(VISITS)
    sort, sweep, replay = (measured[name][0] for name in ("sort", "sweep", "replay"))
    few = list(visits(MEASURED_IN_SIMPY))
    start = time.perf_counter_ns()
    cold = simpy_replay(few)
    simpy_each = (time.perf_counter_ns() - start) / MEASURED_IN_SIMPY
    each = replay / VISITS
    same = ours(MEASURED_IN_SIMPY)["replay"][1]
    print(f"| {VISITS:,} visits | time | beside |")
    print("| :-- | --: | --: |")
    print(f"| sorting as many integers | {sort / 1e6:.0f} ms | |")
    print(f"| the best of all sleep times, and hindsight | {sweep / 1e6:.0f} ms | {sweep / sort:.1f} × the sort |")
    print(f"| one replay, with its charges | {each:.0f} ns a visit | SimPy {simpy_each:.0f} ns, {simpy_each / each:.0f} × |")
    failed = False
    if sweep > 3 * sort:
        failed = True
        print("missed: the sweep takes more than three times the sort", file=sys.stderr)
    if simpy_each < 500 * each:
        failed = True
        print("missed: a replay is less than 500 times faster than SimPy", file=sys.stderr)
    if cold != same:
        failed = True
        print(f"the answers differ: {same} cold starts, in SimPy {cold}", file=sys.stderr)
    return failed


sys.exit(main())
