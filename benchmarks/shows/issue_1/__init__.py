"""From a Hugging Face model to a verified bundle that runs."""

from __future__ import annotations

from benchmarks.shows.issue_1 import bad_inputs, devices, digits, hub, jittered, make, minilm, ppocr, suites
from benchmarks.shows.show import Show

SHOWS = (
    Show(1, "make demo, make test", make.run),
    Show(2, "MiniLM from its package, both engines", minilm.run),
    Show(3, "jittered ResNet-50, ViT-base and ALBERT-base", jittered.run),
    Show(4, "a trained classifier of digits", digits.run),
    Show(5, "PP-OCRv4's three Paddle models", ppocr.run),
    Show(6, "a hub on loopback, then offline", hub.run),
    Show(7, "bad input", bad_inputs.run),
    Show(8, "boundaries, wheels, telemetry, blindness", suites.run),
    Show(9, "one bundle under four Pythons and on arm64", devices.run),
)
