"""What only ffmpeg opens: recognised, converted within limits, and its tags."""

import sys
from pathlib import Path

import pytest

from tests.inference.sounds import encoded
from tests.inference.sounds import ffmpeg as run
from transcode import ffmpeg

PCM = "-map 0:a:0 -vn -ac 1 -ar 16000 -f s16le"


@pytest.mark.parametrize(
    ("name", "demuxer"),
    [
        ("phone.m4a", "mov"),
        ("browser.webm", "matroska"),
        ("stream.aac", "aac"),
        ("old_phone.amr", "amr"),
        ("voice_note.ogg", None),
        ("tagged.mp3", None),
    ],
)
def test_files_are_told_by_their_beginning(name: str, demuxer: str | None) -> None:
    assert ffmpeg.demuxer_of(encoded()[name][: ffmpeg.SIGNATURE_BYTES]) == demuxer


def test_no_more_comes_out_than_was_asked_for() -> None:
    assert len(ffmpeg.convert(encoded()["phone.m4a"], "mov", 1, PCM)) == 32_000


def test_a_file_on_disk_is_read_where_it_is(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(encoded()["phone.m4a"])
    assert ffmpeg.convert(tmp_path / "x", "mov", 1, PCM) == ffmpeg.convert(
        encoded()["phone.m4a"], "mov", 1, PCM
    )
    with pytest.raises(ffmpeg.ConversionFailed):
        ffmpeg.convert(tmp_path / "y", "mov", 1, PCM)


@pytest.mark.parametrize("name", ["phone.m4a", "browser.webm"])
def test_damaged_files_have_the_named_error(name: str) -> None:
    with pytest.raises(ffmpeg.ConversionFailed):
        ffmpeg.convert(encoded()[name][:60], str(ffmpeg.demuxer_of(encoded()[name])), 1, PCM)


@pytest.mark.parametrize("kind", ["m4a", "webm", "mka"])
def test_tags_are_read_whatever_they_hold(kind: str, tmp_path: Path) -> None:
    title, named = "[MV] a=b; c\\d # é", tmp_path / f"named.{kind}"
    tags = ("-metadata", f"title={title}", "-metadata", "artist=Ida", "-metadata", "comment=title=x")
    run("-f", "lavfi", "-i", "sine=duration=1", *tags, str(named))
    data = named.read_bytes()
    assert ffmpeg.title_and_artist(data, str(ffmpeg.demuxer_of(data))) == (title, "Ida")


def test_what_has_no_tags_names_nothing() -> None:
    assert ffmpeg.title_and_artist(encoded()["phone.m4a"], "mov") == ("", "")


FILM = "-an -frames:v 1 -f image2pipe -c:v mjpeg"


@pytest.mark.parametrize("name", ["video.mp4", "video.webm", "video.mov"])
def test_pictures_of_too_many_pixels_are_not_decoded(name: str) -> None:
    data, few = encoded()[name], ffmpeg.Limits(pixels=64 * 64 - 1)
    demuxer = str(ffmpeg.demuxer_of(data))
    assert ffmpeg.convert(data, demuxer, 1, FILM, ffmpeg.Limits(pixels=64 * 64))
    with pytest.raises(ffmpeg.PicturesTooLarge):
        ffmpeg.convert(data, demuxer, 1, FILM, few)
    assert ffmpeg.convert(data, demuxer, 1, PCM, few) == ffmpeg.convert(data, demuxer, 1, PCM)


@pytest.mark.skipif(sys.platform != "linux", reason="the system holds no process to so much memory")
def test_ffmpeg_gets_no_more_memory_than_its_limit() -> None:
    data = encoded()["video.mp4"]
    assert ffmpeg.convert(data, "mov", 1, FILM, ffmpeg.Limits(memory=256 * 2**20))
    with pytest.raises(ffmpeg.ConversionFailed):
        ffmpeg.convert(data, "mov", 1, FILM, ffmpeg.Limits(memory=16 * 2**20))


def test_a_hanging_ffmpeg_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    hanging = tmp_path / "ffmpeg"
    hanging.write_text("#!/bin/sh\nsleep 60\n")
    hanging.chmod(0o700)
    monkeypatch.setattr("imageio_ffmpeg.get_ffmpeg_exe", lambda: str(hanging))
    monkeypatch.setattr("transcode.ffmpeg.SECONDS", 0.5)
    with pytest.raises(ffmpeg.ConversionFailed):
        ffmpeg.convert(b"x", "mov", 1, PCM)
