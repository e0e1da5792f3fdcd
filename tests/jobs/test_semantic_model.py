"""Duplicates by meaning, with vectors that a model from a folder makes."""

import random

import pytest

from corpusmill.schemas.errors import UserError
from corpusmill.transforms.text import vectors

from .mill import Mill, prose
from .test_keepers import kept_for, page

pytestmark = pytest.mark.train


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """A small model of bags of words: texts of the same words in another order mean the same to it."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import StaticEmbedding
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers

    words = Tokenizer(models.WordLevel(unk_token="[UNK]"))
    words.pre_tokenizer = pre_tokenizers.Whitespace()
    words.train_from_iterator([prose(n) for n in range(50)], trainers.WordLevelTrainer(special_tokens=["[UNK]"]))
    torch.manual_seed(1)
    weights = torch.randn(words.get_vocab_size(), 64).numpy()
    folder = tmp_path_factory.mktemp("model")
    SentenceTransformer(modules=[StaticEmbedding(words, embedding_weights=weights)], device="cpu").save(str(folder))
    return str(folder)


def shuffled(text):
    words = text.split()
    random.Random(1).shuffle(words)
    return " ".join(words)


def test_texts_of_one_meaning_go_and_others_stay(spark, tmp_path, model):
    mill = Mill(tmp_path, outputs=["corpus"], near_dedup={"semantic": {"model": model, "minimum_similarity": 0.99}})
    del mill.recipe["tokenise"], mill.recipe["anonymise"]
    mill.write(
        "1.jsonl", page("one", prose(1, 200) + " end"), page("again", shuffled(prose(1, 200))), page("b", prose(2))
    )
    mill.run()
    assert kept_for(mill) == {"again": "one"}
    assert mill.run().stages == [], "the model is the same"


def test_vectors_have_length_one_and_do_not_depend_on_the_batch(model):
    texts = [prose(n) for n in range(5)]
    together, alone = vectors.made(texts, model), [vectors.made([text], model)[0] for text in texts]
    found = vectors.matrix(together)
    assert abs((found**2).sum(axis=1) - 1).max() < 1e-5
    assert abs(found - vectors.matrix(alone)).max() < 1e-5


def test_a_folder_without_a_model_is_told(tmp_path):
    with pytest.raises(UserError, match="is no folder of a sentence-transformers model"):
        vectors.load(str(tmp_path))
