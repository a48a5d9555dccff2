"""A trace that was made without weights, given those of the loaded network."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from packager.capture.constants import DigestConstants
from packager.capture.convert import convert
from packager.capture.export import export
from packager.capture.rebind import rebound
from packager.capture.wrapper import Captive, Rewrites
from packager.tasks.plan import ModelFacts
from packager.tasks.registry import MODALITIES

pytestmark = pytest.mark.filterwarnings("ignore")
PLAN = MODALITIES["text"].inputs(ModelFacts(sequence_limit=64, vocabulary=200, feeds=("input_ids",)))


class Encoder(nn.Module):
    """Answers as transformers' networks do."""

    def __init__(self, *, shared: bool = False, loose: bool = False) -> None:
        super().__init__()
        self.table = nn.Embedding(200, 8)
        self.first, self.second = nn.Linear(8, 8), nn.Linear(8, 8)
        # Not linspace: transformers replaces it while it loads, and torch may take that for a stranger ever after.
        self.register_buffer("scale", torch.arange(1.0, 9.0), persistent=False)
        self.loose = torch.arange(8.0) if loose else None  # a tensor that is no buffer
        if shared:
            self.second.weight = self.first.weight

    def forward(self, input_ids: Tensor, *, return_dict: bool) -> dict[str, Tensor]:
        assert return_dict
        hidden = self.second(self.first(self.table(input_ids))) * self.scale
        places = torch.arange(8, device=input_ids.device) + 1
        return {"vectors": hidden / places if self.loose is None else hidden + self.loose}


def captive(network: nn.Module) -> Captive:
    return Captive(network, ["input_ids"], {"vectors": "vectors"}, Rewrites())


def on_meta(**kind: bool) -> Captive:
    with torch.device("meta"):
        return captive(Encoder(**kind))


def test_it_is_the_graph_that_a_trace_of_the_loaded_network_gives() -> None:
    loaded, traced = captive(Encoder()), on_meta()
    program = export(traced, PLAN, "meta")
    converted = convert(program, PLAN, DigestConstants(), rebound(program, traced, loaded))
    expected = convert(export(loaded, PLAN, "cpu"), PLAN, DigestConstants())
    assert converted == expected
    assert len(converted.graph.constants) == 7  # the table, two layers, the scale, and the folded places


def test_a_shared_weight_is_rebound() -> None:
    traced, loaded = on_meta(shared=True), captive(Encoder(shared=True))
    program = export(traced, PLAN, "meta")
    held = rebound(program, traced, loaded)
    assert held is not None
    weights = [one for name, one in held.items() if name.endswith("weight") and one.shape == (8, 8)]
    assert all(np.shares_memory(one.detach().numpy(), loaded.model.first.weight.detach().numpy()) for one in weights)


def test_what_is_one_tensor_in_the_trace_alone_is_not_rebound() -> None:
    traced = on_meta(shared=True)
    assert rebound(export(traced, PLAN, "meta"), traced, captive(Encoder())) is None


def test_a_tensor_that_is_no_buffer_has_no_value_to_take() -> None:
    traced = on_meta(loose=True)
    assert rebound(export(traced, PLAN, "meta"), traced, captive(Encoder(loose=True))) is None
