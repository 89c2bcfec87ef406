#!/usr/bin/env bash
# soundfile 0.14.0 (libsndfile 1.2.2), with numpy 2.4.6.
#
# An Ogg file may hold several recordings one after the other ("chaining", RFC 3533, section 4): recorders that pause, and
# programs that put files one behind the other, make such. soundfile.read gives the first one and ends there without an
# error or a warning, and soundfile.info tells the length of the first one alone, for Vorbis and for Opus.
#
# Why that is a surprise: the rest is lost silently, and a program cannot see that there was any.
#
# Seen in 2026-11:
#
#     VORBIS: 1.0 s of 3.0 s
#     OPUS: 1.0 s of 3.0 s
#
# Exits with 0 while it is so, and with 1 once all of the file is read or an error says that it was not.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check soundfile==0.14.0 numpy==2.4.6
"$folder/venv/bin/python" -I - <<'PY' | tee "$folder/seen"
import io

import numpy as np
import soundfile

RATE = 48_000


def tone(hertz, seconds, kind):
    file = io.BytesIO()
    wave = 0.3 * np.sin(2 * np.pi * hertz * np.arange(RATE * seconds) / RATE)
    soundfile.write(file, wave, RATE, format="OGG", subtype=kind)
    return file.getvalue()


for kind in ("VORBIS", "OPUS"):
    chained = tone(440, 1, kind) + tone(880, 2, kind)
    sound, rate = soundfile.read(io.BytesIO(chained))
    print(f"{kind}: {len(sound) / rate:.1f} s of 3.0 s")
PY
printf 'VORBIS: 1.0 s of 3.0 s\nOPUS: 1.0 s of 3.0 s\n' | cmp --quiet - "$folder/seen"
