"""A small ELECTRA that tells the topics of Chinese headlines, trained on THUCNews' titles: two minutes on one core.

The titles are evaluation data, whose licence nobody states: what is trained here stays in build/.
"""

from __future__ import annotations

import random
import string
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.models.card import write_card
from benchmarks.places import evaluation_data

if TYPE_CHECKING:
    from collections.abc import Sequence

Rows = list[tuple[str, str]]

CALIBRATE, TEST = 600, 2000
"""Titles for the packager, which holds out a part of them itself, and those that neither training nor it sees."""

EPOCHS = 5
BATCH = 64
RATE = 1e-3
LONGEST = 48
"""Tokens; the longest title has 33 characters."""
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
FEWEST = 2
"""Times that a character is in the titles that are trained on; rarer ones are unknown."""


@dataclass(frozen=True)
class News:
    """The model's folder, and two tables of titles and topics in its parent that it was not trained on."""

    folder: Path
    calibration: Path
    test: Path


def news(folder: Path) -> News:
    """Train in `folder`, once."""
    found = News(folder, folder.with_name("news-calibration.tsv"), folder.with_name("news-test.tsv"))
    if not (folder / "README.md").exists():
        _train(found)
    return found


def _train(to: News) -> None:
    from transformers import BertTokenizer

    names, rows = _read()
    held, learnt = rows[: CALIBRATE + TEST], rows[CALIBRATE + TEST :]
    to.folder.mkdir(parents=True, exist_ok=True)
    tokenizer = BertTokenizer(vocab=_vocabulary(learnt), model_max_length=LONGEST)
    tokenizer.save_pretrained(to.folder)
    _fit(tokenizer, learnt, names).save_pretrained(to.folder)
    for path, part in ((to.calibration, held[:CALIBRATE]), (to.test, held[CALIBRATE:])):
        path.write_text("".join(f"{title}\t{topic}\n" for title, topic in part), encoding="utf-8")
    write_card(to.folder)  # last: it says that all is there


def _read() -> tuple[list[str], Rows]:
    """The topics' names in their order, and every different title with its topic's name, shuffled by a fixed seed."""
    data = evaluation_data() / "text"
    names = (data / "class.txt").read_text(encoding="utf-8").split()
    lines = (data / "thucnews_dev.tsv").read_text(encoding="utf-8").splitlines()
    topics = {title.strip(): names[int(number)] for title, _, number in (line.rpartition("\t") for line in lines)}
    rows = sorted(topics.items())
    random.Random(0).shuffle(rows)
    return names, rows


def _vocabulary(rows: Rows) -> dict[str, int]:
    """BERT's: special tokens, every character, and as pieces of words those of which words are made."""
    counts: dict[str, int] = {}
    for character in "".join(title.lower() for title, _ in rows):
        counts[character] = counts.get(character, 0) + 1
    ascii_pieces = string.ascii_lowercase + string.digits
    characters = {one for one, count in counts.items() if count >= FEWEST and not one.isspace()} | set(ascii_pieces)
    words = [*SPECIAL, *sorted(characters), *(f"##{one}" for one in ascii_pieces)]
    return {word: number for number, word in enumerate(words)}


def _fit(tokenizer: Any, rows: Rows, names: Sequence[str]) -> Any:
    import torch
    from transformers import ElectraConfig, ElectraForSequenceClassification

    torch.manual_seed(0)
    config = ElectraConfig(
        vocab_size=len(tokenizer),
        embedding_size=128,
        hidden_size=256,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=512,
        max_position_embeddings=LONGEST,
        hidden_dropout_prob=0.2,
        num_labels=len(names),
        id2label=dict(enumerate(names)),
        label2id={name: number for number, name in enumerate(names)},
    )
    model = ElectraForSequenceClassification(config)
    titles = [title for title, _ in rows]
    truth = torch.tensor([config.label2id[topic] for _, topic in rows])
    optimiser = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=0.05)
    steps = EPOCHS * (len(rows) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=steps)
    model.train()
    for _ in range(EPOCHS):
        order = torch.randperm(len(rows))
        for start in range(0, len(rows) - BATCH + 1, BATCH):
            chosen = order[start : start + BATCH]
            told = tokenizer([titles[one] for one in chosen], padding=True, truncation=True, return_tensors="pt")
            optimiser.zero_grad()
            model(**told, labels=truth[chosen]).loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
    return model.eval()
