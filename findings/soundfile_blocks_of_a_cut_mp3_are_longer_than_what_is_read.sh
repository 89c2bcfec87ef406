#!/usr/bin/env bash
# soundfile 0.14.0 (libsndfile 1.2.2), with numpy 2.4.6.
#
# An MP3 says in its first frame how many frames follow; of one whose end is missing, as after a broken download, fewer
# are there. SoundFile.read gives what is there. SoundFile.blocks gives as many frames as the file promises: nothing was
# read into the rest of them, so their values differ from one time to the next.
#
# Why that is a surprise: whoever reads block by block, to spare memory, hears other things than who reads at once.
#
# Seen in 2026-11, the first half of an MP3 of one second:
#
#     promised 44100, read at once 16175, read in blocks 44100
#
# Exits with 0 while it is so, and with 1 once both ways give equally many frames.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check soundfile==0.14.0 numpy==2.4.6
"$folder/venv/bin/python" -I - <<'PY' 2> "$folder/warnings" | tee "$folder/seen"
import io

import numpy as np
import soundfile

RATE = 44_100

whole = io.BytesIO()
soundfile.write(whole, 0.3 * np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE), RATE, format="MP3")
half = whole.getvalue()[: len(whole.getvalue()) // 2]
with soundfile.SoundFile(io.BytesIO(half)) as file:
    promised, at_once = file.frames, len(file.read())
with soundfile.SoundFile(io.BytesIO(half)) as file:
    in_blocks = sum(map(len, file.blocks(blocksize=4096)))
print(f"promised {promised}, read at once {at_once}, read in blocks {in_blocks}")
PY
grep --quiet --line-regexp 'promised 44100, read at once 16175, read in blocks 44100' "$folder/seen"
