"""Recipes: each wrong one gets one message that names file, line, key, what was found and what is allowed."""

import json
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpusmill.jobs import prepare, run
from corpusmill.jobs.recipe import json_schema, load
from corpusmill.jobs.recipe_commands import check_command, stages_of
from corpusmill.jobs.recipe_inputs import check_inputs
from corpusmill.schemas import recipe_values
from corpusmill.schemas.errors import RecipeError, UserError
from corpusmill.schemas.recipe import Recipe
from corpusmill.transforms.text import fasttext_models, findings, language

HEAD = "name: handbook\nsources: [{path: pages}]\n"


@pytest.fixture
def recipe_file(tmp_path):
    """Write a recipe beside a folder `pages` with one file, and return its path."""

    def write(text: str) -> Path:
        (tmp_path / "pages").mkdir(exist_ok=True)
        (tmp_path / "pages" / "a.jsonl").write_text('{"text": "hello"}\n')
        path = tmp_path / "handbook.yml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def refusal(path: Path, *overrides: str, **options) -> str:
    """The message with which a recipe is refused, by reading it or by looking for its files."""
    with pytest.raises(RecipeError) as caught:
        check_inputs(load(path, overrides, **options), environ={})
    return str(caught.value)


ODD_VALUES = [
    "",
    "1",
    "-1e400",
    "true",
    "[]",
    "{}",
    "[[]]",
    "{a: {b: 1}}",
    "&x [*x]",
    "!!set {a}",
    "${",
    "$A",
    "[1, a]",
]
ODD_KEYS = ["", "a", "sources", "sources.0", "sources[1].path", "name.x", "quality.limits.a.b", "mix.weights.source.a"]
WRONG = yaml.safe_load(Path(__file__).parent.parent.joinpath("cases", "recipes.yml").read_text())


@pytest.mark.parametrize("case", WRONG, ids=lambda case: case["label"])
def test_a_wrong_recipe_is_refused_with_file_line_key_and_what_is_allowed(case, recipe_file):
    path = recipe_file(case["recipe"])
    message = refusal(path, environ={})
    assert message.startswith(f"{path}, line ")
    assert not [part for part in case["message"] if part not in message], message
    assert len(message.splitlines()) == 1, "one mistake, one line"
    for jargon in ("pydantic", "Traceback", "Input should", "https://", "dict", "tuple"):
        assert jargon not in message


GOOD = {
    "the least": HEAD,
    "every stage with its defaults": HEAD
    + "clean: {}\nlanguage: {}\nexact_dedup: {}\nnear_dedup: {}\nmix: {}\nanonymise: {}\ntokenise: {}\nsplit: {}\n",
    "all options": """
name: handbook.v2-de_en
warehouse: out
statistics: new
sources:
  - name: pages
    path: pages/*.jsonl
    format: jsonl
    fields: {id: key, text: html}
    metadata: [url, title]
    content_type: text/html
    deletes: true
language: {keep: [de, en, no, und], minimum_confidence: 1}
near_dedup: {ngram: 5, minimum_similarity: 0.7, recall: 0.97, keep: longest, seed: 7, bands: 20, rows: 8}
anonymise:
  languages: [de]
  mode: patterns
  operator: {default: hash, PERSON: mask, ORGANIZATION: keep}
  minimum_score: 0
  key: secret:scope/key
  on_missing_model: quarantine
  models: {de: de_core_news_sm}
  entities: [PERSON, DE_LANR]
tokenise: {tokenizer: org/name, sequence_length: 8, packing: concat, end_token: </s>}
split: {validation: 0.01, test: 0.01, seed: 1}
outputs: [corpus, pretraining_sequences, sft_conversations]
""",
}


@pytest.mark.parametrize("label", GOOD)
def test_a_good_recipe_loads_and_its_stored_text_loads_as_the_same_recipe(label, recipe_file):
    loaded = load(recipe_file(GOOD[label]))
    assert check_inputs(loaded) == {loaded.recipe.sources[0].name: 1}
    again = load(recipe_file(loaded.text))
    assert again.recipe == loaded.recipe


def test_the_defaults_are_those_of_the_design(recipe_file):
    recipe = load(recipe_file(GOOD["every stage with its defaults"])).recipe
    assert recipe.sources[0].name == "source1"
    assert recipe.sources[0].fields.model_dump() == {"id": "id", "text": "text", "messages": None}
    assert (recipe.outputs, recipe.quality, recipe.statistics) == (("corpus",), None, "frozen")
    assert (recipe.language.keep, recipe.language.minimum_confidence) == (None, 0.65)
    assert recipe.near_dedup.model_dump(exclude_none=True) == {
        "ngram": 5, "unit": "words", "minimum_similarity": 0.7, "recall": 0.97, "seed": 1,
        "keep": {"longest": True, "prefer": "highest"}, "keepers": "fixed", "maximum_loss": 0.9,
    }  # fmt: skip
    assert (recipe.anonymise.languages, recipe.anonymise.mode) == (("de", "en"), "full")
    assert (recipe.anonymise.operator, recipe.anonymise.minimum_score) == ({"default": "replace"}, 0.5)
    assert (recipe.tokenise.tokenizer, recipe.tokenise.sequence_length) == (None, 2048)
    assert recipe.tokenise.packing == "best_fit"
    assert (recipe.split.validation, recipe.split.test) == (0, 0)


def test_what_defines_the_signals_decides_whether_they_are_measured_again(recipe_file):
    made = [
        prepare.STAGE.made_with(load(recipe_file(f"{HEAD}quality: {{{definitions}}}\n")))
        for definitions in ("", "definitions: papers", "definitions: datatrove", "definitions: datatrove_in_turn")
    ]
    assert made[0] == made[1]
    assert len(set(made)) == 3


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file(recipe_file):
    text = "name: a b\nsources:\n- path: pages\n  format: jsnl\nclean:\nsplit: {test: 2}\n"
    lines = refusal(recipe_file(text), "near_dedup.ngram=0").splitlines()
    assert lines[0].endswith("has 5 errors")
    where = [
        "line 1: name",
        "line 4: sources[0].format",
        "line 5: clean",
        "line 6: split.test",
        "--set near_dedup.ngram",
    ]
    assert [part in line for part, line in zip(where, lines[1:], strict=True)] == [True] * 5


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_stands_in_the_file_is_a_recipe_or_refused_in_words(data, recipe_file):
    """A key of a good recipe gets any value, or the text is cut anywhere: never another exception."""
    lines = GOOD["all options"].splitlines()
    number = data.draw(st.integers(1, len(lines) - 1))
    key, value = lines[number].partition(":")[0], data.draw(st.sampled_from(ODD_VALUES) | st.text(max_size=8))
    text = data.draw(st.sampled_from(["\n".join([*lines[:number], f"{key}: {value}", *lines[number + 1 :]]), value]))
    try:
        load(
            recipe_file(text), data.draw(st.lists(st.builds("{}={}".format, st.sampled_from(ODD_KEYS), st.just(value))))
        )
    except UserError as error:
        assert "handbook.yml" in str(error)


def test_norwegian_is_a_language_and_1e9_a_number(recipe_file):
    """YAML 1.1 would read `no` as false, and 1e9 as text."""
    loaded = load(recipe_file(HEAD + "language: {keep: [no]}\nnear_dedup: {seed: 1e9}"))
    assert (loaded.recipe.language.keep, loaded.recipe.near_dedup.seed) == (("no",), 1_000_000_000)
    assert yaml.safe_load(loaded.text)["language"] == {"keep": ["no"]}


def test_a_key_written_by_mistake_instead_of_its_place_is_not_repeated(recipe_file):
    path = recipe_file(HEAD + "anonymise: {key: hunter2}")
    assert "hunter2" not in refusal(path)
    assert "hunter2" not in refusal(path, "anonymise.key=hunter2")


def test_a_password_in_a_path_is_refused_and_not_repeated(recipe_file):
    message = refusal(recipe_file(HEAD.replace("pages", '"s3://me:hunter2@bucket/a"')))
    assert "holds a password" in message and "hunter2" not in message
    load(recipe_file(HEAD.replace("pages", '"abfss://box@account.dfs.core.windows.net/a:b"')))


class TestOverrides:
    @pytest.mark.parametrize(
        ("setting", "value"),
        [
            ("name=other", lambda r: r.name == "other"),
            ("near_dedup.ngram=3", lambda r: r.near_dedup.ngram == 3),
            ("near_dedup={bands: 20, rows: 8}", lambda r: (r.near_dedup.bands, r.near_dedup.rows) == (20, 8)),
            ("sources.0.name=web", lambda r: r.sources[0].name == "web"),
            ("sources[0].metadata=[url]", lambda r: r.sources[0].metadata == ("url",)),
            ("statistics=new", lambda r: r.statistics == "new"),
            ("clean=null", lambda r: r.clean is None),
        ],
    )
    def test_one_key_is_set(self, setting, value, recipe_file):
        path = recipe_file(HEAD + "clean: {}\nnear_dedup: {}")
        assert not value(load(path).recipe)
        assert value(load(path, [setting]).recipe)

    def test_the_last_one_counts_and_the_stored_text_has_it(self, recipe_file):
        loaded = load(recipe_file(HEAD), ["near_dedup.ngram=3", "near_dedup.ngram=4"])
        assert yaml.safe_load(loaded.text)["near_dedup"] == {"ngram": 4}

    def test_a_limit_is_set_by_the_dotted_name_of_its_rule(self, recipe_file):
        recipe = load(recipe_file(HEAD), ["quality.limits.balanced.word_count.minimum=30"]).recipe
        assert recipe.quality.limits["balanced.word_count"].minimum == 30

    @pytest.mark.parametrize(
        ("setting", "parts"),
        [
            ("near_dedup.ngram=five", ["--set near_dedup.ngram: wanted a whole number, found 'five'"]),
            ("near_dedupe.ngram=3", ["--set near_dedupe.ngram", "unknown key", "did you mean 'near_dedup'?"]),
            ("near_dedup.ngram", ["give a key and a value"]),
            ("=3", ["give a key and a value"]),
            ("near_dedup..ngram=3", ["give a key and a value"]),
            ("near_dedup=", ["--set near_dedup: has no value; write null"]),
            ("split=null", ["nothing to take out"]),
            ("near_dedup={ngram: [", ["--set near_dedup: not valid YAML"]),
            ("sources.3.path=x", ["sources: is a list; 3 is none of its numbers (0 to 0)"]),
            ("sources.pages.path=x", ["sources: is a list; pages is none of its numbers"]),
            ("name.first=x", ["name: is no mapping"]),
        ],
    )
    def test_a_wrong_one_is_named_in_the_message(self, setting, parts, recipe_file):
        message = refusal(recipe_file(HEAD), setting)
        assert not [part for part in parts if part not in message], message
        assert len(message.splitlines()) == 1


class TestPaths:
    def test_relative_ones_begin_at_the_recipe_and_others_stay(self, recipe_file, tmp_path, monkeypatch):
        monkeypatch.chdir("/")
        text = (
            "name: h\nsources: [{path: pages}, {path: ../x/*.csv}, {path: /data}, {path: 's3://b/c'}]\nwarehouse: out"
        )
        recipe = load(recipe_file(text)).recipe
        assert [s.path for s in recipe.sources] == [
            f"{tmp_path}/pages",
            f"{tmp_path.parent}/x/*.csv",
            "/data",
            "s3://b/c",
        ]
        assert recipe.warehouse == f"{tmp_path}/out"

    def test_names_are_not_taken_for_paths(self, recipe_file, tmp_path):
        text = HEAD + "warehouse: main.curated\ntokenise: {tokenizer: org/name}\nanonymise: {models: {en: some_model}}"
        recipe = load(recipe_file(text)).recipe
        assert recipe.warehouse == "main.curated"
        assert recipe.tokenise.tokenizer == "org/name"
        assert recipe.anonymise.models == {"en": "some_model"}
        (tmp_path / "org" / "name").mkdir(parents=True)
        assert load(tmp_path / "handbook.yml").recipe.tokenise.tokenizer == f"{tmp_path}/org/name"

    def test_variables_are_filled_into_paths_only_and_not_into_the_stored_text(self, recipe_file):
        text = HEAD.replace("pages", '"$ROOT/${SUB:-a}/${OTHER}"') + 'tokenise: {end_token: "$ROOT"}'
        loaded = load(recipe_file(text), environ={"ROOT": "/r", "OTHER": "o"})
        assert loaded.recipe.sources[0].path == "/r/a/o"
        assert loaded.recipe.tokenise.end_token == "$ROOT"
        assert "$ROOT/${SUB:-a}/${OTHER}" in loaded.text

    def test_the_date_is_the_given_one_or_today(self, recipe_file):
        path = recipe_file(HEAD.replace("pages", '"/in/{date}/*.jsonl"'))
        assert load(path, run_date="2026-01-31").recipe.sources[0].path == "/in/2026-01-31/*.jsonl"
        assert load(path).run_date == date.today()
        assert "{date}" in load(path).text

    @pytest.mark.parametrize("wrong", ["yesterday", "2026-02-30", "20260131", "2026-1-31", ""])
    def test_a_wrong_date_is_refused(self, wrong, recipe_file):
        with pytest.raises(UserError, match=r"--run-date.*YYYY-MM-DD"):
            load(recipe_file(HEAD), run_date=wrong)

    def test_remote_sources_are_not_looked_for(self, recipe_file):
        loaded = load(recipe_file("name: h\nsources: [{path: pages}, {path: 's3://nowhere/at/all'}]"))
        assert check_inputs(loaded) == {"source1": 1, "source2": None}


class TestFiles:
    def test_a_missing_recipe_names_the_nearest(self, recipe_file):
        path = recipe_file(HEAD)
        assert "there is no such recipe; did you mean 'handbook.yml'?" in refusal(path.with_name("handbok.yml"))

    def test_a_folder_and_another_encoding_are_refused(self, recipe_file, tmp_path):
        assert "cannot be read" in refusal(tmp_path)
        path = recipe_file(HEAD)
        path.write_bytes("name: Bücher".encode("latin-1"))
        assert "not UTF-8 (at byte 7)" in refusal(path)


def test_the_schema_tells_editors_keys_values_and_descriptions():
    schema = json_schema()
    assert schema["additionalProperties"] is False and schema["required"] == ["name", "sources"]
    assert set(schema["properties"]) == set(Recipe.model_fields)
    source = schema["$defs"]["Source"]["properties"]
    assert source["format"]["enum"] == ["auto", "jsonl", "parquet", "csv", "text", "markdown", "html"]
    described = [p for part in (schema, *schema["$defs"].values()) for p in part["properties"].values()]
    assert all(p.get("description") for p in described)
    assert "null" not in json.dumps(schema)


def test_check_prints_what_would_be_read_done_and_written(recipe_file, capsys, monkeypatch):
    monkeypatch.delenv("CORPUSMILL_WAREHOUSE", raising=False)
    path = recipe_file(HEAD + "exact_dedup: {}")
    check_command(str(path))
    text = capsys.readouterr().out
    assert "source1: 1 file at" in text and "warehouse/handbook" in text
    assert "personal data stays in the corpus" in text
    check_command(str(path), ["anonymise={}"], as_json=True)
    summary = json.loads(capsys.readouterr().out)
    assert summary["anonymised"] is True and summary["sources"][0]["files"] == 1
    assert summary["stages"] == ["ingest", "prepare", "filter", "exact_dedup", "anonymise", "shape", "publish"]


def test_the_stages_are_those_that_a_run_knows():
    everything = GOOD["every stage with its defaults"]
    recipe = Recipe.model_validate_json(json.dumps(yaml.safe_load(everything)))
    assert stages_of(recipe) == [stage.name for stage in run.stages()]


def test_the_entity_types_are_those_of_the_anonymiser():
    assert findings.ENTITY_TYPES == recipe_values.ENTITY_TYPES
    assert recipe_values.OnRequest.__args__ == findings.ON_REQUEST


def test_the_languages_are_those_of_the_embedded_model():
    labels = fasttext_models.load(language.EMBEDDED_MODEL, "model", "").get_labels()
    assert {label.removeprefix("__label__") for label in labels} | {"und"} == recipe_values.LANGUAGES


def test_a_model_of_ones_own_may_have_other_languages(recipe_file):
    keep = HEAD + "language: {keep: [kmr_Latn]%s}"
    assert "'kmr_Latn' is not a language" in refusal(recipe_file(keep % ""))
    assert load(recipe_file(keep % ", model: own.bin")).recipe.language.keep == ("kmr_Latn",)
