"""Sound files that libsndfile does not open, for the command and for the chat alike, and what files are called."""

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from bot.usecases import track_mapping
from domain.tracks import Track
from music.sound import NotSound, read_sound, tags_of
from music.sound.features import RATE
from tests.inference.sounds import ffmpeg
from tests.music.test_commands import run

KINDS = {
    "m4a": ["-c:a", "aac"],
    "alac.m4a": ["-c:a", "alac"],
    "aac": ["-c:a", "aac", "-f", "adts"],
    "wma": ["-c:a", "wmav2"],
    "webm": ["-c:a", "libopus"],
    "mka": ["-c:a", "libmp3lame"],
}


def made(path: Path, *options: str, sound: str = "sine=440:duration=6") -> Path:
    ffmpeg("-f", "lavfi", "-i", sound, *options, str(path))
    return path


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_that_people_have_is_heard(kind: str, tmp_path: Path) -> None:
    path = made(tmp_path / f"x.{kind}", *KINDS[kind])
    sound = read_sound(path)
    assert 5.5 * RATE < len(sound) < 6.5 * RATE
    spectrum = np.abs(np.fft.rfft(sound.numpy()))
    assert abs(spectrum.argmax() * RATE / len(sound) - 440) < 5
    heard = track_mapping.analyse(path.read_bytes(), Track("x", "Band"))
    assert heard.mood is not None


def test_half_a_minute_from_the_middle_is_heard(tmp_path: Path) -> None:
    """A second of noise in the middle, silence around."""
    sound = "anoisesrc=duration=1:amplitude=0.5:seed=1,adelay=35s:all=1,apad=whole_dur=71"
    heard = read_sound(made(tmp_path / "long.m4a", "-c:a", "aac", sound=sound))
    assert abs(len(heard) - 30 * RATE) < RATE
    assert abs(float(heard.abs().argmax()) / RATE - 15.5) < 1.5


def test_the_command_hears_them_and_says_which_it_cannot(tmp_path: Path) -> None:
    good, film = made(tmp_path / "x.m4a"), tmp_path / "film.mp4"
    ffmpeg("-f", "lavfi", "-i", "color=blue:size=64x64:duration=1", str(film))
    told = json.loads(run("analyse", good, film, tmp_path, "--json").stdout)
    assert -1 <= told[0]["valence"] <= 1
    assert [each["error"] for each in told[1:]] == ["This is no sound file that I can read."] * 2


@pytest.mark.parametrize("kept", [0.01, 0.5])
def test_damaged_files_are_sound_or_a_named_error(kept: float, tmp_path: Path) -> None:
    data = made(tmp_path / "x.m4a").read_bytes()
    with pytest.raises(NotSound):
        read_sound(data[: int(kept * len(data))])


@pytest.mark.parametrize("kind", ["m4a", "wma", "webm", "mp3", "flac", "ogg"])
def test_files_are_called_what_their_tags_say(kind: str, tmp_path: Path) -> None:
    path = made(tmp_path / f"x.{kind}", "-metadata", "title= Blue \n  night", "-metadata", "artist=Ida")
    assert tags_of(path.read_bytes()) == ("Blue night", "Ida")


def test_the_oldest_tags_of_mp3_are_read(tmp_path: Path) -> None:
    path = made(tmp_path / "x.mp3", "-id3v2_version", "0", "-write_id3v1", "0")
    tag = b"TAG" + b"Blue".ljust(30, b"\0") + b"Ida".ljust(30, b"\0") + bytes(65)
    assert tags_of(path.read_bytes() + tag) == ("Blue", "Ida")


def test_what_is_no_sound_has_no_tags(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "x.wav", np.zeros(RATE), RATE)
    for data in (b"", b"ID3", b"\xff\xfb", b"\0\0\0\x18ftypM4A ", (tmp_path / "x.wav").read_bytes()):
        assert tags_of(data) == ("", "")
