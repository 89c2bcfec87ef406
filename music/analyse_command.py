"""Run `python -m music analyse`: print what the sound of each file tells."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from music.errors import BadWeights, NotSound
from music.wording import worded


def analyse(paths: Sequence[Path], as_json: bool) -> int:
    """Print one object (or line) per file, in their order; returns 1 for weights that cannot be read.

    Otherwise it returns 0. Files that are no sound are listed as well, with a sentence on why.
    """
    try:
        analyses = [_analysis(path) for path in paths]
    except BadWeights as error:
        print(worded(error.problem), file=sys.stderr)  # noqa: T201
        return 1
    lines = (
        [json.dumps(analyses, ensure_ascii=False, indent=1)]
        if as_json
        else [_line(each) for each in analyses]
    )
    print("\n".join(lines))  # noqa: T201
    return 0


def _analysis(path: Path) -> dict[str, Any]:
    # Here, since torch takes seconds to load and only this needs it.
    from music.sound import analyse, read_sound

    try:
        analysis = analyse(read_sound(path))
    except NotSound as error:
        return {"path": str(path), "error": worded(error.problem)}
    return {
        "path": str(path),
        "valence": round(analysis.mood.affect.valence, 4),
        "arousal": round(analysis.mood.affect.arousal, 4),
        "valence_sd": round(analysis.mood.sd_valence, 4),
        "arousal_sd": round(analysis.mood.sd_arousal, 4),
        "tempo": round(analysis.mood.tempo, 1) if analysis.mood.tempo else None,
        "loudness": round(analysis.loudness, 1),
    }


def _line(analysis: dict[str, Any]) -> str:
    if "error" in analysis:
        return f"{analysis['path']}: {analysis['error']}"
    return f"{analysis['path']}: valence {analysis['valence']:+.2f}, arousal {analysis['arousal']:+.2f}"
