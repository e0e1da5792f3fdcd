"""Classes of words that stand between like neighbours, learnt from plain text: what helps a model with words not seen.

Words that occur often enough get a vector of how much more often than chance each frequent word stands before and
behind them (positive pointwise mutual information), made short by a singular value decomposition, and k-means puts them
into classes. A few million words take a minute or two.
"""

from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

import numpy as np
from scipy.sparse import csr_array
from sklearn.cluster import MiniBatchKMeans
from sklearn.utils.extmath import randomized_svd

from corpusmill.transforms.text.names_features import FINE, tokens

CONTEXTS = 2000  # most frequent words that count as neighbours
DIMENSIONS = 64
COARSE = 64


def word_classes(texts: Iterable[str], least: int = 6) -> dict[str, int]:
    """Word in lower case -> coarse class * FINE + fine class, of words that are there `least` times or more."""
    sequences = [[w.lower() for w in tokens(text).words] for text in texts]
    counts = Counter(w for words in sequences for w in words)
    often = [w for w, count in counts.most_common() if count >= least and not w.isspace()]
    vocabulary = {w: n for n, w in enumerate(often)}
    contexts = {w: n for n, (w, _) in enumerate(counts.most_common(CONTEXTS))}
    pairs: Counter[tuple[int, int]] = Counter()
    for words in sequences:
        for left, right in pairwise(words):
            if left in contexts and right in vocabulary:
                pairs[vocabulary[right], contexts[left]] += 1
            if right in contexts and left in vocabulary:
                pairs[vocabulary[left], CONTEXTS + contexts[right]] += 1
    where, values = np.array(list(pairs)), np.array(list(pairs.values()), dtype=np.float64)
    table = csr_array((values, (where[:, 0], where[:, 1])), shape=(len(vocabulary), 2 * CONTEXTS))
    by_word, by_context = table.sum(1), table.sum(0)
    by_chance = by_word[where[:, 0]] * by_context[where[:, 1]] ** 0.75 * values.sum() ** -0.75
    gain = np.log(values / by_chance)
    table = csr_array((np.maximum(gain, 0), (where[:, 0], where[:, 1])), shape=table.shape)
    left, strength, _ = randomized_svd(table, DIMENSIONS, random_state=1)
    vectors = left * np.sqrt(strength)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9
    coarse, fine = (
        MiniBatchKMeans(number, random_state=1, n_init=3, batch_size=4096).fit_predict(vectors)
        for number in (COARSE, FINE)
    )
    return {word: int(coarse[n]) * FINE + int(fine[n]) for word, n in vocabulary.items()}
