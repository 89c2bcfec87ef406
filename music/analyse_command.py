"""`python -m music analyse`: what the sound of each file tells."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from music.errors import NotSound
from music.wording import worded


def analyse(paths: Sequence[Path], as_json: bool) -> int:
    """Print one object (or line) per file, in their order, also for those that are no sound; 1 for broken weights."""
    from music.sound import BadWeights  # here, since torch takes seconds to load and only this needs it

    try:
        heard = [_heard(path) for path in paths]
    except BadWeights as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    lines = [json.dumps(heard, ensure_ascii=False, indent=1)] if as_json else [_line(each) for each in heard]
    print("\n".join(lines))  # noqa: T201
    return 0


def _heard(path: Path) -> dict[str, Any]:
    from music.sound import analyse, read_sound

    try:
        told = analyse(read_sound(path))
    except NotSound as error:
        return {"path": str(path), "error": worded(error.problem)}
    return {
        "path": str(path),
        "valence": round(told.mood.affect.valence, 4),
        "arousal": round(told.mood.affect.arousal, 4),
        "valence_sd": round(told.mood.sd_valence, 4),
        "arousal_sd": round(told.mood.sd_arousal, 4),
        "tempo": round(told.mood.tempo, 1) if told.mood.tempo else None,
        "loudness": round(told.loudness, 1),
    }


def _line(told: dict[str, Any]) -> str:
    if "error" in told:
        return f"{told['path']}: {told['error']}"
    return f"{told['path']}: valence {told['valence']:+.2f}, arousal {told['arousal']:+.2f}"
