"""Sounds as people send them become mono 16 kHz, and whatever is no sound is refused in time."""

import http.server
import os
import threading
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from inference.errors import Code, Unreadable
from inference.voice import decode as module
from inference.voice.decode import MAX_SECONDS, MIN_SECONDS, RATE, decode
from tests.examples import times
from tests.inference.leaks import counted, open_files
from tests.inference.sounds import AMPLITUDE, ENCODINGS, HERTZ, SECONDS, Sound, encoded, ffmpeg, tone, written
from tools import samples


def code_of(data: bytes) -> Code:
    with pytest.raises(Unreadable) as caught:
        decode(data)
    assert str(caught.value).endswith(".")
    return caught.value.code


def assert_tone(sound: Sound, level: float = AMPLITUDE, tolerance: float = 0.1) -> None:
    """The right length within 60 ms, the right pitch (so the right rate), and the right level."""
    assert sound.dtype == np.float32
    assert sound.ndim == 1
    assert len(sound) / RATE == pytest.approx(SECONDS, abs=0.06)
    middle = sound[RATE // 2 : RATE // 2 + RATE]
    assert np.abs(np.fft.rfft(middle)).argmax() == pytest.approx(HERTZ, abs=1)
    assert middle.std() * 2**0.5 == pytest.approx(level, rel=tolerance)


@pytest.mark.parametrize("name", ENCODINGS)
def test_every_promised_format(name: str) -> None:
    assert_tone(decode(encoded()[name]), tolerance=0.35 if name.endswith("amr") else 0.1)


@pytest.mark.parametrize("rate", [8_000, 11_025, 16_000, 22_050, 44_100, 96_000, 192_000])
def test_every_rate(rate: int) -> None:
    assert_tone(decode(written(tone(rate=rate), rate)))


@pytest.mark.parametrize(
    "subtype", ["PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE", "ULAW", "IMA_ADPCM"]
)
def test_every_depth(subtype: str) -> None:
    assert_tone(decode(written(tone(), 48_000, subtype)))


@pytest.mark.parametrize("channels", [2, 6])
def test_channels_are_averaged(channels: int) -> None:
    one_speaks = np.zeros((int(SECONDS * RATE), channels), np.float32)
    one_speaks[:, 1] = tone(rate=RATE)
    assert_tone(decode(written(one_speaks)), level=AMPLITUDE / channels)


def test_telegrams_voice_note_keeps_what_was_said() -> None:
    said, heard = samples.voice(3.0)[::3], decode(samples.voice_note(3.0))
    loudness = [np.sqrt(np.square(s[: 80 * 600].reshape(80, -1)).mean(1)) for s in (said, heard)]
    assert np.corrcoef(*loudness)[0, 1] > 0.98


@pytest.mark.parametrize(("name", "codec"), [("wav", "pcm_s16le"), ("m4a", "alac")])
def test_five_minutes_are_cut(name: str, codec: str, tmp_path: Path) -> None:
    path = tmp_path / f"long.{name}"
    ffmpeg("-f", "lavfi", "-i", "sine=440:duration=300:sample_rate=8000", "-c:a", codec, str(path))
    assert len(decode(path.read_bytes())) / RATE == pytest.approx(MAX_SECONDS, abs=0.06)


def test_hours_of_silence_in_many_channels_take_little_memory() -> None:
    packed = written(np.zeros((RATE * 70, 8), np.float32), RATE, None, "FLAC")
    assert len(packed) < 2**19
    tracemalloc.start()
    try:
        assert len(decode(packed)) == MAX_SECONDS * RATE
        assert tracemalloc.get_traced_memory()[1] < 20 * 2**20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("seconds", [0.0, 0.01, MIN_SECONDS - 0.02])
def test_too_short(seconds: float) -> None:
    assert code_of(written(tone(seconds, RATE))) is Code.TOO_SHORT


def test_just_long_enough() -> None:
    assert len(decode(written(tone(MIN_SECONDS + 0.02, RATE)))) >= MIN_SECONDS * RATE


def test_too_many_bytes_are_refused_unopened() -> None:
    assert code_of(written(tone()) + bytes(module.MAX_BYTES)) is Code.SOUND_TOO_LARGE


@pytest.mark.parametrize("poison", [np.nan, np.inf, -np.inf])
def test_a_float_file_with_no_numbers_in_it(poison: float) -> None:
    sound = tone(rate=RATE)
    sound[1000] = poison
    assert code_of(written(sound, subtype="FLOAT")) is Code.NOT_SOUND


def test_more_than_full_scale_is_clipped() -> None:
    heard = decode(written(tone(rate=RATE) * 1e30, subtype="FLOAT"))
    assert np.abs(heard).max() == 1


@pytest.mark.parametrize("rate", [1, 1_000, 1_000_000])
def test_rates_that_no_recorder_has(rate: int) -> None:
    assert code_of(written(tone(rate=RATE), rate)) is Code.NOT_SOUND


@pytest.mark.parametrize("rate", [0, 2**31, 2**32 - 1])
def test_rates_that_only_a_header_can_name(rate: int) -> None:
    sound = bytearray(written(tone(rate=RATE)))
    sound[24:28] = rate.to_bytes(4, "little")
    assert code_of(bytes(sound)) is Code.NOT_SOUND


def test_a_minute_in_very_many_channels_takes_little_memory() -> None:
    channels, rate = 1024, 192_000
    packed = written(np.zeros((rate // 20, channels), np.float32), rate, "PCM_U8")
    tracemalloc.start()
    try:
        assert code_of(packed) is Code.TOO_SHORT
        assert tracemalloc.get_traced_memory()[1] < 40 * 2**20
    finally:
        tracemalloc.stop()


def test_a_video_without_sound(tmp_path: Path) -> None:
    path = tmp_path / "silent.mp4"
    ffmpeg("-f", "lavfi", "-i", "color=blue:size=64x64:duration=1", str(path))
    assert code_of(path.read_bytes()) is Code.NOT_SOUND


@pytest.mark.parametrize(
    "data", [b"", b"\0" * 5000, b"hello " * 500, samples.scenery(), b"ID3", b"RIFF\0\0\0\0WAVE"]
)
def test_what_is_no_sound(data: bytes) -> None:
    assert code_of(data) is Code.NOT_SOUND


_MAGIC = [
    b"",
    b"RIFF\x24\0\0\0WAVEfmt ",
    b"OggS\0\x02",
    b"fLaC\0\0\0\x22",
    b"ID3\x04\0\0",
    b"\xff\xfb\x90\x64",
    b"FORM",
    b".snd",
]


@given(st.sampled_from(_MAGIC), st.binary(max_size=400))
@settings(max_examples=times(1.5), deadline=5000)
def test_random_bytes_are_refused_or_read_but_never_crash(magic: bytes, rest: bytes) -> None:
    survives(magic + rest)


@given(
    st.sampled_from([b"\0\0\0\x18ftyp", b"\x1a\x45\xdf\xa3", b"\xff\xf1\x50\x80", b"#!AMR\n"]),
    st.binary(max_size=300),
)
@settings(max_examples=times(0.1), deadline=15_000, suppress_health_check=[HealthCheck.too_slow])
def test_random_bytes_for_ffmpeg(magic: bytes, rest: bytes) -> None:
    survives(magic + rest)


@given(
    st.sampled_from(["voice_note.ogg", "tagged.mp3", "lossless.flac", "telephone.wav", "vorbis.ogg"]),
    st.floats(0, 1),
    st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), max_size=8),
)
@example("vorbis.ogg", 0.5, [])  # its headers are whole, and no sound is left
@settings(max_examples=times(1), deadline=5000)
def test_damaged_files(name: str, kept: float, scratches: list[tuple[float, int]]) -> None:
    survives(damaged(encoded()[name], kept, scratches))


@given(
    st.sampled_from(["phone.m4a", "browser.webm", "stream.aac", "video.mp4"]),
    st.floats(0, 1),
    st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), max_size=8),
)
@settings(max_examples=times(0.1), deadline=15_000, suppress_health_check=[HealthCheck.too_slow])
def test_damaged_files_for_ffmpeg(name: str, kept: float, scratches: list[tuple[float, int]]) -> None:
    survives(damaged(encoded()[name], kept, scratches))


def damaged(data: bytes, kept: float, scratches: list[tuple[float, int]]) -> bytes:
    """The first share of a file, with some bytes overwritten."""
    file = bytearray(data[: int(len(data) * kept)])
    for place, value in scratches:
        if file:
            file[int(place * len(file))] = value
    return bytes(file)


def survives(data: bytes) -> None:
    """Either a sound within the promised bounds, or Unreadable: nothing else."""
    try:
        sound = decode(data)
    except Unreadable:
        return
    assert MIN_SECONDS * RATE <= len(sound) <= (MAX_SECONDS + 0.06) * RATE
    assert np.isfinite(sound).all()


@pytest.fixture
def watched() -> Iterator[tuple[str, list[str]]]:
    """A web server on loopback that notes whoever asks it for anything."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/secret.wav", asked
        server.shutdown()
        thread.join(timeout=10)


# What would make ffmpeg open other files, were it left to guess what it was given.
PLAYLISTS = {
    "hls": "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{target}\n#EXT-X-ENDLIST\n",
    "ffconcat": "ffconcat version 1.0\nfile {target}\n",
    "concat protocol": "#EXTM3U\n#EXTINF:10,\nconcat:{target}|{target}\n",
    "sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 9 RTP/AVP 0\n",
    "dash": '<?xml version="1.0"?><MPD><Period><BaseURL>{target}</BaseURL></Period></MPD>',
}


@pytest.mark.parametrize("disguise", [b"", b"\0\0\0\x18ftypM4A ", b"\x1a\x45\xdf\xa3"])
@pytest.mark.parametrize("playlist", PLAYLISTS)
def test_no_playlist_makes_it_open_a_file_or_an_address(
    playlist: str, disguise: bytes, watched: tuple[str, list[str]], tmp_path: Path
) -> None:
    address, asked = watched
    secret = tmp_path / "secret.wav"
    secret.write_bytes(written(tone()))
    for target in (address, str(secret), f"file://{secret}"):
        assert code_of(disguise + PLAYLISTS[playlist].format(target=target).encode()) is Code.NOT_SOUND
    assert not asked


@pytest.mark.parametrize(("playlist", "demuxer"), [("hls", "hls"), ("ffconcat", "concat"), ("sdp", "sdp")])
def test_ffmpeg_opens_nothing_else_even_if_it_took_a_playlist_for_one(
    playlist: str, demuxer: str, watched: tuple[str, list[str]]
) -> None:
    """The second lock: the containers it is held to are one, the protocols it may use the other."""
    address, asked = watched
    with pytest.raises(Unreadable):
        module._by_ffmpeg(PLAYLISTS[playlist].format(target=address).encode(), demuxer)
    assert not asked


def test_a_hanging_ffmpeg_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    hanging = tmp_path / "ffmpeg"
    hanging.write_text("#!/bin/sh\nexec sleep 60\n")
    hanging.chmod(0o755)
    monkeypatch.setattr("imageio_ffmpeg.get_ffmpeg_exe", lambda: str(hanging))
    monkeypatch.setattr("transcode.ffmpeg.SECONDS", 0.5)
    assert code_of(encoded()["phone.m4a"]) is Code.NOT_SOUND


@counted
def test_nothing_is_left_behind(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    files = [encoded()[name] for name in ("voice_note.ogg", "phone.m4a", "tagged.mp3")]
    decode(files[1])
    before = open_files()
    for data in files:
        decode(data)
        survives(data[: len(data) // 2])
        survives(data[:50])
    assert open_files() == before
    assert not list(tmp_path.iterdir())


def test_without_files_in_memory_a_temporary_one_stands_in(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delattr(os, "memfd_create", raising=False)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert_tone(decode(encoded()["phone.m4a"]))
    assert not list(tmp_path.iterdir())
