"""Try the importer and the selection on a file: `python -m music import|select`."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

from affect import Affect, Goal, goal_for
from music.listen import listen_link
from music.moods import mood_of
from music.selection import Candidate, Choice, match, regulate
from music.sources import ImportedPlaylist, PlaylistError, read_playlist


def main() -> int:
    """Run one command; 0, or 1 with a sentence on stderr when the file is no playlist."""
    arguments = _parser().parse_args()
    try:
        playlist = read_playlist(arguments.file.name, arguments.file.read_bytes())
    except (PlaylistError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    result = _imported(playlist) if arguments.command == "import" else _selected(playlist, arguments)
    if arguments.json:
        print(json.dumps(result, ensure_ascii=False, indent=1))
    else:
        for track in result["tracks"]:
            print(f"{track['artist']} – {track['title']}")
    return 0


def coordinate(text: str) -> float:
    """A number within -1..1; argparse names this function when it is none."""
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
    for command in (importing, selecting):
        command.add_argument("--json", action="store_true")
    return parser


def _imported(playlist: ImportedPlaylist) -> dict[str, Any]:
    return {
        "name": playlist.name,
        "tracks": [track.to_dict() for track in playlist.tracks],
        "skipped": [{"row": row.row, "reason": row.reason} for row in playlist.skipped],
        "problems": list(playlist.problems),
    }


def _selected(playlist: ImportedPlaylist, arguments: argparse.Namespace) -> dict[str, Any]:
    candidates = [Candidate(i, track, mood_of(track)) for i, track in enumerate(playlist.tracks)]
    affect, rng = Affect(arguments.valence, arguments.arousal), np.random.default_rng(arguments.seed)
    if arguments.mode == "match":
        choices = match(candidates, affect, arguments.n, rng)
    else:
        goal = arguments.goal or goal_for(affect)
        choices = regulate(candidates, affect, goal.affect, arguments.n, rng)
    return {"tracks": [_shown(choice) for choice in choices]}


def _shown(choice: Choice) -> dict[str, Any]:
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
