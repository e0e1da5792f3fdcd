"""Texts to token ids: exactly those of `AutoTokenizer(text, add_special_tokens=False, split_special_tokens=True)`.

A `Tokenizer` can be pickled: the driver loads it once, and the workers need neither its files, nor the network, nor the
import of transformers.
"""

import hashlib
import json
import os
import re
from collections.abc import Iterator
from functools import cached_property, lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import tokenizers

from corpusmill.transforms.text.tokenizer_files import Definition, backend, definition

EMBEDDED = Path(__file__).parent / "data" / "tokenizer"
# Characters given to the library at once. It takes about 125 bytes for each: 50 MB of English at once took 6.3 GB.
PART = 1 << 18
# Where a longer text may be cut: between letters, after a line end or before a space. A cut is taken only if the tokens
# of WINDOW characters on both sides of it are the same with and without it.
CUT = re.compile(r"(?<=\S)\n(?=[^\W\d_])|(?<=[^\W\d_])(?= [^\W\d_])")
WINDOW = 1000
CUT_TRIALS = 8  # then the tokenizer is of a kind that no text can be cut for

Ids = np.ndarray[tuple[int], np.dtype[np.int32]]


class Tokenizer:
    """Ids of texts, and what packing and chat need to know. Made by `load_tokenizer`."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.name = "embedded" if definition.name == str(EMBEDDED) else definition.name
        self.note = definition.note
        self.chat_template = definition.chat_template
        self.named_tokens = dict(definition.named_tokens)
        self.backend = backend(definition.model, split_special_tokens=True)

    def __reduce__(self) -> tuple[Any, ...]:
        return _tokenizer, (self.definition,)

    def encode(self, texts: list[str]) -> list[Ids]:
        """Token ids of each text, without an end token. Takes memory for the ids and about two PARTs of characters.

        >>> [ids.tolist() for ids in load_tokenizer().encode(["the mill", ""])]
        [[87, 338, 1096], []]
        """
        parts = [self._parts(text) for text in texts]
        ids = self._ids(part for text in parts for part in text)
        return [next(ids) if len(text) == 1 else np.concatenate([next(ids) for _ in text]) for text in parts]

    @property
    def end_token_id(self) -> int | None:
        """Id of the end-of-document token, None where there is none (`note` then says so)."""
        end_token = self.definition.end_token
        return None if end_token is None else self.backend.token_to_id(end_token)

    @property
    def pad_id(self) -> int:
        """Id that fills a sequence: the pad token, else the end token, else 0."""
        pad_id = self.backend.token_to_id(self.named_tokens.get("pad_token", ""))
        return pad_id if pad_id is not None else (self.end_token_id or 0)

    @cached_property
    def special_tokens(self) -> dict[str, int]:
        """The control tokens and their ids; inside a text they are split like any other characters."""
        added = self.backend.get_added_tokens_decoder()
        return {token.content: id_ for id_, token in sorted(added.items()) if token.special}

    @cached_property
    def chat_backend(self) -> tokenizers.Tokenizer:
        """The same tokenizer for text whose control tokens are meant."""
        return backend(self.definition.model, split_special_tokens=False)

    @cached_property
    def hash(self) -> str:
        """sha256 of what decides the ids of a text: the same on any machine and however the tokenizer was loaded."""
        model = json.loads(self.backend.to_str())
        content = {key: model[key] for key in ("added_tokens", "normalizer", "pre_tokenizer", "model")}
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

    @cached_property
    def chat_hash(self) -> str:
        """sha256 of what decides the ids of a conversation."""
        content = [self.hash, self.chat_template, self.named_tokens]
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

    def _ids(self, parts: Iterator[str]) -> Iterator[Ids]:
        batch: list[str] = []
        size = 0
        for part in parts:
            batch.append(part)
            size += len(part)
            if size >= PART:
                yield from self._batch_ids(batch)
                batch, size = [], 0
        yield from self._batch_ids(batch)

    def _batch_ids(self, batch: list[str]) -> Iterator[Ids]:
        for encoding in self.backend.encode_batch_fast(batch, add_special_tokens=False):
            yield np.array(encoding.ids, dtype=np.int32)

    def _parts(self, text: str) -> list[str]:
        """The text in parts of about PART characters whose tokens are those of the text; whole if it cannot be cut."""
        start, parts = 0, []
        while len(text) - start > PART and (cut := self._cut(text, start + PART)) is not None:
            parts.append(text[start:cut])
            start = cut
        return [*parts, text[start:]]

    def _cut(self, text: str, start: int) -> int | None:
        for candidate in islice(CUT.finditer(text, start), CUT_TRIALS):
            cut = candidate.end()
            left, right = text[max(0, cut - WINDOW) : cut], text[cut : cut + WINDOW]
            whole, before, after = self._batch_ids([left + right, left, right])
            if np.array_equal(whole, np.concatenate([before, after])):
                return cut
        return None


def load_tokenizer(name_or_path: str | os.PathLike[str] | None = None, end_token: str | None = None) -> Tokenizer:
    """The tokenizer of a folder, a JSON file or a name on the hub; None: the embedded one. Loaded once a process.

    `end_token` ends a document; by default it is the tokenizer's own, for a JSON file the first of BARE_END_TOKENS that
    it knows. A JSON file is taken alone, also where a configuration lies beside it.
    Raises UserError: nothing there, not a fast tokenizer, random ids (dropout), an end token that it does not know.
    """
    # Spark starts a Python worker for each core: the library must not start its own threads in each.
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    return _tokenizer(definition(str(name_or_path if name_or_path is not None else EMBEDDED), end_token))


@lru_cache(maxsize=4)
def _tokenizer(definition: Definition) -> Tokenizer:
    return Tokenizer(definition)
