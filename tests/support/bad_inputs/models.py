"""Model folders, repositories and build environments that must be refused."""

from __future__ import annotations

import json
import os
import pickle
import struct
import zipfile
from pathlib import Path

from tests.support.bad_inputs.attempt import BIN, Attempt, Materials, build

WEIGHTS = "model.safetensors"
BAD_PORT = 9
"""The discard service: nothing listens there."""


def no_model(at: Materials) -> Attempt:
    """A folder with something else in it."""
    folder = at.scratch / "holiday"
    folder.mkdir()
    (folder / "letter.txt").write_text("Dear all\n", encoding="utf-8")
    return build(at, folder)


def no_folder(at: Materials) -> Attempt:
    """A path that does not exist."""
    return build(at, at.scratch / "nowhere")


def no_config(at: Materials) -> Attempt:
    """Weights without a configuration."""
    model = at.copy_of_model()
    (model / "config.json").unlink()
    return build(at, model)


def broken_config(at: Materials) -> Attempt:
    """A configuration that ends too early."""
    model = at.copy_of_model()
    config = model / "config.json"
    config.write_bytes(config.read_bytes()[:-20])
    return build(at, model)


def truncated_weights(at: Materials) -> Attempt:
    """A download that was cut off."""
    model = at.copy_of_model()
    weights = model / WEIGHTS
    os.truncate(weights, weights.stat().st_size // 2)
    return build(at, model)


def lying_header(at: Materials) -> Attempt:
    """A safetensors header that claims to be four exabytes long."""
    model = at.copy_of_model()
    weights = model / WEIGHTS
    weights.write_bytes(struct.pack("<Q", 1 << 62) + weights.read_bytes()[8:])
    return build(at, model)


def lying_offsets(at: Materials) -> Attempt:
    """A safetensors header whose tensors reach behind the end of the file."""
    model = at.copy_of_model()
    weights = model / WEIGHTS
    data = weights.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    last = max((key for key in header if key != "__metadata__"), key=lambda key: header[key]["data_offsets"][1])
    header[last]["data_offsets"][1] += 1 << 40
    lying = json.dumps(header).encode()
    weights.write_bytes(struct.pack("<Q", len(lying)) + lying + data[8 + length :])
    return build(at, model)


class _Touch:
    """Pickles to a call that creates a file."""

    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, (f"touch {self.marker}",)


def code_in_pickle(at: Materials) -> Attempt:
    """Weights in torch's format whose pickle runs a command where it is loaded carelessly."""
    model = at.copy_of_model()
    (model / WEIGHTS).unlink()
    marker = at.scratch / "pickle-ran"
    with zipfile.ZipFile(model / "pytorch_model.bin", "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps({"weight": _Touch(marker)}, protocol=2))
        archive.writestr("archive/version", "3\n")
        archive.writestr("archive/byteorder", "little")
    attempt = build(at, model)
    return Attempt(attempt.command, attempt.environment, (*attempt.forbidden, marker))


def code_of_the_repository(at: Materials) -> Attempt:
    """An architecture that exists only as code in the repository."""
    model = at.copy_of_model()
    marker = at.scratch / "code-ran"
    config = json.loads((model / "config.json").read_text(encoding="utf-8"))
    config |= {
        "model_type": "own_design",
        "architectures": ["OwnModel"],
        "auto_map": {"AutoConfig": "own.OwnConfig", "AutoModelForImageClassification": "own.OwnModel"},
    }
    (model / "config.json").write_text(json.dumps(config), encoding="utf-8")
    (model / "own.py").write_text(f"open({str(marker)!r}, 'w').close()\n", encoding="utf-8")
    attempt = build(at, model)
    return Attempt(attempt.command, attempt.environment, (*attempt.forbidden, marker))


def _onnx(at: Materials) -> Path:
    (file,) = at.bundle.glob("*.onnx")
    return file


def cut_off_onnx(at: Materials) -> Attempt:
    """The first half of an ONNX file."""
    file = at.scratch / "half.onnx"
    content = _onnx(at).read_bytes()
    file.write_bytes(content[: len(content) // 2])
    return build(at, file, "--allow-licence", "MIT")


def onnx_weights_elsewhere(at: Materials) -> Attempt:
    """An ONNX file that takes its weights from a file of the system."""
    import onnx

    made = onnx.load(_onnx(at))
    onnx.external_data_helper.set_external_data(made.graph.initializer[0], "../../etc/passwd")
    made.graph.initializer[0].ClearField("raw_data")
    file = at.scratch / "elsewhere.onnx"
    file.write_bytes(made.SerializeToString())
    return build(at, file, "--allow-licence", "MIT")


def onnx_for_paddle_lite(at: Materials) -> Attempt:
    """An ONNX file is ordered for the engine that cannot have it."""
    return build(at, _onnx(at), "--allow-licence", "MIT", "--engine", "paddlelite")


def unknown_revision(at: Materials) -> Attempt:
    """A branch that the hub does not have."""
    return build(at, f"hf://{at.repository}@nowhere", HF_ENDPOINT=at.endpoint, HF_HOME=str(at.scratch / "hf"))


def unknown_repository(at: Materials) -> Attempt:
    """A repository that the hub does not have."""
    return build(at, "edgepack/nothing", HF_ENDPOINT=at.endpoint, HF_HOME=str(at.scratch / "hf"))


def no_network(at: Materials) -> Attempt:
    """A hub that does not answer."""
    dead = f"http://127.0.0.1:{BAD_PORT}"
    return build(at, at.repository, HF_ENDPOINT=dead, HF_HOME=str(at.scratch / "hf"))


def nothing_cached(at: Materials) -> Attempt:
    """Offline, and never fetched before."""
    return build(at, at.repository, "--offline", HF_ENDPOINT=at.endpoint, HF_HOME=str(at.scratch / "hf"))


def no_licence(at: Materials) -> Attempt:
    """A model without a card."""
    model = at.copy_of_model()
    (model / "README.md").unlink()
    return build(at, model)


def non_commercial_licence(at: Materials) -> Attempt:
    """A card with a licence that forbids most uses."""
    model = at.copy_of_model()
    (model / "README.md").write_text("---\nlicense: cc-by-nc-4.0\n---\n", encoding="utf-8")
    return build(at, model)


def existing_output(at: Materials) -> Attempt:
    """A file has the bundle's name."""
    at.out.parent.mkdir()
    at.out.write_text("mine\n", encoding="utf-8")
    attempt = build(at, at.model)
    return Attempt(attempt.command, attempt.environment)


def disk_full(at: Materials) -> Attempt:
    """The output's file system has 64 kilobytes; what is left there afterwards makes the exit code a different one."""
    folder = at.scratch / "small-disk"
    folder.mkdir()
    script = (
        'mount -t tmpfs -o size=64k tmpfs "$0" && "$1" build "$2" -o "$0/out.edge" --engine onnxruntime; '
        'code=$?; if [ -n "$(ls -A "$0")" ]; then exit 99; fi; exit $code'
    )
    user = () if os.geteuid() == 0 else ("--map-root-user",)
    return Attempt(("unshare", *user, "--mount", "sh", "-c", script, folder, BIN / "packager", at.model))


def no_lite_interpreter(at: Materials) -> Attempt:
    """Paddle Lite is asked for, and its interpreter is not there."""
    nowhere = str(at.scratch / "python3.10")
    return build(at, at.model, "--engine", "onnxruntime,paddlelite", EDGEPACK_LITE_PYTHON=nowhere)
