"""Where findings stand in the published text: exactly, or not at all."""

from hypothesis import given
from hypothesis import strategies as st

from corpusmill.transforms.text.edits import apply_edits
from corpusmill.transforms.text.placing import place, shape

TEXT = "one two three four five six seven eight nine ten"


@st.composite
def spans(draw, length):
    """Spans of a text of that length, in order, without overlaps, none empty."""
    bounds = sorted(draw(st.sets(st.integers(0, length), max_size=8)))
    return list(zip(bounds[::2], bounds[1::2], strict=False))


@given(st.data())
def test_findings_are_placed_exactly_whatever_was_cut_and_replaced_before(data):
    edits = [(s, e, data.draw(st.sampled_from(["", "X", "words put in"]))) for s, e in data.draw(spans(len(TEXT)))]
    edited, offsets = apply_edits(TEXT, edits)
    found, pieces, expected, at, length = [], [], [], 0, 0
    for start, end in data.draw(spans(len(edited))):
        put = data.draw(st.sampled_from(["<PERSON>", "", "****", None]))
        begin, stop = offsets.to_original(start, end)
        if offsets.to_edited(begin, stop) != (start, end):
            return  # it began or ended inside of a replacement: such a finding is placed nowhere
        found.append({"start": begin, "end": stop, "entity_type": "PERSON", "replacement": put})
        stands = edited[start:end] if put is None else put
        length += start - at
        expected.append((length, length + len(stands), edited[start:end]))
        length += len(stands)
        pieces += [edited[at:start], stands]
        at = end
    published = "".join([*pieces, edited[at:]])
    placed = place(TEXT, edits, found[::-1], published)
    assert [(p.start, p.end, p.value) for p in placed] == expected


def test_a_text_that_has_changed_since_places_nothing():
    found = [{"start": 4, "end": 7, "entity_type": "PERSON", "replacement": "<PERSON>"}]
    assert place("one two three", [], found, "one <PERSON> three")
    assert place("one two four", [], found, "one <PERSON> three") == []
    assert place("one", [], found, "one <PERSON> three") == []


def test_a_value_never_shows_in_a_placed_finding():
    found = [{"start": 4, "end": 8, "entity_type": "PERSON", "replacement": "<PERSON>"}]
    (placed,) = place("Ask Nora.", [], found, "Ask <PERSON>.")
    assert "Nora" not in repr(placed)


@given(st.text())
def test_a_shape_holds_no_letter_and_no_digit_of_the_value(value):
    assert set(shape(value)) <= set("Aa9 .,:;@/+()-·")


@given(st.text(alphabet="abcXYZ0189 -", min_size=1))
def test_values_of_other_letters_and_lengths_have_one_shape(value):
    longer = value.translate(str.maketrans("abcXYZ0189", "defUVW2345"))
    assert shape(longer) == shape(value)
    assert shape("".join(c * 3 for c in value)) == shape(value)
