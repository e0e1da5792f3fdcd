"""A look-up of millions of 64-bit hashes among a few thousand known ones, without a loop over them."""

import numpy as np
from numpy.typing import NDArray

from corpusmill.transforms.text.signals_pieces import Indices, Keys

BITS = 16  # of a hash, that tell its slot; hashes that find theirs taken go by the next ones
LEVELS = 64 // BITS


class HashTable:
    """Small numbers by 64-bit hash; 0 stands for unknown.

    >>> table = HashTable(np.array([7, 7 + 2**16], np.uint64), np.array([1, 2], np.uint8))
    >>> table.get(np.array([7 + 2**16, 8, 7], np.uint64)).tolist()
    [2, 0, 1]
    """

    def __init__(self, keys: Keys, values: NDArray[np.uint8]) -> None:
        """keys: all different, well spread. Raises ValueError where they are too many to find a slot each."""
        self._keys = np.append(np.uint64(0), keys)  # the number 0 is that of an empty slot
        self._values = np.append(np.uint8(0), values)
        self._slots: list[Indices] = []
        left = np.arange(1, len(self._keys), dtype=np.int32)
        for level in range(LEVELS):
            slots, first = np.unique(self._slot(self._keys[left], level), return_index=True)
            numbers = np.zeros(1 << BITS, dtype=np.int32)
            numbers[slots] = left[first]
            self._slots.append(numbers)
            left = np.delete(left, first)
            if not len(left):
                return
        raise ValueError(f"{len(keys)} keys are too many")

    def get(self, keys: Keys) -> NDArray[np.uint8]:
        """The number of each key."""
        found = np.zeros(len(keys), dtype=np.uint8)
        at, wanted = None, keys
        for level, slots in enumerate(self._slots):
            numbers = slots[self._slot(wanted, level)]
            filled = np.flatnonzero(numbers)
            at = filled if at is None else at[filled]
            numbers, wanted = numbers[filled], wanted[filled]
            hit = self._keys[numbers] == wanted
            found[at[hit]] = self._values[numbers[hit]]
            at, wanted = at[~hit], wanted[~hit]
        return found

    @staticmethod
    def _slot(keys: Keys, level: int) -> NDArray[np.uint16]:
        return (keys >> np.uint64(level * BITS)).astype(np.uint16)
