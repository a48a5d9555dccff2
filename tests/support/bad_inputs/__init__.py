"""Every bad input that is documented, with its exit code and a pattern that its message must have."""

from __future__ import annotations

from tests.support.bad_inputs import architectures, bundles, images, models, quantising, records
from tests.support.bad_inputs.attempt import Attempt, Bad, Materials, Verdict, judge

__all__ = [
    "ARCHITECTURES",
    "BAD",
    "MEASURING",
    "QUANTISING_IMAGES",
    "QUANTISING_TENSORS",
    "Attempt",
    "Bad",
    "Materials",
    "Verdict",
    "judge",
]

ARCHITECTURES = (
    Bad(
        "a branch that depends on data",
        2,
        r"branches on values .* in keypoint_decoder",
        architectures.data_dependent_branch,
    ),
    Bad(
        "an operator without a lowering",
        2,
        r"aten\.rand\.default x1 .*operators/create\.py",
        architectures.operator_without_lowering,
    ),
    Bad(
        "larger than the memory at hand",
        3,
        r"GiB of weights .*this machine has .*smaller model",
        architectures.larger_than_memory,
    ),
)

MEASURING = (
    Bad("no query in time", 2, "no query ended within", records.no_query_in_time),
    Bad("a full disk under a record", 3, "record.json cannot be written", records.disk_full),
    Bad("a record of an older format", 2, "older format 1.*measure again", records.older_record),
    Bad("a record of a newer format", 2, "newer format 99.*update edgepack", records.newer_record),
    Bad("half a record", 2, "half.json is not JSON", records.half_a_record),
    Bad("records of two boards", 2, "the board differs: Raspberry Pi 5.*Raspberry Pi 4", records.other_board),
    Bad("records of two tasks", 2, "object-detection", records.other_task),
)

QUANTISING_TENSORS = (
    Bad("int8 without data", 2, r"none were given.*--calibration", quantising.tensors_missing),
    Bad("a calibration set that is nowhere", 2, "nowhere", quantising.tensors_nowhere),
    Bad(
        "too few calibration samples", 2, r"has 5 different inputs, at least \d+ are needed", quantising.tensors_too_few
    ),
    Bad("NaN in calibration data", 2, r"\.npz.*NaN", quantising.tensors_not_numbers),
    Bad("infinity in calibration data", 2, r"\.npz.*infinity", quantising.tensors_infinite),
    Bad("constant calibration data", 2, r"\.npz is one constant", quantising.tensors_constant),
    Bad("calibration data of another size", 2, r"\.npz.*4", quantising.tensors_of_another_size),
    Bad("an unknown precision", 2, "int4.*choose from", quantising.precision_unknown),
    Bad("a budget below nothing", 2, "-1.*no budget", quantising.budget_impossible),
    Bad("an unknown target", 2, "rpi9.*choose from", quantising.target_unknown),
)
QUANTISING_IMAGES = (
    Bad("constant images", 2, r"\.png is one constant", quantising.images_constant),
    Bad("a class is missing", 2, "no input with the label 9", quantising.images_of_nine_classes),
    Bad("images that are cut off", 2, r"\.png", quantising.images_cut_off),
    Bad("a target without the arithmetic", 2, "Raspberry Pi 4 has no fp16", quantising.images_for_no_arithmetic),
)

BAD = (
    *ARCHITECTURES,
    *MEASURING,
    Bad("not a model folder", 2, "holiday", models.no_model),
    Bad("no such folder", 2, "nowhere", models.no_folder),
    Bad("no config.json", 2, "config.json", models.no_config),
    Bad("broken config.json", 2, "config.json", models.broken_config),
    Bad("truncated safetensors", 2, "model.safetensors", models.truncated_weights),
    Bad("safetensors header of four exabytes", 2, "model.safetensors", models.lying_header),
    Bad("safetensors offsets behind the end", 2, "model.safetensors", models.lying_offsets),
    Bad("pickle that would run code", 2, "pytorch_model.bin", models.code_in_pickle),
    Bad("repository with code (auto_map)", 2, "own_design", models.code_of_the_repository),
    Bad("half of an ONNX file", 2, "half.onnx", models.cut_off_onnx),
    Bad("ONNX file with weights elsewhere", 2, "etc/passwd", models.onnx_weights_elsewhere),
    Bad("ONNX file for Paddle Lite", 2, "--engine onnxruntime", models.onnx_for_paddle_lite),
    Bad("unknown revision", 2, "nowhere", models.unknown_revision),
    Bad("unknown repository", 2, "edgepack/nothing", models.unknown_repository),
    Bad("no network", 3, "127.0.0.1", models.no_network),
    Bad("offline and not cached", 2, "cache", models.nothing_cached),
    Bad("no licence", 2, "--allow-licence", models.no_licence),
    Bad("non-commercial licence", 2, "--allow-licence", models.non_commercial_licence),
    Bad("existing output", 2, "out.edge", models.existing_output),
    Bad("disk full", 3, "space", models.disk_full),
    Bad("no Lite interpreter", 3, "EDGEPACK_LITE_PYTHON", models.no_lite_interpreter),
    Bad("bundle with a changed byte", 1, ".onnx", bundles.byte_changed),
    Bad("the same before a run", 1, ".onnx", bundles.byte_changed_before_run),
    Bad("broken manifest", 1, "bundle.json", bundles.broken_manifest),
    Bad("bundle with a file missing", 1, ".onnx", bundles.file_missing),
    Bad("bundle with a file added", 1, "extra.onnx", bundles.file_added),
    Bad("bundle with a path that leaves it", 1, r"\.\./", bundles.path_that_leaves),
    Bad("bundle with a link that leaves it", 1, ".onnx", bundles.link_that_leaves),
    Bad("not a bundle", 2, "bundle.json", bundles.no_bundle),
    Bad("bundle of a newer format", 2, "99", bundles.newer_format),
    Bad("engine that is not installed", 3, "onnxruntime", bundles.engine_not_installed),
    Bad("another board", 3, "rpi5", bundles.other_board),
    Bad("a newer engine", 3, "99", bundles.newer_engine),
    Bad("more memory", 3, "memory", bundles.more_memory),
    Bad("empty image", 2, "empty.png", images.empty),
    Bad("truncated image", 2, "truncated.png", images.truncated),
    Bad("not an image", 2, "letter.png", images.no_image),
    Bad("image of 100,000 × 100,000 pixels", 2, "huge.png", images.huge),
    Bad("no such image", 2, "nowhere.png", images.missing),
)
