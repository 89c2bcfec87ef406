"""The tables of the model card say what was counted."""

from training.face.evaluation.model_card import tables


def test_every_figure_has_its_place() -> None:
    report = {
        "classes": {"recall": {"happy": 0.75}, "confusion": {"happy": {"happy": 3, "sad": 1}}},
        "coverage": {"said as sure": 0.9},
        "groups": {
            "turned aside": {
                "n": 7,
                "accuracy": 0.5,
                "unweighted_average_recall": 0.4,
                "expected_calibration_error": 0.12,
            }
        },
        "corrupted": {
            "as they are": [{"accuracy": 0.8, "weight": 0.95}],
            "tilt (degrees)": [{"accuracy": a, "weight": 0.5} for a in (0.7, 0.6, 0.5)],
        },
    }
    lines = tables(report).splitlines()
    assert "| happy | 4 | 75.0 | 0 | 0 | 0 | 3 | 0 | 1 | 0 |" in lines
    assert "| said as sure | 90.0 |" in lines
    assert "| turned aside | 7 | 50.0 | 40.0 | 0.120 |" in lines
    assert "| as they are | 80.0 (0.95) |  |  |" in lines
    assert "| tilt (degrees) | 15: 70.0 (0.50) | 30: 60.0 (0.50) | 45: 50.0 (0.50) |" in lines
    assert all(line.startswith("|") for line in lines if line)
