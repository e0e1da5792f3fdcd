"""Packing: nothing lost, nothing doubled, nothing too long."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpusmill.transforms.text.packing import PIECE, best_fit, buckets, concat, render

LENGTHS = st.lists(st.integers(0, 70), max_size=60).map(lambda lengths: np.array(lengths, dtype=np.int64))
SEQUENCE_LENGTH = st.integers(1, 40)
PACKINGS = pytest.mark.parametrize("pack", [best_fit, concat])


@PACKINGS
@given(lengths=LENGTHS, room=SEQUENCE_LENGTH)
def test_every_token_is_in_exactly_one_piece_and_the_pieces_of_a_document_are_in_order(pack, lengths, room):
    pieces = pack(lengths, room)
    for document, length in enumerate(lengths):
        mine = pieces[pieces["document"] == document]
        assert [at for piece in mine for at in range(piece["start"], piece["end"])] == list(range(length))
    assert (pieces["end"] > pieces["start"]).all()


@PACKINGS
@given(lengths=LENGTHS, room=SEQUENCE_LENGTH)
def test_no_sequence_is_over_full_and_sequences_and_positions_are_numbered_without_gaps(pack, lengths, room):
    pieces = pack(lengths, room)
    count = pieces["sequence"].max() + 1 if len(pieces) else 0
    for sequence in range(count):
        mine = pieces[pieces["sequence"] == sequence]
        assert 0 < (mine["end"] - mine["start"]).sum() <= room
        assert mine["position"].tolist() == list(range(len(mine)))
        assert len(set(mine["document"].tolist())) == len(mine), "a segment is a document"
    assert (np.diff(pieces["sequence"]) >= 0).all()


@given(lengths=LENGTHS, room=SEQUENCE_LENGTH)
def test_concat_fills_every_sequence_but_the_last_in_the_order_of_the_documents(lengths, room):
    pieces = concat(lengths, room)
    filled = np.bincount(pieces["sequence"], weights=pieces["end"] - pieces["start"])
    assert (filled[:-1] == room).all()
    assert (np.diff(pieces["document"]) >= 0).all()


@given(lengths=LENGTHS, room=SEQUENCE_LENGTH)
def test_best_fit_cuts_only_what_is_longer_than_a_sequence(lengths, room):
    pieces = best_fit(lengths, room)
    counts = np.bincount(pieces["document"], minlength=len(lengths))
    assert counts.tolist() == [-(-int(length) // room) for length in lengths]


@given(lengths=LENGTHS, room=SEQUENCE_LENGTH)
def test_best_fit_never_leaves_two_sequences_half_empty(lengths, room):
    pieces = best_fit(lengths, room)
    filled = np.bincount(pieces["sequence"], weights=pieces["end"] - pieces["start"])
    assert (filled <= room / 2).sum() <= 1
    assert len(filled) <= 2 * -(-int(lengths.sum()) // room)


def test_best_fit_fills_typical_documents_almost_without_padding():
    lengths = np.clip(np.random.default_rng(0).lognormal(6, 1.2, 20_000).astype(int), 1, 200_000)
    sequences = best_fit(lengths, 2048)["sequence"].max() + 1
    assert lengths.sum() / (sequences * 2048) > 0.99


def _best_fit_decreasing_the_slow_way(lengths: list[int], room: int) -> list[list[int]]:
    packed: list[list[int]] = []  # the one filled last stands last
    for length in sorted(lengths, reverse=True):
        fitting = [sequence for sequence in packed if sum(sequence) + length <= room]
        best = max(reversed(fitting), key=sum, default=[])
        packed = [*(sequence for sequence in packed if sequence is not best), [*best, length]]
    return packed


@given(lengths=st.lists(st.integers(1, 30), max_size=40))
def test_best_fit_fills_as_the_textbook_does(lengths):
    pieces = best_fit(np.array(lengths), 31)
    mine = [
        (pieces["end"] - pieces["start"])[pieces["sequence"] == sequence].tolist()
        for sequence in range(len(set(pieces["sequence"].tolist())))
    ]
    assert sorted(mine) == sorted(_best_fit_decreasing_the_slow_way(lengths, 31))


@PACKINGS
def test_the_same_lengths_give_the_same_pieces_and_nothing_gives_none(pack):
    lengths = np.array([5, 5, 3, 5, 9, 3])
    assert pack(lengths, 8).tobytes() == pack(lengths.copy(), 8).tobytes()
    assert len(pack(np.array([], dtype=np.int64), 8)) == 0
    assert len(pack(np.array([0, 0]), 8)) == 0


def test_best_fit_takes_documents_of_one_length_in_their_order():
    lengths = np.resize([5, 6, 7], 3000)  # none fits beside another
    assert best_fit(lengths, 8)["document"].tolist() == [*range(2, 3000, 3), *range(1, 3000, 3), *range(0, 3000, 3)]


@PACKINGS
def test_impossible_lengths_are_refused(pack):
    with pytest.raises(ValueError, match="0 or more"):
        pack(np.array([3, -1]), 8)
    with pytest.raises(ValueError, match="1 or more"):
        pack(np.array([3]), 0)


@PACKINGS
@given(data=st.data(), room=SEQUENCE_LENGTH, end_token_id=st.sampled_from([None, 99]))
def test_the_rendered_sequences_hold_each_document_once_and_whole(pack, data, room, end_token_id):
    documents = data.draw(st.lists(st.lists(st.integers(1, 50), max_size=60).map(np.array), min_size=1, max_size=8))
    ends = end_token_id is not None
    pieces = pack(np.array([len(ids) + ends for ids in documents]), room)
    found: list[list[int]] = [[] for _ in documents]
    for sequence in sorted(set(pieces["sequence"].tolist())):
        mine = pieces[pieces["sequence"] == sequence]
        packed = render(mine, [documents[i] for i in mine["document"]], end_token_id, 7, room)
        length = packed["length"]
        for segment, document in enumerate(mine["document"]):
            inside = packed["segment_ids"] == segment
            found[document] += packed["input_ids"][inside].tolist()
            assert packed["position_ids"][inside].tolist() == list(range(inside.sum()))
        assert (packed["segment_ids"][:length] >= 0).all() and (packed["segment_ids"][length:] == -1).all()
        assert (packed["input_ids"][length:] == 7).all() and (packed["position_ids"][length:] == 0).all()
        assert {key: len(packed[key]) for key in ("input_ids", "position_ids", "segment_ids")} == dict.fromkeys(
            ("input_ids", "position_ids", "segment_ids"), room
        )
    assert found == [[*ids.tolist(), *([99] if ends else [])] for ids in documents]


def test_a_piece_past_its_document_or_its_sequence_is_refused():
    piece = np.array([(0, 0, 0, 0, 4)], dtype=PIECE)
    with pytest.raises(ValueError, match="2 tokens"):
        render(piece, [np.array([1, 2])], 0, 0, 8)
    with pytest.raises(ValueError, match="do not fit"):
        render(piece, [np.array([1, 2, 3])], 0, 0, 3)


@given(total=st.integers(0, 10**13), size=st.integers(1, 10**9))
def test_buckets_are_a_power_of_two_and_none_is_meant_to_be_over_full(total, size):
    number = buckets(total, size)
    assert number & (number - 1) == 0
    assert total <= number * size
    assert number == 1 or total > number * size / 2
