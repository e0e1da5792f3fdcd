"""An operator that fails: the document comes out with an error and without its text, and the others go on."""

import pyarrow as pa
import pytest

from corpusmill.schemas.errors import UserError
from corpusmill.transforms.text import operators
from corpusmill.transforms.text.anonymise import PublishOptions, publish
from corpusmill.transforms.text.anonymiser import AnonymiseOptions

SECRET = "anna@beispiel.example"
MESSAGES = pa.list_(pa.struct([("role", pa.string()), ("content", pa.string())]))
METADATA = pa.map_(pa.string(), pa.string())
EDITS = pa.list_(pa.struct([("start", pa.int32()), ("end", pa.int32()), ("replacement", pa.string())]))
STRINGS = ("doc_id", "source", "source_id", "text", "language", "made_from", "error")
SCHEMA = pa.schema(
    [*((name, pa.string()) for name in STRINGS), ("messages", MESSAGES), ("metadata", METADATA), ("edits", EDITS)]
)


def batch(*documents):
    """Documents as (doc_id, text)."""
    same = {"source": "s", "source_id": f"{SECRET} notes", "language": "en", "metadata": [("author", SECRET)]}
    rows = [{"doc_id": doc_id, "text": text, "made_from": "x", **same} for doc_id, text in documents]
    return pa.RecordBatch.from_pylist(rows, SCHEMA)


def published(operator, *documents, scope="corpus"):
    options = AnonymiseOptions(mode="patterns", operators={"default": operator}, pseudonyms=scope)
    out = publish(batch(*documents), PublishOptions(options, None, b"a secret of the tests"), SCHEMA)
    return out.to_pylist(maps_as_pydicts="strict")


@pytest.mark.parametrize("operator", ["pseudonym", "encrypt"])
@pytest.mark.parametrize("error", [ValueError(SECRET), MemoryError(SECRET), RecursionError(SECRET), KeyError(SECRET)])
def test_a_document_whose_operator_fails_comes_out_empty_and_the_others_go_on(monkeypatch, operator, error):
    real = operators.OPERATORS[operator]

    def explode(value, origin):
        if value.text == "max@beispiel.example":
            raise error
        return real(value, origin)

    monkeypatch.setitem(operators.OPERATORS, operator, explode)
    bad, good = published(operator, ("d1", f"{SECRET} max@beispiel.example"), ("d2", f"ask {SECRET}"))
    assert (bad["text"], bad["messages"], bad["metadata"], bad["source_id"]) == ("", None, None, None)
    assert type(error).__name__ in bad["error"] and SECRET not in str(bad)
    assert good["error"] is None and good["text"].startswith("ask ") and SECRET not in str(good)


def test_names_that_cannot_be_loaded_fail_closed(monkeypatch):
    def no_names(language):
        raise FileNotFoundError(f"no names for {language}")

    monkeypatch.setattr("corpusmill.transforms.text.pseudonyms.names", no_names)
    (found,) = published("pseudonym", ("d1", "Seen by Mr. Sample."))
    assert found["text"] == "" and "FileNotFoundError" in found["error"]


def test_an_operator_that_does_not_exist_ends_the_run():
    with pytest.raises(UserError, match="no operator 'blur'"):
        published("blur", ("d1", f"ask {SECRET}"))


def test_a_pseudonym_reaches_as_far_as_the_recipe_says():
    documents = ("d1", "Seen by Mr. Sample."), ("d2", "Seen by Mr. Sample.")
    first, second = published("pseudonym", *documents)
    assert first["text"] == second["text"] and "Sample" not in first["text"]
    assert first["metadata"]["author"] == first["source_id"].removesuffix(" notes"), "one value, one pseudonym"
    first, second = published("pseudonym", *documents, scope="document")
    assert first["text"] != second["text"]
