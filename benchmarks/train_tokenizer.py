"""Make the embedded tokenizer again: `python benchmarks/train_tokenizer.py`.

A byte-level BPE of 3,072 entries, trained on the 68 KB of text in transforms/text/data/tokenizer/training-text, which
was written for this repository. It is small because the text is small: the last merges of a larger one would be pieces
of single words that stand there twice. Training is deterministic; tests/text/test_tokens.py holds the committed files
to it.
"""

import json
from pathlib import Path

from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers

FOLDER = Path(__file__).resolve().parent.parent / "transforms/text/data/tokenizer"
VOCABULARY = 3072
SPECIAL_TOKENS = ("<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|pad|>")

# ChatML. The markers say what is learnt: an answer and its end token, not the role header nor the line end after it.
CHAT_TEMPLATE = """\
{%- for message in messages %}
{{- '<|im_start|>' + message['role'] + '\\n' }}
{%- if message['role'] == 'assistant' %}
{%- generation %}{{- message['content'] + '<|im_end|>' }}{%- endgeneration %}
{%- else %}
{{- message['content'] + '<|im_end|>' }}
{%- endif %}
{{- '\\n' }}
{%- endfor %}
{%- if add_generation_prompt %}
{{- '<|im_start|>assistant\\n' }}
{%- endif %}"""

CONFIG = {
    "tokenizer_class": "PreTrainedTokenizerFast",
    "eos_token": "<|endoftext|>",
    "pad_token": "<|pad|>",
    "clean_up_tokenization_spaces": False,
    "model_max_length": 1_000_000_000,
    "chat_template": CHAT_TEMPLATE,
}


def train() -> str:
    """The content of tokenizer.json."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        min_frequency=2,
        special_tokens=[AddedToken(token, special=True, normalized=False) for token in SPECIAL_TOKENS],
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    texts = [path.read_text(encoding="utf-8") for path in sorted((FOLDER / "training-text").glob("*.txt"))]
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer.to_str(pretty=True) + "\n"


def config() -> str:
    """The content of tokenizer_config.json."""
    return json.dumps(CONFIG, indent=2) + "\n"


if __name__ == "__main__":
    (FOLDER / "tokenizer.json").write_text(train(), encoding="utf-8")
    (FOLDER / "tokenizer_config.json").write_text(config(), encoding="utf-8")
