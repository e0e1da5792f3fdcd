"""A published version is fit to train on: a small model learns from it, without Spark."""

import json
from pathlib import Path

import pytest

import corpusmill

pytestmark = pytest.mark.train

STEPS = 60


@pytest.fixture(scope="module")
def vocabulary() -> int:
    data = Path(__file__).parents[2] / "transforms" / "text" / "data" / "tokenizer"
    tokenizer = json.loads((data / "tokenizer.json").read_text())
    return len(tokenizer["model"]["vocab"]) + len(tokenizer["added_tokens"])


@pytest.fixture
def model(vocabulary):
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(1)
    config = LlamaConfig(
        vocab_size=vocabulary, hidden_size=64, intermediate_size=128, num_hidden_layers=2, num_attention_heads=4,
        max_position_embeddings=2048,
    )  # fmt: skip
    return LlamaForCausalLM(config)


def losses(model, batches) -> list[float]:
    """Loss of each step over the batches, gone through again and again."""
    import torch

    optimiser = torch.optim.AdamW(model.parameters(), lr=1e-3)
    found = []
    for step in range(STEPS):
        loss = model(**batches[step % len(batches)]).loss
        loss.backward()
        optimiser.step()
        optimiser.zero_grad()
        found.append(loss.item())
    return found


def within_segments(segments):
    """Attention mask (1, 1, n, n) that keeps each document of a packed sequence to itself and to its past."""
    import torch

    n = len(segments)
    same = segments[:, None] == segments[None, :]
    allowed = same & torch.ones(n, n, dtype=torch.bool).tril()
    return torch.zeros(n, n).masked_fill(~allowed, torch.finfo(torch.float32).min)[None, None]


def test_a_model_learns_from_the_packed_sequences(model, published, vocabulary):
    import torch

    packs = corpusmill.load(
        "demo@1", "pretraining_sequences", warehouse=str(published), filter=[("split", "=", "train")]
    )
    batches = []
    for row in packs.sort_by("sequence_id").slice(0, 4).to_pylist():
        n = row["length"]
        ids = torch.tensor(row["input_ids"][:n])
        assert ids.min() >= 0 and ids.max() < vocabulary
        positions = torch.tensor(row["position_ids"][:n])
        segments = torch.tensor(row["segment_ids"][:n])
        labels = ids.masked_fill(positions == 0, -100)  # the first token of a document does not follow from the last
        batches.append(
            {
                "input_ids": ids[None], "position_ids": positions[None], "labels": labels[None],
                "attention_mask": within_segments(segments),
            }
        )  # fmt: skip
    found = losses(model, batches)
    assert found[-1] < 0.8 * found[0], found


def test_a_model_learns_the_assistant_s_part_of_the_conversations(model, published):
    import torch

    conversations = corpusmill.load("demo@1", "sft_conversations", warehouse=str(published)).sort_by("doc_id")
    batches = []
    for row in conversations.to_pylist():
        ids, mask = torch.tensor(row["input_ids"]), torch.tensor(row["assistant_mask"])
        assert len(ids) == len(mask) == row["length"]
        assert 0 < mask.sum() < len(mask)
        batches.append({"input_ids": ids[None], "labels": ids.masked_fill(mask == 0, -100)[None]})
    found = losses(model, batches)
    assert sum(found[-6:]) < 0.8 * sum(found[:6]), found
