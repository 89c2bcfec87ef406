"""Measure what many people who write and press at once cost the bot: `python -m benchmarks.load --people 50`.

A playground and a bot run as processes of their own on this machine; the bot has an engine that loads no model, since
what is measured is the conversation. People write texts, send commands and press buttons in turns, at a steady rate
that does not wait for answers (an open loop), and each update is over when its answer stands in the chat. Printed are
the processor time of the bot's own process an update (user and system, of all its threads), the updates that were
answered a second, how long answers took, and how long people knew nothing of theirs: until it came, or until a draft
said that it comes late.

With `--tree FOLDER` the bot of another checkout takes turns with this one, with the same playground and people, and
ratios are printed, too. Linux only, since /proc tells the processor time.
"""

import argparse
import asyncio
import json
import os
import statistics
import tempfile
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.measure import provenance, summary
from tools import processes
from tools.person import BotMessage, Person, PlaygroundClient

HERE = Path(__file__).parents[1]
_LIGHT = "tests.bot.light"
_PATIENCE_S = 120.0
_LOOK_S = 0.05  # how often the playground is asked what the bot has said
_ANSWERS = {"sendMessage": "said", "editMessageText": "changed"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """Hold what one run measured: ms of processor time an update, updates a second, ms until each answer."""

    processor_ms: float
    updates_per_second: float
    latencies_ms: list[float]
    untold_ms: list[float]

    def as_json(self) -> dict[str, Any]:
        """Return the figures as they are printed."""
        return {
            "processor_ms_per_update": round(self.processor_ms, 2),
            "updates_per_second": round(self.updates_per_second, 1),
            "latency_ms": summary(self.latencies_ms),
            "untold_ms": summary(self.untold_ms),
        }


class Waiting:
    """Match answers to what was asked: within a chat, answers of a kind come in the order of the questions."""

    def __init__(self) -> None:
        self.latencies_ms: list[float] = []
        self.untold_ms: list[float] = []  # until an answer came, or a draft that says that it will
        self._told: dict[int, float] = {}
        self._asked: defaultdict[tuple[int, str], deque[float]] = defaultdict(deque)

    def ask(self, chat_id: int, kind: str, now: float) -> None:
        """Note a question, which a message that is `said` or one that is `changed` will answer."""
        self._asked[chat_id, kind].append(now)

    def hear(self, chat_id: int, kind: str, now: float) -> None:
        """Note an answer, unless nothing was asked."""
        if asked := self._asked[chat_id, kind]:
            begin = asked.popleft()
            told = max(begin, self._told.get(chat_id, now))
            self.latencies_ms.append(1000 * (now - begin))
            self.untold_ms.append(1000 * (min(told, now) - begin))

    def tell(self, chat_id: int, now: float) -> None:
        """Note a draft, which says of all that waits in a chat that an answer will come."""
        self._told.setdefault(chat_id, now)


async def measure(tree: Path, people: int, updates: int, rate: float) -> Outcome:
    """Run a playground and the bot of a checkout, and let people write `updates` times, `rate` times a second."""
    with tempfile.TemporaryDirectory() as folder:
        async with processes.playground() as address, PlaygroundClient.at(address.url) as room:
            environment = {
                "TELEGRAM_BOT_TOKEN": address.token,
                "TELEGRAM_API_URL": address.url,
                "DATABASE_URL": f"sqlite+aiosqlite:///{folder}/attune.db",
                "THREADS": "1",
                "WORKERS": "1",
            }
            async with processes.bot(environment, Path(folder) / "bot.log", _LIGHT, tree) as bot:
                crowd = [await _newcomer(room) for _ in range(people)]
                return await _run(room, crowd, updates, rate, bot.pid)


async def _newcomer(room: PlaygroundClient) -> tuple[Person, BotMessage]:
    """Return a person who has agreed to be read, and a message whose buttons choose the mode."""
    person = await room.person()
    await person.say("/start")
    asked = await person.expect("Hello, I am Attune")
    await person.press(asked, 0)
    await person.expect("Thank you")
    await person.say("/mode")
    return person, await person.expect(buttons=())


async def _run(
    room: PlaygroundClient, crowd: list[tuple[Person, BotMessage]], updates: int, rate: float, pid: int
) -> Outcome:
    waiting, after = Waiting(), int((await room.calls())[-1]["seq"])
    begin, spent = time.perf_counter(), processor_seconds(pid)
    async with asyncio.timeout(updates / rate + _PATIENCE_S), asyncio.TaskGroup() as work:
        work.create_task(_listen(room, waiting, after, updates))
        for n in range(updates):
            await asyncio.sleep(begin + n / rate - time.perf_counter())
            work.create_task(_ask(*crowd[n % len(crowd)], n // len(crowd) + n, waiting))
    took, spent = time.perf_counter() - begin, processor_seconds(pid) - spent
    return Outcome(1000 * spent / updates, updates / took, waiting.latencies_ms, waiting.untold_ms)


async def _ask(person: Person, buttons: BotMessage, n: int, waiting: Waiting) -> None:
    """Do the n-th of the things that people do: they press as often as they write."""
    now = time.perf_counter()
    if n % 2:
        waiting.ask(person.chat_id, "changed", now)
        await person.press(buttons, n // 2 % 2, wait_s=0)
    else:
        waiting.ask(person.chat_id, "said", now)
        await person.say(("What a day that was", "/help")[n // 2 % 2])


async def _listen(room: PlaygroundClient, waiting: Waiting, after: int, updates: int) -> None:
    """Hear what the bot says after a call of it, until so many updates are answered."""
    while len(waiting.latencies_ms) < updates:
        found = await room.get("/requests", after=after)
        after, now = found["seq"], time.perf_counter()
        for call in found["requests"]:
            if call["method"] == "sendMessageDraft":
                waiting.tell(int(call["arguments"]["chat_id"]), now)
            if kind := _ANSWERS.get(call["method"]):
                waiting.hear(int(call["arguments"]["chat_id"]), kind, now)
        await asyncio.sleep(_LOOK_S)


def processor_seconds(pid: int) -> float:
    """Return the seconds of processor time, user and system, that a process has spent without its children."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


async def compare(
    trees: dict[str, Path], rounds: int, run: Callable[[Path], Any]
) -> dict[str, list[Outcome]]:
    """Measure each checkout in turns, so that whatever else the machine does meets all of them."""
    outcomes: dict[str, list[Outcome]] = {name: [] for name in trees}
    for _ in range(rounds):
        for name, tree in trees.items():
            outcomes[name].append(await run(tree))
    return outcomes


def report(outcomes: dict[str, list[Outcome]]) -> dict[str, Any]:
    """Return the run of median processor time of each checkout, and how many times less this one takes."""
    told: dict[str, Any] = {
        name: sorted(runs, key=lambda run: run.processor_ms)[len(runs) // 2].as_json()
        for name, runs in outcomes.items()
    }
    if "other" in outcomes:
        pairs = zip(outcomes["this"], outcomes["other"], strict=True)
        ratios = [other.processor_ms / this.processor_ms for this, other in pairs]
        told["times_less_processor_time"] = round(statistics.median(ratios), 2)
    return told


def main() -> None:
    """Measure and print JSON."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.load", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--people", type=int, default=50, help="how many take part (default 50)")
    parser.add_argument("--updates", type=int, default=500, help="how many they send in all (default 500)")
    parser.add_argument("--rate", type=float, default=20.0, help="updates a second (default 20)")
    parser.add_argument("--rounds", type=int, default=1, help="runs of each checkout (default 1)")
    parser.add_argument("--tree", type=Path, help="another checkout to compare with")
    args = parser.parse_args()
    trees = {"this": HERE} | ({"other": args.tree.resolve()} if args.tree else {})
    measured = compare(trees, args.rounds, lambda tree: measure(tree, args.people, args.updates, args.rate))
    told = provenance("sqlalchemy", "python-telegram-bot") | {"rate": args.rate, "people": args.people}
    print(json.dumps(told | report(asyncio.run(measured)), indent=1))


if __name__ == "__main__":
    main()
