"""The same replay in SimPy: a Space, its visitors and its settings are a process each.

Of the Space there are two: one waits for the next visit or its time to sleep, as SimPy's manual does; the other, which
is faster, is not woken by a visit while it is awake: when its time is up it looks whether somebody has come since.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import simpy
import yaml

STARTUP = 60
SECONDS = {"m": 60, "h": 3600}

# SimPy takes the events of one instant by priority: starts that end, as any timeout, then these in order.
SETTING = simpy.events.NORMAL + 1
VISIT = simpy.events.NORMAL + 2
SLEEP = simpy.events.NORMAL + 3

ASLEEP, STARTING, RUNNING = range(3)


def boundaries(rules, begin, end):
    """When which settings begin to hold, and which hold at first; only rules of the form `0 HOUR * * MON-FRI`."""
    text = yaml.safe_load(rules)
    zone = ZoneInfo(text["zone"])
    day = datetime.fromtimestamp(begin, zone).replace(hour=0, minute=0, second=0) - timedelta(days=7)
    found = []
    while day.timestamp() < end:
        for rule in text["policies"][0]["rules"]:
            at = int(day.replace(hour=int(rule["cron"].split()[1])).timestamp())
            if day.weekday() < 5 and at < end:
                found.append((at, rule["set"]["hardware"], duration(rule["set"]["sleep"])))
        day += timedelta(days=1)
    before = [settings for settings in found if settings[0] <= begin]
    return before[-1], found[len(before):]


def duration(text):
    return int(text[:-1]) * SECONDS[text[-1]]


class At(simpy.Event):
    """A timeout until an instant, with a priority within it."""

    def __init__(self, environment, instant, priority):
        super().__init__(environment)
        self._ok, self._value = True, None
        environment.schedule(self, priority, instant - environment.now)


class Space:
    """Asleep at first."""

    def __init__(self, environment, hardware, sleep):
        self.environment, self.hardware, self.sleep = environment, hardware, sleep
        self.state, self.last, self.ready, self.billed_until = ASLEEP, None, None, None
        self.seconds, self.cold_starts, self.waited = {}, 0, 0
        self.wake = environment.event()
        self.process = environment.process(self.live())

    def live(self):
        while True:
            yield self.wake
            self.wake = self.environment.event()
            self.billed_until = self.environment.now
            yield from self.be_awake()
            self.bill()
            self.state = ASLEEP

    def be_awake(self):
        while True:
            try:
                yield from self.start()
                yield from self.run()
                return
            except simpy.Interrupt:
                pass  # On other hardware now.

    def start(self):
        self.state, self.last, self.ready = STARTING, self.environment.now, self.environment.now + STARTUP
        yield self.environment.timeout(STARTUP)

    def run(self):
        self.state = RUNNING
        while True:
            try:
                yield At(self.environment, max(self.environment.now, self.last + self.sleep), SLEEP)
            except simpy.Interrupt as interrupt:
                if interrupt.cause == "hardware":
                    raise
                continue  # Another sleep time.
            if self.last + self.sleep <= self.environment.now:
                return

    def bill(self):
        used = self.environment.now - self.billed_until
        self.seconds[self.hardware] = self.seconds.get(self.hardware, 0) + used
        self.billed_until = self.environment.now

    def visit(self):
        self.last = self.environment.now
        if self.state == ASLEEP:
            self.cold_starts += 1
            self.waited += STARTUP
            self.wake.succeed()
        elif self.state == STARTING:
            self.waited += self.ready - self.environment.now

    def request(self, hardware, sleep):
        is_other = hardware != self.hardware
        if is_other and self.state != ASLEEP:
            self.bill()
        self.hardware, self.sleep = hardware, sleep
        if self.state == ASLEEP:
            if is_other:
                self.wake.succeed()
        elif is_other:
            self.process.interrupt("hardware")
        elif self.state == RUNNING:
            self.process.interrupt("sleep time")


class WokenSpace(Space):
    """Wakes up at each visit."""

    def run(self):
        self.state = RUNNING
        while True:
            self.visited = self.environment.event()
            due = At(self.environment, max(self.environment.now, self.last + self.sleep), SLEEP)
            try:
                yield self.visited | due
            except simpy.Interrupt as interrupt:
                if interrupt.cause == "hardware":
                    raise
                continue  # Another sleep time.
            if not self.visited.triggered:
                return

    def visit(self):
        super().visit()
        if self.state == RUNNING and not self.visited.triggered:
            self.visited.succeed()


def people(environment, space, visits):
    for at in visits:
        yield At(environment, at, VISIT)
        space.visit()


def planner(environment, space, changes):
    for at, hardware, sleep in changes:
        yield At(environment, at, SETTING)
        space.request(hardware, sleep)


def replay(visits, begin, end, rules, kind):
    environment = simpy.Environment(initial_time=begin)
    (_, hardware, sleep), changes = boundaries(rules, begin, end)
    space = kind(environment, hardware, sleep)
    environment.process(planner(environment, space, changes))
    environment.process(people(environment, space, visits))
    environment.run(until=end)
    return space
