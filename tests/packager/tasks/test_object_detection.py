from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch
import transformers
from transformers.models.yolos.image_processing_pil_yolos import YolosImageProcessorPil

import edge
from edge.results import Detections
from packager import Order, build
from packager.coverage.checkpoint import write_checkpoint
from packager.coverage.types import ModelType

SIZE = {"shortest_edge": 64, "longest_edge": 96}
# Random weights are sure of nothing; so much times their scores they are.
SURE = 30


def test_a_bundle_finds_what_transformers_finds(tmp_path: Path) -> None:
    folder = write_checkpoint(ModelType("object-detection", "yolos"), tmp_path / "yolos")
    model = transformers.YolosForObjectDetection.from_pretrained(folder).eval()
    with torch.no_grad():
        model.class_labels_classifier.layers[-1].weight *= SURE
    model.save_pretrained(folder)
    said = {"image_processor_type": "YolosImageProcessor", "size": SIZE}
    (folder / "preprocessor_config.json").write_text(json.dumps(said))
    (folder / "README.md").write_text("---\nlicense: apache-2.0\n---\n")
    bundle = build(str(folder), tmp_path / "yolos.edge", Order(engines=("onnxruntime",), threads=1))
    assert bundle.manifest.task == "object-detection"
    processor = YolosImageProcessorPil(size=SIZE)
    found = 0
    with edge.load(bundle.path, threads=1) as detector, torch.no_grad():
        for pixels in np.random.default_rng(0).integers(0, 256, (3, 80, 80, 3), dtype=np.uint8):
            outputs = model(pixel_values=processor(pixels, return_tensors="pt")["pixel_values"])
            (theirs,) = processor.post_process_object_detection(outputs, threshold=0.5, target_sizes=[(80, 80)])
            order = theirs["scores"].argsort(descending=True, stable=True)
            ours = detector(pixels)
            assert isinstance(ours, Detections)
            assert list(ours.labels) == [model.config.id2label[int(label)] for label in theirs["labels"][order]]
            np.testing.assert_allclose(ours.scores, theirs["scores"][order], atol=1e-4)
            np.testing.assert_allclose(ours.boxes, theirs["boxes"][order], atol=1e-2)
            found += len(ours.labels)
    assert found
