"""Time a whole check-in with the real bot in the playground: `make bench`.

A check-in is a 1280-pixel photo and a five-second voice note. What is measured, warm:

- each step of the models, in this process, with as many threads as the bot's worker has;
- photo sent to answer shown, and voice note sent to reading shown (a picture), as the person sees it;
- the start of the bot, and the peak memory of its processes;
- the same with `--people` at once, and for one person while somebody else floods the bot with photos;
- whether memory, waiting beside a flood, and the order of replies are as promised.
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import promises
from benchmarks.measure import WARM_UP, milliseconds_since, peak_memory, provenance, summary
from bot.ui import cards, pictures
from bot.ui.words import words_for
from inference import threads
from tools import processes, samples
from tools.person import Person, PlaygroundClient

PHOTO = samples.selfie(width=960)  # 960 x 1280
VOICE = samples.voice_note(seconds=5)
FLOOD = 10  # photos at once


def step_times(rounds: int, count: int) -> dict[str, Any]:
    """Return the milliseconds of each step, and of all steps of one check-in together."""
    threads.limit(count)
    from inference import FusionRules, fuse
    from inference.bundles import WEIGHTS
    from inference.engine import Engine

    engine, rules = Engine(), FusionRules.load(WEIGHTS / "fusion.json")
    engine.warm()
    steps: dict[str, list[float]] = {}
    for _ in range(rounds + 2):
        begin = time.perf_counter()
        face, voice = engine.read("face", PHOTO), engine.read("voice", VOICE)
        reading = fuse(face, voice, rules)
        models = time.perf_counter()
        cards.draw_reading(pictures.reading_card(reading, words_for("en")))
        named = {f"face {k}": v for k, v in face.ms.items()} | {f"voice {k}": v for k, v in voice.ms.items()}
        named |= {
            "picture": milliseconds_since(models),
            "compute (all but the picture)": (models - begin) * 1000,
        }
        for name, ms in named.items():
            steps.setdefault(name, []).append(ms)
    return {name: summary(ms[2:]) for name, ms in steps.items()}


@dataclass(frozen=True)
class RunningBot:
    """Hold a bot that is ready in a playground."""

    room: PlaygroundClient
    pid: int
    started_s: float


@asynccontextmanager
async def running_bot() -> AsyncIterator[RunningBot]:
    """Start the real processes, with a database of their own."""
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite+aiosqlite:///{Path(folder, 'attune.db')}"
        async with processes.playground() as address, PlaygroundClient.at(address.url) as room:
            settings = {"TELEGRAM_BOT_TOKEN": address.token, "TELEGRAM_API_URL": address.url}
            begin = time.perf_counter()
            async with processes.bot(settings | {"DATABASE_URL": database}, Path(folder, "log")) as process:
                yield RunningBot(room, process.pid, time.perf_counter() - begin)


async def one_person(rounds: int) -> dict[str, Any]:
    """Measure start, answers and memory of the real bot, with one person at a time."""
    async with running_bot() as home:
        pairs = [await check_in(await consenting_person(home.room)) for _ in range(rounds + WARM_UP)][
            WARM_UP:
        ]
        memory = peak_memory(home.pid)
    photo, voice = zip(*pairs, strict=True)
    return {
        "start_s": round(home.started_s, 2),
        "photo sent to answer": summary(photo),
        "voice sent to reading": summary(voice),
        "peak_memory_mib": memory,
    }


async def many_people(rounds: int, count: int) -> dict[str, Any]:
    """Measure the answers for `count` people at once, and for one person beside another's flood of photos."""
    async with running_bot() as home:
        people = [await consenting_person(home.room) for _ in range(count)]
        await check_in(people[0])
        together = [
            pair for _ in range(rounds) for pair in await asyncio.gather(*(check_in(p) for p in people))
        ]
        alone, beside = [], []
        for _ in range(rounds):
            alone.append(await check_in(people[0]))
            beside.append(await check_in_beside_flood(people[0], people[1], FLOOD))
        memory, answered = peak_memory(home.pid), [await replied_to(person) for person in people]
    photo, voice = zip(*together, strict=True)
    return {
        f"photo sent to answer, {count} people at once": summary(photo),
        f"voice sent to reading, {count} people at once": summary(voice),
        "check-in alone": summary([sum(pair) for pair in alone]),
        f"check-in beside {FLOOD} photos of somebody else": summary(beside),
        "peak_memory_mib": memory,
        **promises.judge_promises(memory, alone, beside, answered),
    }


async def replied_to(person: Person) -> list[int]:
    """Return the numbers of the person's messages that the bot replied to, in the order of its replies."""
    said = await person.messages()
    return [each.raw["reply_to_message"]["message_id"] for each in said if "reply_to_message" in each.raw]


async def consenting_person(room: PlaygroundClient) -> Person:
    """Return somebody who has agreed to be read."""
    person = await room.person()
    await person.say("/start")
    hello = await person.expect(buttons=("I agree, let's start",))
    await person.press(hello, hello.buttons[0])
    await person.expect("Thank you")
    return person


async def check_in(person: Person) -> tuple[float, float]:
    """Return the milliseconds from the photo to its answer, and from the voice note to the reading.

    Answers out of order, or of somebody else, would not be the ones that are expected.
    """
    begin = time.perf_counter()
    await person.photo(PHOTO)
    await person.expect("I have read your selfie. Now a voice note")
    middle = time.perf_counter()
    await person.voice(VOICE)
    await person.expect("It rests on your face and your voice", kind="photo")
    return (middle - begin) * 1000, milliseconds_since(middle)


async def check_in_beside_flood(person: Person, other: Person, photos: int) -> float:
    """Return the milliseconds of a whole check-in that begins when somebody else has just sent so many photos."""
    for _ in range(photos):
        await other.photo(PHOTO)
    took = sum(await check_in(person))
    for _ in range(photos):  # each is answered, and before the next round
        await other.expect(buttons=("Read what I sent",))
    await other.say("/cancel")
    await other.expect("Dropped")
    return took


def main() -> None:
    """Measure and print a table, or JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.checkin", description=__doc__)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--people", type=int, default=10)
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    result: dict[str, Any] = {
        **provenance("torch", "python-telegram-bot"),
        "steps_ms": step_times(args.rounds, args.threads),
        "whole_ms": asyncio.run(one_person(args.rounds)),
        "crowd_ms": asyncio.run(many_people(max(2, args.rounds // 5), args.people)),
    }
    if args.json:
        json.dump(result, sys.stdout)
        return
    print(f"{result['date']}, {result['machine']}, {args.rounds} rounds, {args.threads} threads")
    for name, value in _rows(result):
        print(
            f"{name:48}",
            value if not isinstance(value, dict) else "  ".join(f"{k} {v}" for k, v in value.items()),
        )


def _rows(result: dict[str, Any]) -> list[tuple[str, Any]]:
    return [row for part in ("steps_ms", "whole_ms", "crowd_ms") for row in result[part].items()]


if __name__ == "__main__":
    main()
