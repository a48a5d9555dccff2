"""Quantisation where it is measured to pay."""

from __future__ import annotations

from benchmarks.shows.issue_5 import ablation, bad_inputs, devices, remote, table
from benchmarks.shows.show import Show

SHOWS = (
    Show(1, "fp32, int8 and auto: speed, size, accuracy", table.run),
    Show(2, "int8 on arm64, with dot products and without", devices.run),
    Show(3, "bad input", bad_inputs.run),
    Show(4, "latency measured on a device over SSH", remote.run),
    Show(5, "steps that make int8 more exact, on and off", ablation.run),
)
