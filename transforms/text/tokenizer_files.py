"""Reads a tokenizer, by what it is given:

* a JSON file: the library tokenizers alone; what the file says is all there is
* a folder: tokenizers alone where tokenizer.json decides the ids by itself (`plain_config`), else AutoTokenizer
* any other name: AutoTokenizer, from the local cache of the hub first, then from the network
"""

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import tokenizers

from corpusmill.schemas.errors import UserError

BARE_END_TOKENS = ("<|endoftext|>", "</s>", "<eos>")  # looked for in this order in a JSON file without a configuration
NAMED_TOKENS = ("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token")
# With these keys in tokenizer_config.json, tokenizer.json alone decides the ids. With others AutoTokenizer has a say;
HARMLESS_KEYS = {*NAMED_TOKENS, "tokenizer_class", "chat_template", "clean_up_tokenization_spaces", "model_max_length"}
# so it has with these files,
OTHER_FILES = (
    "config.json",
    "special_tokens_map.json",
    "added_tokens.json",
    "chat_template.jinja",
    "additional_chat_templates",
)
# and it corrects the pre-tokenizer of some larger vocabularies.
PLAIN_VOCABULARY = 100_000
PROBE = "Größe: 10 kg\n\n  the <s>End</s> <|endoftext|>\tit's 12,345 \u00e9e\u0301 漢字 🙂\n"


class Definition(NamedTuple):
    """All that a tokenizer does, as plain data."""

    name: str  # as the user gave it
    model: str  # the JSON of the library tokenizers
    named_tokens: tuple[tuple[str, str], ...]  # (eos_token, </s>), ...
    chat_template: str | None
    end_token: str | None  # what ends a document
    note: str | None  # what the run should say, if anything


def definition(name: str, end_token: str | None) -> Definition:
    """The tokenizer that the user means by `name`, as data; read again only when its files change.

    Raises UserError: nothing there, not a fast tokenizer, random ids (dropout), an end token that it does not know.
    """
    return _definition(name, end_token, _stamp(Path(name)))


def backend(model: str, split_special_tokens: bool) -> tokenizers.Tokenizer:
    """The tokenizer of the library, which adds nothing to a text and cuts nothing off."""
    made = tokenizers.Tokenizer.from_str(model)
    made.no_truncation()
    made.no_padding()
    # Adds special tokens, which are never asked for here, or trims offsets, which chat needs whole.
    made.post_processor = None  # type: ignore[assignment]
    made.encode_special_tokens = split_special_tokens
    return made


def _stamp(path: Path) -> tuple[tuple[str, int, int], ...]:
    files = sorted(path.iterdir()) if path.is_dir() else [path] if path.is_file() else []
    return tuple((file.name, file.stat().st_mtime_ns, file.stat().st_size) for file in files)


@lru_cache(maxsize=16)
def _definition(name: str, end_token: str | None, stamp: tuple[tuple[str, int, int], ...]) -> Definition:
    path = Path(name)
    template: str | None = None
    named: dict[str, str] = {}
    if path.is_file():
        model = _read_json(path)
    elif path.is_dir() and (config := plain_config(path)) is not None:
        model, template = _read_json(path / "tokenizer.json"), config.get("chat_template")
        named = {key: config[key] for key in NAMED_TOKENS if config.get(key)}
    else:
        model, template, named = _through_transformers(name, path.is_dir())
    if dropout := json.loads(model)["model"].get("dropout"):
        raise UserError(f"tokenise.tokenizer: {name} has dropout {dropout}: its ids are random. Set it to null")
    known = backend(model, split_special_tokens=True)
    if end_token is not None and known.token_to_id(end_token) is None:
        special = [token.content for token in known.get_added_tokens_decoder().values() if token.special]
        raise UserError(
            f"tokenise.end_token: {end_token!r} is not in the vocabulary of the tokenizer {name}. "
            f"Its special tokens: {', '.join(special[:20]) or 'none'}"
        )
    own = BARE_END_TOKENS if path.is_file() else (named.get("eos_token", ""),)
    end_token = end_token or next((token for token in own if known.token_to_id(token) is not None), None)
    note = None if end_token else f"the tokenizer {name} has no end token: documents follow each other without one"
    return Definition(name, model, tuple(sorted(named.items())), template, end_token, note)


def _read_json(path: Path) -> str:
    try:
        model = path.read_text(encoding="utf-8")
        tokenizers.Tokenizer.from_str(model)
    except Exception as error:  # the library raises bare Exception
        raise UserError(f"tokenise.tokenizer: {path} is not in the format of a tokenizer.json") from error
    return model


def plain_config(folder: Path) -> dict[str, Any] | None:
    """The configuration of a folder whose tokenizer.json alone decides the ids; None where AutoTokenizer has a say."""
    if any((folder / name).exists() for name in OTHER_FILES):
        return None
    try:
        config = json.loads((folder / "tokenizer_config.json").read_text(encoding="utf-8"))
        model = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
        special = {token["content"] for token in model["added_tokens"] if token["special"]}
        entries = len(model["model"]["vocab"]) + len(model["added_tokens"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    plain = (
        set(config) <= HARMLESS_KEYS
        and config.get("tokenizer_class") in ("PreTrainedTokenizerFast", "TokenizersBackend")
        and isinstance(config.get("chat_template", ""), str)
        and all(isinstance(config[key], str) and config[key] in special for key in NAMED_TOKENS if config.get(key))
        and entries <= PLAIN_VOCABULARY
    )
    return config if plain else None


def _through_transformers(name: str, is_folder: bool) -> tuple[str, str | None, dict[str, str]]:
    """JSON, chat template and named tokens of what AutoTokenizer makes of a folder or a name."""
    if not is_folder and (name.endswith(".json") or not re.fullmatch(r"\w[\w.-]*(/\w[\w.-]*)?", name)):
        raise UserError(f"tokenise.tokenizer: there is no folder or file {name}")
    loaded = _auto_tokenizer(name, is_folder)
    if not getattr(loaded, "is_fast", False):
        raise UserError(
            f"tokenise.tokenizer: {name} is a tokenizer in Python ({type(loaded).__name__}), and a fast one is needed: "
            "look for a version of it with a tokenizer.json"
        )
    model = loaded.backend_tokenizer.to_str()
    template = loaded.chat_template
    if isinstance(template, dict):
        template = template.get("default")
    named = {key: str(token) for key, token in loaded.special_tokens_map.items() if key in NAMED_TOKENS}
    wanted = loaded(PROBE, add_special_tokens=False, split_special_tokens=True)["input_ids"]
    if backend(model, split_special_tokens=True).encode(PROBE, add_special_tokens=False).ids != wanted:
        raise UserError(
            f"tokenise.tokenizer: {name} ({type(loaded).__name__}) changes texts in Python before it tokenises them, "
            "so its ids cannot be had from its tokenizer.json. Use another tokenizer"
        )
    return model, template, named


def _auto_tokenizer(name: str, is_folder: bool) -> Any:
    from transformers import AutoTokenizer  # 1.7 s, and needed by few

    try:
        try:
            return AutoTokenizer.from_pretrained(name, local_files_only=True)
        except OSError:
            if is_folder:
                raise
            return AutoTokenizer.from_pretrained(name)
    except Exception as error:  # whatever a folder or a repository can do wrong
        reason = str(error).strip().partition("\n")[0]
        advice = (
            "A folder must hold a tokenizer.json, or what AutoTokenizer can load without running code from it"
            if is_folder
            else "It is no folder or file here, and the hub did not give it. Where there is no network, copy the "
            "tokenizer's folder from a machine that has it and give its path"
        )
        raise UserError(f"tokenise.tokenizer: {name} cannot be loaded. {advice}. ({reason})") from error
