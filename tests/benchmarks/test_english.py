from __future__ import annotations

from pathlib import Path

from benchmarks.quantise.english import CALIBRATE, TEST, calibration_sentences, held_out_sentences


def test_what_is_judged_on_was_not_calibrated_on(tmp_path: Path) -> None:
    calibrated = calibration_sentences(tmp_path / "sentences.txt").read_text(encoding="utf-8").splitlines()
    judged = held_out_sentences()
    assert (len(set(calibrated)), len(set(judged))) == (CALIBRATE, TEST)
    assert not set(calibrated) & set(judged)
    assert all(sentence.count(" ") >= 4 for sentence in judged)
