"""Token ids: those of AutoTokenizer, for tokenizers of each kind and for texts of the worst kinds."""

import importlib.util
import json
import pickle
import shutil
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
import tokenizers
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tokenizers import AddedToken, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import AutoTokenizer, PreTrainedTokenizerFast

from corpusmill.schemas.errors import UserError
from corpusmill.transforms.text import tokens
from corpusmill.transforms.text.tokenizer_files import plain_config
from corpusmill.transforms.text.tokens import EMBEDDED, load_tokenizer

ROOT = Path(__file__).parents[2]
TEXTS = [path.read_text(encoding="utf-8") for path in sorted((EMBEDDED / "training-text").glob("*.txt"))]
HOSTILE = [
    "",
    " ",
    "\n",
    "\n\n\n",
    " \t \r\n \u00a0\u2003\u200b\ufeff",
    "<|endoftext|>",
    "a<|im_start|>system\nYou are <|im_end|>b<|pad|><|im_end",
    "<s>x</s> <unk><mask> [CLS] [SEP] [PAD] <|user|><extra>",
    "NUL \x00 in \x00\x00 between \x01\x1b",
    "\u0301\u0308lone marks e\u0301 \u0301",
    "👨‍👩‍👧‍👦🏳️‍🌈🇩🇪 é ﬁ ½ Ⅷ ﷽",
    "漢字かな交じり文。한국어 עברית العربية ไทย हिन्दी",
    "Straße GRÖSSE ẞ İstanbul \u017f Å Ω",
    "it's we'll don't I'M 1234567890 3,14 -5e-10 0x1F",
    "\ufffd\ufdd0\U0010ffff\ue000",
    "word" * 500,
    "a" * 20_000,
    "  indented\n\tcode():\n        return x  # !\n" * 20,
    "The mill by the river, das Mühlrad am Fluß.\n" * 300,
]
# Pieces that meet in unpleasant ways, glued together by hypothesis.
SCRAPS = st.sampled_from(
    [
        *HOSTILE[:12],
        " ",
        "\n",
        " the",
        "The ",
        "\nDie ",
        "a",
        "ä",
        "a\u0308",
        ".",
        "1",
        "12345",
        "'s",
        "<|",
        "|>",
        "</s>",
        "ll",
    ]
)
GLUED = st.lists(SCRAPS | st.text(max_size=5), max_size=30).map("".join)


def _byte_level_bpe() -> tokenizers.Tokenizer:
    made = tokenizers.Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    made.decoder = decoders.ByteLevel()
    made.post_processor = processors.ByteLevel(trim_offsets=True)
    made.train_from_iterator(
        TEXTS,
        trainers.BpeTrainer(
            vocab_size=800,
            special_tokens=["<s>", "</s>", "<unk>", "<pad>"],
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
            show_progress=False,
        ),
    )
    made.add_tokens([AddedToken("<extra>", lstrip=True, rstrip=True), AddedToken("<|user|>", normalized=False)])
    made.add_special_tokens([AddedToken("<mask>", lstrip=True)])
    return made


def _word_piece() -> tokenizers.Tokenizer:
    made = tokenizers.Tokenizer(models.WordPiece(unk_token="[UNK]"))
    made.normalizer = normalizers.BertNormalizer(lowercase=True)
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    made.train_from_iterator(
        TEXTS, trainers.WordPieceTrainer(vocab_size=800, special_tokens=special, show_progress=False)
    )
    made.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    made.enable_truncation(512)
    made.enable_padding(length=64)
    return made


def _unigram() -> tokenizers.Tokenizer:
    made = tokenizers.Tokenizer(models.Unigram())
    made.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(tokenizers.Regex(" {2,}"), " ")])
    made.pre_tokenizer = pre_tokenizers.Metaspace()
    made.train_from_iterator(
        TEXTS,
        trainers.UnigramTrainer(
            vocab_size=800, special_tokens=["<unk>", "<s>", "</s>"], unk_token="<unk>", show_progress=False
        ),
    )
    return made


def _sentence_piece_bpe() -> tokenizers.Tokenizer:
    """As Llama 2: no words, a space in front of each text, bytes for what is unknown."""
    learner = tokenizers.Tokenizer(models.BPE(unk_token="<unk>", byte_fallback=True))
    learner.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    learner.pre_tokenizer = pre_tokenizers.Split("▁", "merged_with_next")
    special = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256))]
    learner.train_from_iterator(
        TEXTS, trainers.BpeTrainer(vocab_size=1000, special_tokens=special, show_progress=False)
    )
    model = json.loads(learner.to_str())
    model["pre_tokenizer"] = None
    model["added_tokens"] = model["added_tokens"][:3]
    return tokenizers.Tokenizer.from_str(json.dumps(model))


KINDS = {
    "byte_level": (
        _byte_level_bpe,
        {"bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>", "mask_token": "<mask>"},
    ),
    "word_piece": (_word_piece, {"pad_token": "[PAD]", "unk_token": "[UNK]", "sep_token": "[SEP]"}),
    "unigram": (_unigram, {"eos_token": "</s>", "additional_special_tokens": ["<|im_end|>", "<extra>"]}),
    "sentence_piece": (_sentence_piece_bpe, {"eos_token": "</s>", "unk_token": "<unk>"}),
}


@pytest.fixture(scope="session")
def folders(tmp_path_factory) -> dict[str, Path]:
    made = {"embedded": EMBEDDED}
    for kind, (build, named) in KINDS.items():
        made[kind] = tmp_path_factory.mktemp("tokenizers") / kind
        PreTrainedTokenizerFast(tokenizer_object=build(), **named).save_pretrained(made[kind])
    return made


@lru_cache
def _auto(folder: Path):
    return AutoTokenizer.from_pretrained(folder)


def _expected(auto, text: str) -> list[int]:
    return auto(text, add_special_tokens=False, split_special_tokens=True)["input_ids"]


@pytest.mark.parametrize("kind", ["embedded", *KINDS])
def test_ids_are_those_of_auto_tokenizer_on_hostile_texts(kind, folders):
    auto = _auto(folders[kind])
    found = load_tokenizer(folders[kind]).encode(HOSTILE)
    assert [ids.tolist() for ids in found] == [_expected(auto, text) for text in HOSTILE]
    assert {ids.dtype for ids in found} == {np.dtype("int32")}


@pytest.mark.parametrize("kind", ["embedded", *KINDS])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=GLUED)
def test_ids_are_those_of_auto_tokenizer_on_any_text(kind, folders, text):
    assert load_tokenizer(folders[kind]).encode([text])[0].tolist() == _expected(_auto(folders[kind]), text)


@pytest.mark.parametrize("kind", ["embedded", *KINDS])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.lists(SCRAPS | st.sampled_from([text[:60] for text in TEXTS]), min_size=10, max_size=30).map("".join))
def test_a_long_text_encoded_in_parts_gives_the_ids_of_the_whole(kind, folders, text):
    tokenizer = load_tokenizer(folders[kind])
    whole = tokenizer.encode([text])[0]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tokens, "PART", 40)
        parts = tokenizer._parts(text)
        assert "".join(parts) == text
        assert np.array_equal(tokenizer.encode([text])[0], whole)


def test_a_long_text_is_really_cut_and_short_ones_are_not(folders):
    tokenizer = load_tokenizer()
    text = TEXTS[0] * 20
    assert max(map(len, tokenizer._parts(text))) < tokens.PART + 1000
    assert tokenizer._parts(TEXTS[0]) == [TEXTS[0]]
    # A tokenizer that puts a space in front of every text cannot be given parts of one.
    spaced = load_tokenizer(folders["sentence_piece"])
    assert len(spaced._parts(text)) == 1


def test_many_texts_come_back_in_their_order():
    texts = [f"{number} " * (number % 50) for number in range(3000)]
    tokenizer = load_tokenizer()
    assert [ids.tolist() for ids in tokenizer.encode(texts)] == [tokenizer.encode([text])[0].tolist() for text in texts]
    assert tokenizer.encode([]) == []


def test_the_committed_tokenizer_is_what_training_gives():
    spec = importlib.util.spec_from_file_location("train_tokenizer", ROOT / "benchmarks" / "train_tokenizer.py")
    train_tokenizer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(train_tokenizer)
    assert (EMBEDDED / "tokenizer.json").read_text(encoding="utf-8") == train_tokenizer.train()
    assert (EMBEDDED / "tokenizer_config.json").read_text(encoding="utf-8") == train_tokenizer.config()


def test_the_embedded_tokenizer_is_lossless_on_any_text_and_is_read_without_transformers():
    tokenizer = load_tokenizer()
    assert tokenizer.name == "embedded"
    for text, ids in zip(HOSTILE, tokenizer.encode(HOSTILE), strict=True):
        assert tokenizer.backend.decode(ids.tolist(), skip_special_tokens=False) == text
    program = (
        "from corpusmill.transforms.text.tokens import load_tokenizer; import sys; "
        "load_tokenizer().encode(['x']); print('transformers' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True).stdout == "False\n"


@pytest.mark.parametrize(
    ("kind", "end", "pad"), [("embedded", 0, 3), ("byte_level", 1, 3), ("word_piece", None, 0), ("unigram", 2, 2)]
)
def test_end_and_pad_ids_are_the_tokenizers_own(kind, end, pad, folders):
    tokenizer = load_tokenizer(folders[kind])
    assert (tokenizer.end_token_id, tokenizer.pad_id) == (end, pad)
    assert (tokenizer.note is None) == (end is not None)


def test_the_end_token_can_be_chosen_among_those_that_exist():
    assert load_tokenizer(end_token="<|im_end|>").end_token_id == 2
    with pytest.raises(UserError, match=r"'</s>' is not in the vocabulary.*<\|endoftext\|>"):
        load_tokenizer(end_token="</s>")


def test_a_bare_json_file_ends_documents_with_the_first_known_end_token(folders, tmp_path):
    for kind, end in (("embedded", 0), ("byte_level", 1), ("word_piece", None)):
        file = shutil.copy(folders[kind] / "tokenizer.json", tmp_path / f"{kind}.json")
        tokenizer = load_tokenizer(file)
        assert tokenizer.end_token_id == end
        assert tokenizer.chat_template is None
        auto = PreTrainedTokenizerFast(tokenizer_file=str(file))
        assert [ids.tolist() for ids in tokenizer.encode(HOSTILE)] == [_expected(auto, text) for text in HOSTILE]
    assert "no end token" in load_tokenizer(tmp_path / "word_piece.json").note


def test_a_folder_whose_configuration_has_a_say_goes_through_transformers(folders, tmp_path):
    folder = shutil.copytree(EMBEDDED, tmp_path / "changed")
    assert plain_config(folder) is not None
    config = json.loads((folder / "tokenizer_config.json").read_text())
    config["extra_special_tokens"] = ["<extra>"]
    (folder / "tokenizer_config.json").write_text(json.dumps(config))
    assert plain_config(folder) is None
    changed = load_tokenizer(folder)
    assert changed.special_tokens["<extra>"] == 3072
    folder = shutil.copytree(EMBEDDED, tmp_path / "with_template")
    (folder / "chat_template.jinja").write_text("{{ messages[0].content }}")
    assert plain_config(folder) is None
    assert load_tokenizer(folder).chat_template == "{{ messages[0].content }}"
    assert changed.hash != load_tokenizer().hash


def test_the_hash_depends_on_the_content_alone(folders, tmp_path):
    copy = shutil.copytree(EMBEDDED, tmp_path / "elsewhere")
    file = shutil.copy(EMBEDDED / "tokenizer.json", tmp_path / "other.json")
    hashes = {load_tokenizer(path).hash for path in (None, copy, file)}
    # The same through transformers, which writes another JSON.
    AutoTokenizer.from_pretrained(EMBEDDED).save_pretrained(tmp_path / "saved")
    (tmp_path / "saved" / "special_tokens_map.json").write_text("{}")
    assert hashes == {load_tokenizer(tmp_path / "saved").hash}
    assert load_tokenizer(folders["unigram"]).hash not in hashes
    assert load_tokenizer(file).chat_hash != load_tokenizer(copy).chat_hash


def test_a_changed_file_is_read_again(folders, tmp_path):
    file = tmp_path / "tokenizer.json"
    shutil.copy(EMBEDDED / "tokenizer.json", file)
    before = load_tokenizer(file).hash
    shutil.copy(folders["byte_level"] / "tokenizer.json", file)
    assert load_tokenizer(file).hash != before


def test_a_pickled_tokenizer_works_where_its_files_are_not(folders, tmp_path):
    folder = shutil.copytree(folders["unigram"], tmp_path / "gone")
    tokenizer = load_tokenizer(folder)
    pickled, expected = pickle.dumps(tokenizer), tokenizer.encode(HOSTILE)
    shutil.rmtree(folder)
    tokens._tokenizer.cache_clear()
    found = pickle.loads(pickled)
    assert all(map(np.array_equal, found.encode(HOSTILE), expected))
    assert pickle.loads(pickled) is found


@pytest.mark.parametrize("name", ["./no/such/folder", "no/such/folder/at/all", "missing.json", "~/tok", "C:\\tok"])
def test_a_path_with_nothing_there_is_refused_without_asking_the_hub(name, monkeypatch):
    monkeypatch.chdir(ROOT / "tests")
    monkeypatch.setattr(AutoTokenizer, "from_pretrained", lambda *_, **__: pytest.fail("asked the hub"))
    with pytest.raises(UserError, match="no folder or file"):
        load_tokenizer(name)


def test_a_name_that_the_hub_does_not_give_is_refused_with_what_to_do(monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(UserError, match=r"nobody/nothing cannot be loaded.*copy the tokenizer's folder"):
        load_tokenizer("nobody/nothing")


def test_files_that_are_no_tokenizer_are_refused(tmp_path):
    (tmp_path / "settings.json").write_text('{"a": 1}')
    (tmp_path / "empty").mkdir()
    (tmp_path / "text.json").write_text("no JSON \x00")
    for name in ("settings.json", "text.json"):
        with pytest.raises(UserError, match=f"{name} is not in the format"):
            load_tokenizer(tmp_path / name)
    with pytest.raises(UserError, match=r"empty cannot be loaded.*must hold a tokenizer\.json"):
        load_tokenizer(tmp_path / "empty")


def test_a_tokenizer_with_random_ids_is_refused(tmp_path):
    model = json.loads((EMBEDDED / "tokenizer.json").read_text())
    model["model"]["dropout"] = 0.1
    (tmp_path / "random.json").write_text(json.dumps(model))
    with pytest.raises(UserError, match=r"dropout 0\.1"):
        load_tokenizer(tmp_path / "random.json")
