"""The student imitates, targets stay with their sounds, and a head is fitted: on small nets and made voices."""

from itertools import count
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import WavLMConfig

from inference.voice.decode import RATE
from inference.voice.net import LABELS, VoiceNet
from tests.training.faces import write_csv, write_tar
from tests.training.voices import SMALL, clip, hum, loudness, plain, small_student
from training.files import BadData
from training.voice.data.augmentation import Augmenter
from training.voice.data.clips import CROP, Clip, load_noises, load_rooms, to_int16
from training.voice.data.corpora import load_corpus
from training.voice.data.crops import FRAME, crop_with_targets
from training.voice.data.effects import opus_file, white_noise
from training.voice.distillation.distill import DistillationSampler, Recipe, distill, distillation_loss
from training.voice.distillation.targets import TeacherTargets, store_targets


def clips() -> list[Clip]:
    sounds = [hum(pitch, seconds) for pitch, seconds in ((110, 5), (150, 2), (200, 4.3))]
    return [clip(f"{number}.wav", sound=sound) for number, sound in enumerate(sounds)]


def test_targets_stay_with_their_clips(tmp_path: Path) -> None:
    heard = clips()
    store_targets(loudness, heard, tmp_path)
    targets = TeacherTargets(tmp_path, heard)
    for one in heard:
        again = targets(one.path) * targets.deviation + targets.mean
        np.testing.assert_allclose(again, loudness(one.samples), atol=0.01)
    standard = np.concatenate([targets(one.path) for one in heard])
    assert standard.mean() == pytest.approx(0, abs=1e-3)
    assert standard.std() == pytest.approx(1, abs=1e-2)
    with pytest.raises(BadData, match="1 clips have no targets"):
        TeacherTargets(tmp_path, [*heard, clip("new.wav")])


@pytest.mark.parametrize("seconds", [1.0, 3.2, 5.0])
def test_a_crop_has_the_frames_that_belong_to_its_sound(seconds: float) -> None:
    frames = int(seconds * RATE) // FRAME
    numbered = np.repeat(np.arange(frames, dtype=np.float32) / 1000, FRAME)
    one = clip(sound=numbered.astype(np.float32))
    for seed in range(20):
        sound, target = crop_with_targets(
            one, np.arange(frames, dtype=np.float32)[:, None], np.random.default_rng(seed)
        )
        assert len(sound) == CROP
        np.testing.assert_allclose(sound.reshape(-1, FRAME)[:, 0] * 1000, target[:, 0], atol=0.02)


def test_the_sampler_hears_small_corpora_and_only_what_is_trained_on(tmp_path: Path) -> None:
    many = [clip(f"{n}.wav", "large") for n in range(100)]
    heard = [*many, clip("small.wav", "small"), clip("kept.wav", "small", split="validation")]
    store_targets(loudness, heard, tmp_path)
    sampler = DistillationSampler(
        heard, TeacherTargets(tmp_path, heard), Augmenter([], []), np.random.default_rng(1)
    )
    assert {c.split for c in sampler.clips} == {"train"}
    assert sampler.weights[-1] == pytest.approx(1 / 11)  # root of 1 against root of 100
    sound, target = sampler.batch(3)
    assert sound.shape == (3, CROP)
    assert target.shape == (3, CROP // FRAME, 1024)
    assert sound.std(1).tolist() == pytest.approx([1, 1, 1], abs=1e-3)


def test_imitation_is_best_where_all_is_alike() -> None:
    values = torch.randn(2, 9, 1024)
    assert distillation_loss(values, values).item() == pytest.approx(-1)
    assert distillation_loss(values[:, :8], values).item() == pytest.approx(-1)
    assert distillation_loss(-values, values).item() > 1


def test_a_student_learns_what_its_teacher_hears(tmp_path: Path) -> None:
    heard = clips()
    store_targets(loudness, heard, tmp_path)
    targets = TeacherTargets(tmp_path, heard)
    sampler = DistillationSampler(heard, targets, plain, np.random.default_rng(1))
    student, steps = small_student(), count()
    sound, target = sampler.batch(4)
    before = distillation_loss(student(sound), target).item()
    pupil = distill(
        student,
        sampler,
        Recipe(rate=1e-2, batch=2),
        tmp_path / "student.safetensors",
        lambda: next(steps) / 30,
    )
    assert distillation_loss(pupil(sound), target).item() < before - 0.4
    assert (tmp_path / "student.safetensors").is_file()
    assert not pupil.training


def test_a_head_is_fitted_to_what_the_trunk_hears() -> None:
    from training.voice.evaluation.metrics import validation_logits
    from training.voice.finetuning.linear_probe import fit_head

    net = VoiceNet(WavLMConfig(**SMALL))
    pitches = np.linspace(90, 360, len(LABELS))
    voices = [
        clip(emotion=label, sound=hum(pitch, 3.3, seed))
        for seed in range(3)
        for label, pitch in zip(LABELS, pitches, strict=True)
    ]
    with pytest.raises(BadData, match="no clip to train on is happy"):
        fit_head(net, [voice for voice in voices if voice.emotion != "happy"])
    fit_head(net, voices)
    answers = validation_logits(net, voices).argmax(1)
    assert (answers == [voice.label for voice in voices]).mean() > 0.8


ROWS = ("path", "corpus", "speaker", "language", "emotion", "intensity", "split")


def packed(folder: Path) -> None:
    """What this project packs: a table, and a tar of 16 kHz Ogg for each corpus."""
    write_csv(
        folder / "voices.csv",
        ROWS,
        [
            ("emodb/a.ogg", "emodb", "emodb_1", "de", "other", "boredom", "train"),
            ("ravdess/a.ogg", "ravdess", "ravdess_1", "en-US/CA", "calm", "", "validation"),
            ("rir/dry.flac", "rir", "", "", "", "rt60=0.4", "augment"),
            ("rir/hall.flac", "rir", "", "", "", "rt60=4.0", "augment"),
            ("rir/effect.flac", "rir", "", "", "", "", "augment"),
            ("street/loud.ogg", "street", "", "", "", "", "augment"),
        ],
    )
    noise = white_noise(RATE, np.random.default_rng(1))
    write_tar(folder / "emodb.tar", {"emodb/a.ogg": opus_file(hum(), 24)})
    write_tar(folder / "ravdess.tar", {"ravdess/a.ogg": opus_file(hum(seconds=2), 24)})
    rooms = {f"rir/{name}.flac": opus_file(0.1 * noise, 32) for name in ("dry", "hall", "effect")}
    write_tar(folder / "rir.tar", rooms)
    write_tar(
        folder / "street.tar",
        {"street/loud.ogg": opus_file(0.1 * noise, 32), "street/s.ogg": opus_file(0 * noise, 32)},
    )


def test_packed_corpora_are_read(tmp_path: Path) -> None:
    packed(tmp_path)
    bored, calm = load_corpus(tmp_path)
    assert (bored.path, bored.corpus, bored.speaker, bored.emotion, bored.split) == (
        "emodb/a.ogg",
        "emodb",
        "emodb_1",
        "other",
        "train",
    )
    assert (bored.label, LABELS[calm.label]) == (-1, "neutral")
    assert (bored.language, calm.language) == ("de", "en")
    assert len(calm.sound) == 2 * RATE
    rooms, noises = load_rooms(tmp_path), load_noises(tmp_path)
    assert [float(np.abs(room).max()) for room in rooms] == [1]
    assert [float(noise.std()) for noise in noises] == [pytest.approx(1)]


def test_without_recordings_there_are_no_noises_and_no_rooms(tmp_path: Path) -> None:
    assert (load_noises(tmp_path), load_rooms(tmp_path)) == ([], [])


def test_sounds_survive_as_whole_numbers() -> None:
    sound = np.array([-1, -0.5, 0, 0.25, 1], np.float32)
    assert to_int16(sound).tolist() == [-32768, -16384, 0, 8192, 32767]
    assert clip(sound=sound).samples == pytest.approx(sound, abs=1e-4)
