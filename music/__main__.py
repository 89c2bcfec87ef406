"""Try the importer, the selection and the ear on files: `python -m music import|select|analyse`."""

import argparse
import json
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from domain import Affect, Goal, goal_for
from domain.tracks import TRACK_JSON, Track
from music.analyse_command import analyse
from music.moods import mood_of
from music.selection import Candidate, CandidateList, Choice, SelectionRequest, select
from music.sources import ImportedPlaylist, PlaylistError, read_playlist
from music.track_links import listen_link
from music.wording import worded

_ENCODER = json.JSONEncoder(ensure_ascii=False)  # one for all tracks: json.dumps makes one for each


def main() -> int:
    """Run one command; returns 0, or 1 with a sentence on stderr when the file is no playlist."""
    arguments = _parser().parse_args()
    if arguments.command == "analyse":
        return analyse(arguments.audio, arguments.json)
    began = time.perf_counter()
    try:
        playlist = read_playlist(arguments.file.name, arguments.file.read_bytes())
        if arguments.command == "select":
            _print_selection(playlist.nonempty(), arguments)
        else:
            _print_playlist(playlist, arguments, 1000 * (time.perf_counter() - began))
    except (PlaylistError, OSError) as error:
        print(worded(error.problem) if isinstance(error, PlaylistError) else error, file=sys.stderr)
        return 1
    return 0


def coordinate(text: str) -> float:
    """Parse a number within -1..1; argparse names this function when it is none."""
    return Affect(float(text), 0).valence


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m music", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    importing = commands.add_parser("import", help="read a playlist file")
    importing.add_argument("file", type=Path, metavar="FILE")
    selecting = commands.add_parser("select", help="choose tracks for a mood")
    selecting.add_argument("--playlist", dest="file", type=Path, required=True, metavar="FILE")
    selecting.add_argument("--valence", type=coordinate, required=True, help="of the mood now, -1..1")
    selecting.add_argument("--arousal", type=coordinate, required=True, help="of the mood now, -1..1")
    selecting.add_argument("--mode", choices=["match", "regulate"], required=True)
    selecting.add_argument(
        "--goal", type=Goal, choices=list(Goal), help="of regulate; by default what suits the mood"
    )
    selecting.add_argument("--n", type=int, default=5)
    selecting.add_argument("--seed", type=int, help="for the same answer every time")
    analysing = commands.add_parser("analyse", help="hear the mood of sound files")
    analysing.add_argument("audio", type=Path, nargs="+", metavar="AUDIO")
    for command in (importing, selecting, analysing):
        command.add_argument("--json", action="store_true")
    return parser


def _print_playlist(playlist: ImportedPlaylist, arguments: argparse.Namespace, ms: float) -> None:
    """Print the playlist as JSON or as a line for each track; `ms` is how long reading took."""
    if not arguments.json:
        _print_labels(playlist.tracks)
        return
    # Track by track: a playlist of 100,000 as one text would take more memory than the playlist itself.
    print(f'{{"format": {_json(playlist.format)}, "name": {_json(playlist.name)}, "tracks": [')
    for number, track in enumerate(playlist.tracks, 1):
        values = TRACK_JSON.dump_python(track, mode="json")
        print(_json(values), end=",\n" if number < len(playlist.tracks) else "\n")
    skipped = [{"row": row.row, "reason": worded(row.reason)} for row in playlist.skipped]
    problems = list(map(worded, playlist.problems))
    print(f'], "skipped": {_json(skipped)}, "problems": {_json(problems)}, "ms": {ms:.1f}}}')


def _print_labels(tracks: Iterable[Track]) -> None:
    for track in tracks:
        print(track.label or track.link)


def _json(value: object) -> str:
    return _ENCODER.encode(value)


def _print_selection(playlist: ImportedPlaylist, arguments: argparse.Namespace) -> None:
    candidates = CandidateList(Candidate(i, track, mood_of(track)) for i, track in enumerate(playlist.tracks))
    affect, rng = Affect(arguments.valence, arguments.arousal), np.random.default_rng(arguments.seed)
    goal = None if arguments.mode == "match" else (arguments.goal or goal_for(affect)).affect
    choices = select(candidates, SelectionRequest(affect, arguments.n, goal), rng)
    if arguments.json:
        print(json.dumps({"tracks": [_as_dict(choice) for choice in choices]}, ensure_ascii=False, indent=1))
    else:
        _print_labels(choice.track for choice in choices)


def _as_dict(choice: Choice) -> dict[str, Any]:
    return {
        "title": choice.track.title,
        "artist": choice.track.artist,
        "link": listen_link(choice.track),
        "mood": choice.mood.to_dict(),
        "waypoint": {"valence": choice.waypoint.valence, "arousal": choice.waypoint.arousal},
        "reason": {
            "kind": choice.reason.kind.value,
            "step": choice.reason.step,
            "steps": choice.reason.steps,
            "source": choice.reason.source.value,
            "distance": round(choice.reason.distance, 3),
            "reaches": choice.reason.reaches,
        },
    }


if __name__ == "__main__":
    sys.exit(main())
