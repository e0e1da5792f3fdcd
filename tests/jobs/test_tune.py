"""What tune says a limit costs is what a run at that limit drops."""

import yaml
from typer.testing import CliRunner

from corpusmill.jobs import recipe
from corpusmill.jobs.cli import app
from corpusmill.jobs.tune import tune

from .mill import Mill, prose
from .test_keepers import page

RULE = "gopher_quality.word_count"


def loaded(mill, *settings):
    path = mill.folder / "recipe.yml"
    path.write_text(yaml.safe_dump(mill.recipe))
    return recipe.load(path, settings)


def test_tune_counts_what_a_run_drops_to_the_document(spark, tmp_path):
    mill = Mill(tmp_path, outputs=["corpus"], quality={"rules": ["gopher_quality", "c4"]}, language={"keep": ["en"]})
    del mill.recipe["anonymise"], mill.recipe["tokenise"]
    pages = [page(f"p{n}", f"{prose(n, 20 + 10 * n)} All of this is to be had.") for n in range(12)]
    mail = page("mail", "Write to anna.meier@example.org and to the office. " + prose(50, 60))
    mill.write("1.jsonl", *pages, page("empty", ""), mail)
    mill.run()
    settings = f"quality.limits={{{RULE}: {{minimum: 75}}}}"
    before, told = tune(mill.warehouse, loaded(mill)), tune(mill.warehouse, loaded(mill, settings), RULE)
    mill.run(settings)
    decided = [r["rule"] for r in mill.rows("decisions") if r["stage"] == "filter"]
    assert told.drops == len(decided) > before.drops
    assert {c.rule: c.first for c in told.rules if c.first} == {name: decided.count(name) for name in decided}
    detail = told.details[0]
    assert (detail.bound, detail.limit) == ("minimum", 75)
    at_limit = next(row for row in detail.curve if row[0] == 75)
    cost = next(c for c in told.rules if c.rule == RULE)
    assert at_limit[1:] == (cost.drops, cost.alone)
    assert [drops for _, drops, _ in detail.curve] == sorted(drops for _, drops, _ in detail.curve)
    assert all(value < 75 for value, *_ in detail.dropped) and all(value >= 75 for value, *_ in detail.kept)
    assert "anna.meier@example.org" not in repr(told)
    report = (mill.folder / "warehouse" / "report.html").read_text()
    row = report[report.index("What each limit costs") :].split(f"{cost.limit}: ", 1)[1]
    assert row.startswith(f"{cost.drops} fail, {cost.alone} only this")
    assert sum(n for _, n, _ in detail.by_source) == told.documents == 14


def test_tune_counts_by_the_limits_of_each_language_as_a_run_does(spark, tmp_path):
    english = "The dog ran across the street and barked at the postman who was just leaving the house. " * 6
    german = "Der Hund lief über die Straße und bellte den Briefträger an, der gerade aus dem Haus kam. " * 6
    mill = Mill(tmp_path, outputs=["corpus"], language={"minimum_share": 0.9})
    del mill.recipe["anonymise"], mill.recipe["tokenise"]
    texts = {"en": english, "de": german, "de+en": f"{german}\n\n{german}\n\n{english}"}
    texts |= {"en+de": f"{english}\n\n{english}\n\n{german}", "numbers": "12 345 6.7"}
    mill.write("1.jsonl", *(page(name, text) for name, text in texts.items()))
    mill.run(last="filter")
    settings = "language.limits={de: {minimum_share: 0.5}, en: {minimum_confidence: 1}}"
    before, told = tune(mill.warehouse, loaded(mill)), tune(mill.warehouse, loaded(mill, settings))
    assert {c.rule: c.drops for c in before.rules} == {
        "empty": 0,
        "language.minimum_confidence": 1,
        "language.minimum_share": 2,
    }
    assert [c.limit for c in told.rules] == ["at least 1 character", "at least 0.65; en 1", "at least 0.9; de 0.5"]
    assert {c.rule: c.drops for c in told.rules}["language.minimum_share"] == 1
    mill.run(settings, last="filter")
    decided = [r["rule"] for r in mill.rows("decisions") if r["stage"] == "filter"]
    assert told.drops == len(decided)
    assert {c.rule: c.first for c in told.rules if c.first} == {name: decided.count(name) for name in set(decided)}


def test_the_command_prints_it_and_writes_the_changed_recipe(spark, tmp_path):
    mill = Mill(tmp_path, outputs=["corpus"], quality={"rules": ["gopher_quality"]})
    del mill.recipe["anonymise"], mill.recipe["tokenise"]
    mill.write("1.jsonl", *(page(f"p{n}", prose(n, 20 + 10 * n)) for n in range(6)))
    mill.run(last="filter")
    loaded(mill)
    at = ["--warehouse", mill.warehouse]
    told = CliRunner().invoke(app, ["tune", str(tmp_path / "recipe.yml"), "--rule", RULE, *at])
    assert told.exit_code == 0 and "next to the limit, dropped:" in told.output
    changed = tmp_path / "changed.yml"
    settings = ["--set", f"quality.limits={{{RULE}: {{minimum: 75}}}}", "--write", str(changed)]
    assert CliRunner().invoke(app, ["tune", str(tmp_path / "recipe.yml"), *settings, *at]).exit_code == 0
    assert recipe.load(changed).recipe.quality.limits[RULE].minimum == 75
    wrong = CliRunner().invoke(app, ["tune", str(changed), "--rule", "gopher_quality.wordcount", *at])
    assert wrong.exit_code == 2 and "did you mean" in wrong.output
