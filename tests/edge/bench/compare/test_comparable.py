from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from edge.bench.compare.comparable import NEEDED, SAID, differences, require_comparable
from edge.bench.record import Measurement
from edge.bench.server_load import Server
from edge.errors import InputError
from tests.support.measurements import measurement

ONE = measurement()
SERVER = Server(rate=10.0, bound=0.1, percentile=0.99, seed=1, holds=True, arrivals=(), probes=())


def _conditions(**changes: Any) -> Measurement:
    return replace(ONE, conditions=replace(ONE.conditions, **changes))


OTHERS = {
    "board": _conditions(model="Raspberry Pi 4 Model B Rev 1.4"),
    "processor": replace(ONE, machine=replace(ONE.machine, features=("asimd",))),
    "power mode": _conditions(power_mode="15W"),
    "jetson_clocks": _conditions(jetson_clocks=True),
    "governor": _conditions(governors={"policy0": "powersave"}),
    "clock limits": _conditions(clock_limits={"policy0": (600_000, 1_500_000)}),
    "task": replace(ONE, task="text-classification"),
    "scenario": replace(ONE, scenario="offline"),
    "batch": replace(ONE, batch=8),
    "what is timed": replace(ONE, stages={"engine": ONE.samples}),
    "load": replace(ONE, server=SERVER),
}


def test_there_is_a_case_for_every_rule() -> None:
    assert set(OTHERS) == set(NEEDED)


@pytest.mark.parametrize("name", NEEDED)
def test_what_must_not_differ_is_refused_by_name_with_a_remedy(name: str) -> None:
    for pair in ((ONE, OTHERS[name]), (OTHERS[name], ONE)):
        with pytest.raises(InputError, match=f"the {name} differs: ") as caught:
            require_comparable(*pair)
        assert caught.value.remedy
        assert "\n" not in caught.value.message


def test_what_is_compared_may_differ_and_is_said() -> None:
    other = replace(
        ONE,
        bundle="minilm-int8",
        digest="c" * 64,
        file_digest="d" * 64,
        file="model.int8.onnx",
        precision="int8",
        engine_version="1.33.0",
        providers=("XnnpackExecutionProvider",),
        threads_got=2,
        input="golden/batch-2.npz",
        shapes={"input_ids": (1, 64)},
        edge="0.2.0",
        machine=replace(ONE.machine, memory_bytes=4 << 30),
        python="3.13.1",
        conditions=replace(ONE.conditions, affinity=(0, 1), kernel="6.12.1", os="Debian GNU/Linux 13"),
    )
    require_comparable(ONE, other)
    said = list(differences(ONE, other))
    assert [name for name, _, _ in said] == list(SAID)
    assert ("shapes", "{input_ids:[1,32]}", "{input_ids:[1,64]}") in said
    assert not list(differences(ONE, ONE))
