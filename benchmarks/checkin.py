"""Time a whole check-in with the real bot in the playground: `make bench`.

A check-in is a 1280-pixel photo and a five-second voice note. What is measured, warm:

- each step of the models, in this process, with as many threads as the bot's worker has;
- photo sent to answer shown, and voice note sent to reading shown (a picture), as the person sees it;
- the start of the bot, and the peak memory of its processes.
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.measure import about, peak_memory, since, summary
from bot import cards, reading_card
from bot.words import words_for
from inference import threads
from tools import processes, samples
from tools.person import Person, Room

PHOTO = samples.selfie(width=960)  # 960 x 1280
VOICE = samples.voice_note(seconds=5)


def parts(rounds: int, count: int) -> dict[str, Any]:
    """Milliseconds of each step, and of all steps of one check-in together."""
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
        cards.draw(reading_card.of(reading, words_for("en")))
        named = {f"face {k}": v for k, v in face.ms.items()} | {f"voice {k}": v for k, v in voice.ms.items()}
        named |= {"picture": since(models), "compute (all but the picture)": (models - begin) * 1000}
        for name, ms in named.items():
            steps.setdefault(name, []).append(ms)
    return {name: summary(ms[2:]) for name, ms in steps.items()}


async def whole(rounds: int) -> dict[str, Any]:
    """Start, answers and memory of the real bot."""
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite+aiosqlite:///{Path(folder, 'attune.db')}"
        async with processes.playground() as address, Room.at(address.url) as room:
            settings = {"TELEGRAM_BOT_TOKEN": address.token, "TELEGRAM_API_URL": address.url}
            begin = time.perf_counter()
            async with processes.bot(settings | {"DATABASE_URL": database}, Path(folder, "log")) as process:
                started = time.perf_counter() - begin
                pairs = [await check_in(await room.person()) for _ in range(rounds + 2)][2:]
                memory = peak_memory(process.pid)
    photo, voice = zip(*pairs, strict=True)
    return {
        "start_s": round(started, 2),
        "photo sent to answer": summary(photo),
        "voice sent to reading": summary(voice),
        "peak_memory_mib": memory,
    }


async def check_in(person: Person) -> tuple[float, float]:
    """Milliseconds from the photo to its answer, and from the voice note to the reading."""
    await person.say("/start")
    hello = await person.expect(buttons=("I agree, let's start",))
    await person.press(hello, hello.buttons[0])
    await person.expect("Thank you")
    begin = time.perf_counter()
    await person.photo(PHOTO)
    await person.expect("I have read your selfie")
    middle = time.perf_counter()
    await person.voice(VOICE)
    await person.expect(kind="photo")
    return (middle - begin) * 1000, since(middle)


def main() -> None:
    """Measure and print a table, or JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.checkin", description=__doc__)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    result: dict[str, Any] = {
        **about("torch", "python-telegram-bot"),
        "steps_ms": parts(args.rounds, args.threads),
        "whole_ms": asyncio.run(whole(args.rounds)),
    }
    if args.json:
        json.dump(result, sys.stdout)
        return
    print(f"{result['date']}, {result['machine']}, {args.rounds} rounds, {args.threads} threads")
    for name, value in {**result["steps_ms"], **result["whole_ms"]}.items():
        print(
            f"{name:32}",
            value if not isinstance(value, dict) else "  ".join(f"{k} {v}" for k, v in value.items()),
        )


if __name__ == "__main__":
    main()
