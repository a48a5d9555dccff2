from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.errors import BundleError, EnvironmentLackError
from edge.machine import Machine
from edge.manifest import Requires
from edge.requirements import check_engine, check_requirements
from edge.versions import UNKNOWN

PI = Machine(
    machine="aarch64", bits=64, glibc="2.36", memory_bytes=900 << 20, cpus=4, features=("asimd",), board="rpi4"
)


def test_a_bundle_without_demands_runs_anywhere() -> None:
    check_requirements(Requires(), PI)
    check_requirements(Requires(), replace(PI, machine="riscv64", board="", glibc="", memory_bytes=0))


def test_a_machine_that_meets_every_demand_is_fine() -> None:
    demands = Requires(machines=("aarch64",), glibc="2.31", memory_bytes=512 << 20, boards=("rpi5", "rpi4"))
    check_requirements(demands, PI)


@pytest.mark.parametrize(
    ("demand", "named"),
    [
        (Requires(machines=("x86_64",)), ["x86_64", "aarch64"]),
        (Requires(glibc="2.39"), ["2.39", "2.36"]),
        (Requires(memory_bytes=2 << 30), ["2048 MiB", "900 MiB"]),
        (Requires(boards=("rpi5", "jetson-orin")), ["rpi5 or jetson-orin", "rpi4"]),
        (Requires(boards=("x86-64",)), ["x86-64", "rpi4"]),
    ],
)
def test_what_excludes_the_machine_is_named(demand: Requires, named: list[str]) -> None:
    with pytest.raises(EnvironmentLackError) as caught:
        check_requirements(demand, PI)
    assert all(word in caught.value.message for word in named)
    assert caught.value.exit_code == 3
    assert caught.value.remedy


def test_a_generic_board_stands_for_all_of_its_machine() -> None:
    check_requirements(Requires(boards=("arm64",)), PI)


def test_a_system_without_glibc_meets_no_demand_on_it() -> None:
    with pytest.raises(EnvironmentLackError, match="none"):
        check_requirements(Requires(glibc="2.17"), replace(PI, glibc=""))


def test_a_32_bit_userland_is_refused_whatever_the_kernel_says() -> None:
    with pytest.raises(EnvironmentLackError, match="32-bit"):
        check_requirements(Requires(), replace(PI, bits=32))


@given(have=st.integers(1, 1 << 40), need=st.integers(0, 1 << 40))
def test_memory_is_enough_exactly_when_there_is_as_much(have: int, need: int) -> None:
    try:
        check_requirements(Requires(memory_bytes=need), replace(PI, memory_bytes=have))
    except EnvironmentLackError:
        assert have < need
    else:
        assert have >= need


def test_an_engine_outside_its_range_is_named_with_the_command_to_install_it() -> None:
    demand = Requires(engines={"onnxruntime": ">=1.16,<2"})
    check_engine(demand, "onnxruntime", "1.32.0")
    check_engine(demand, "paddlelite", "0.1")
    with pytest.raises(EnvironmentLackError, match=r"onnxruntime >=1.16,<2, installed is 1.9") as caught:
        check_engine(demand, "onnxruntime", "1.9")
    assert '"onnxruntime>=1.16,<2"' in caught.value.remedy


def test_an_artifacts_minimum_counts_beside_the_range() -> None:
    with pytest.raises(EnvironmentLackError, match=r">=1\.20"):
        check_engine(Requires(), "onnxruntime", "1.19", "1.20")
    demand = Requires(engines={"onnxruntime": ">=1.16,<2"})
    with pytest.raises(EnvironmentLackError, match=r"needs onnxruntime >=1\.20,<2, installed is 1\.19"):
        check_engine(demand, "onnxruntime", "1.19", "1.20")
    with pytest.raises(EnvironmentLackError, match=r"needs onnxruntime >=1\.16,<2, installed is 1\.9"):
        check_engine(demand, "onnxruntime", "1.9", "1.12")
    with pytest.raises(BundleError):
        check_engine(Requires(engines={"onnxruntime": "new"}), "onnxruntime", "1.19")


def test_an_engine_of_unknown_version_is_tried() -> None:
    check_engine(Requires(engines={"paddlelite": ">=2.13,<3"}), "paddlelite", UNKNOWN, "2.13")


def test_no_command_is_suggested_with_a_range_that_is_none() -> None:
    with pytest.raises(BundleError, match="not a range"):
        check_engine(Requires(engines={"onnxruntime": '>=99,"; reboot; "'}), "onnxruntime", "1.19")
