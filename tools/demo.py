"""Play one scripted conversation with the real bot in the playground and check every answer: `make demo`.

Prints the transcript, writes the pictures that the bot sent to demo/, and exits with 1 at the first answer that is
not as it should be. `make demo FACE=me.jpg VOICE=me.ogg` takes your own files instead of the drawn ones.
"""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from tools import processes, samples
from tools.person import BotMessage, MissingAnswer, Person, PlaygroundClient

OUT = Path("demo")
TRACKS = [line.split(",")[1] for line in samples.playlist().decode().splitlines()[1:]]


class WrongAnswer(Exception):
    """Say that an answer is wrong; the message says what."""


async def converse(person: Person, face: bytes, voice: bytes) -> None:
    """Play consent, a playlist, a check-in, Regulate and a thumb."""
    await person.say("/start")
    hello = await person.expect("emotion", "never stored")
    await person.press(hello, hello.buttons[0])
    await person.expect("Thank you")
    await person.document(samples.playlist(), samples.PLAYLIST_NAME, "text/csv")
    await person.expect(str(len(TRACKS)))
    await person.photo(face)
    await person.expect("Got your selfie")
    await person.voice(voice)
    await person.expect("Got your voice note")
    reading = await person.expect(
        "It rests on your face and your voice", kind="photo", buttons=("Match", "Regulate", "Not quite right")
    )
    await keep(person, reading, "reading.jpg")
    await person.press(reading, "Regulate")
    await keep(person, await person.expect("The way through your playlist", kind="photo"), "walk.jpg")
    tracks = await person.expect("Regulate", "step 5 of 5", buttons=("👍 1", "More"))
    sent = [title for title in TRACKS if title in tracks.text]
    check(len(sent) == 5, f"five tracks of the playlist were expected, {len(sent)} came")
    check(bool(await person.press(tracks, "👍 1")), "the thumb was not answered")


def check(right: bool, otherwise: str) -> None:
    """Raise WrongAnswer unless a condition holds."""
    if not right:
        raise WrongAnswer(otherwise)


async def keep(person: Person, message: BotMessage, name: str) -> None:
    """Write a picture that the bot sent."""
    OUT.mkdir(exist_ok=True)
    (OUT / name).write_bytes(await person.download(message))


async def play(face: bytes, voice: bytes) -> int:
    """Start everything on free ports, converse, print; returns the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "bot.log")
        database = f"sqlite+aiosqlite:///{Path(folder, 'attune.db')}"
        async with processes.playground() as address, PlaygroundClient.at(address.url) as room:
            settings = {"TELEGRAM_BOT_TOKEN": address.token, "TELEGRAM_API_URL": address.url}
            print("Starting the bot ...", file=sys.stderr)
            async with processes.bot(settings | {"DATABASE_URL": database}, log):
                person = await room.person("Ana", language_code="en")
                problem = await _problem(room, person, face, voice)
                print(await person.transcript())
        if problem:
            print(f"\nNot as it should be: {problem}\n{log.read_text()}", file=sys.stderr)
            return 1
    print(f"\nAs it should be. The pictures are in {OUT}/.")
    return 0


async def _problem(room: PlaygroundClient, person: Person, face: bytes, voice: bytes) -> str | None:
    """Return what went wrong, if anything; violations of Telegram's schema and limits count too."""
    try:
        await converse(person, face, voice)
    except (MissingAnswer, WrongAnswer) as error:
        return str(error)
    wrong = [f"{call['method']}: {call['problems']}" for call in await room.calls() if call["problems"]]
    return "; ".join(wrong) or None


def main() -> int:
    """Read the command line and play."""
    parser = argparse.ArgumentParser(prog="python -m tools.demo", description=__doc__)
    parser.add_argument("--face", type=Path, help="a photo instead of the drawn one")
    parser.add_argument("--voice", type=Path, help="an Ogg/Opus voice note instead of the made one")
    args = parser.parse_args()
    face = args.face.read_bytes() if args.face else samples.selfie()
    voice = args.voice.read_bytes() if args.voice else samples.voice_note()
    return asyncio.run(play(face, voice))


if __name__ == "__main__":
    sys.exit(main())
