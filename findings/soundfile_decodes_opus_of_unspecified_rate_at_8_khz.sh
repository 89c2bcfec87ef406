#!/usr/bin/env bash
# soundfile 0.14.0 (libsndfile 1.2.2), with numpy 2.4.6.
#
# The header of an Opus stream names the sample rate of what was encoded, for information only; 0 means "unspecified"
# (RFC 7845, section 5.1), and decoders are to use 48 kHz then. soundfile decodes such a file at 8 kHz: all above 4 kHz is
# lost, without an error or a warning.
#
# Why that is a surprise: the same sound, with a header that is as valid, loses most of its band.
#
# Seen in 2026-11, a tone of 6 kHz whose header is changed from 48,000 to 0:
#
#     rate in the header 48000: decoded at 48000 Hz, level 0.21
#     rate in the header 0: decoded at 8000 Hz, level 0.00
#
# Exits with 0 while it is so, and with 1 once such a file is decoded at 48 kHz.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check soundfile==0.14.0 numpy==2.4.6
"$folder/venv/bin/python" -I - <<'PY' | tee "$folder/seen"
import io
import struct

import numpy as np
import soundfile

RATE = 48_000


def checksum(page):
    """The CRC of an Ogg page: polynomial 0x04C11DB7, from 0, not reflected (RFC 3533, section 6)."""
    crc = 0
    for byte in page:
        crc ^= byte << 24
        for _ in range(8):
            crc = (crc << 1 ^ (0x04C11DB7 if crc & 0x80000000 else 0)) & 0xFFFFFFFF
    return crc


def with_rate(ogg, rate):
    """The same file with another input rate in the header, which is the first page."""
    changed = bytearray(ogg)
    struct.pack_into("<I", changed, changed.index(b"OpusHead") + 12, rate)
    segments = changed[26]
    end = 27 + segments + sum(changed[27 : 27 + segments])
    struct.pack_into("<I", changed, 22, 0)
    struct.pack_into("<I", changed, 22, checksum(changed[:end]))
    return bytes(changed)


file = io.BytesIO()
wave = 0.3 * np.sin(2 * np.pi * 6000 * np.arange(RATE) / RATE)
soundfile.write(file, wave, RATE, format="OGG", subtype="OPUS")
for named in (48_000, 0):
    sound, rate = soundfile.read(io.BytesIO(with_rate(file.getvalue(), named)))
    level = np.sqrt((sound**2).mean())
    print(f"rate in the header {named}: decoded at {rate} Hz, level {level:.2f}")
PY
cmp --quiet - "$folder/seen" <<'TXT'
rate in the header 48000: decoded at 48000 Hz, level 0.21
rate in the header 0: decoded at 8000 Hz, level 0.00
TXT
