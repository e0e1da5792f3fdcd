"""What a curator should look at before the dataset is used: each check is one function over the report's content."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from corpusmill.jobs.report_numbers import number, percent
from corpusmill.schemas.recipe import Recipe
from corpusmill.schemas.stages import AFTER_CORPUS

Data = Mapping[str, Any]
Warning = tuple[str, str]  # what to look at; the section of the report that shows it

# Limits of what is said: our judgement of what is unusual, not a measurement.
ENOUGH = 10  # documents, under which a share says nothing
LOST = 0.9  # of a source
ONE_RULE = 0.5  # of what came into a stage, dropped by a single rule
REFUSED = 0.01  # of what was read
LOOSE = 0.8  # of the entries of packed sequences that are real
CLUSTER = 50  # documents in one cluster of duplicates


def look_at(data: Data, recipe: Recipe, missing_models: Sequence[str]) -> list[dict[str, str]]:
    """Sentences, each with the id of the section that it is about, the weightiest first."""
    found = [*_ledger(data), *_nothing(data), *_sources(data), *_rules(data), *_refused(data)]
    found += [*_models(missing_models), *_kept_values(data), *_languages(data, recipe), *_clusters(data)]
    found += [*_packing(data), *_splits(data, recipe)]
    return [{"text": text, "section": section} for text, section in found]


def _ledger(data: Data) -> Iterator[Warning]:
    total = data["total"]
    if total["read"] != total["published"] + total["dropped"] + total["quarantined"]:
        yield "The tables do not add up: read is not published + dropped + quarantined. Please report this.", "funnel"
    dropped = {row["stage"]: 0 for row in data["funnel"]}
    for rule in data["rules"]:
        dropped[rule["stage"]] = dropped.get(rule["stage"], 0) + rule["n"]
    for row in data["funnel"]:
        if row["n_dropped"] != dropped[row["stage"]]:
            yield (
                f"{row['stage']}: the ledger counts {number(row['n_dropped'])} dropped documents, the decisions are "
                f"{number(dropped[row['stage']])}. Run the stage again.",
                "funnel",
            )


def _nothing(data: Data) -> Iterator[Warning]:
    if not data["total"]["read"]:
        yield "Nothing was read: are the paths of the sources right?", "sources"
    elif not data["total"]["published"]:
        yield "Nothing is published: every document was dropped or quarantined.", "funnel"


def _sources(data: Data) -> Iterator[Warning]:
    for source in data["sources"]:
        read, lost = source["read"], source["read"] - source["published"]
        if not read and data["total"]["read"]:
            yield f"Source {source['source']} gave no documents.", "sources"
        elif read >= ENOUGH and lost > LOST * read and data["total"]["published"]:
            most = f"; most by {source['rules'][0]['rule']}" if source["rules"] else ""
            yield (
                f"Source {source['source']} lost {percent(lost, read)} of its {number(read)} documents{most}.",
                "sources",
            )


def _rules(data: Data) -> Iterator[Warning]:
    for rule in data["rules"]:
        if rule["n_in"] >= ENOUGH and rule["n"] > ONE_RULE * rule["n_in"] and rule["stage"] not in AFTER_CORPUS:
            share = percent(rule["n"], rule["n_in"])
            yield f"One rule, {rule['rule']}, drops {share} of what comes into {rule['stage']}.", "rules"


def _refused(data: Data) -> Iterator[Warning]:
    n, read = data["total"]["quarantined"], data["total"]["read"]
    if n > REFUSED * read:
        yield f"{number(n)} of {number(read)} records are in quarantine ({percent(n, read)}).", "quarantine"


def _models(missing: Sequence[str]) -> Iterator[Warning]:
    for model in missing:
        language, _, name = model.partition(": ")
        yield f"No language model for '{language}' ({name}): names there are found by patterns alone.", "findings"


def _kept_values(data: Data) -> Iterator[Warning]:
    if data["findings"]:
        kept = [t["type"] for t in data["findings"]["types"] if "keep" in t["operators"]]
        if kept:
            yield f"Found but left as it is, by the recipe's operator keep: {', '.join(kept)}.", "findings"


def _languages(data: Data, recipe: Recipe) -> Iterator[Warning]:
    published = {row["language"] for row in data["languages"] if row["published"]}
    wanted = recipe.language.keep if recipe.language and recipe.language.keep else ()
    missing = [code for code in wanted if code not in published]
    if missing and data["total"]["published"]:
        yield f"No document is published in {', '.join(missing)}, which the recipe keeps.", "languages"


def _clusters(data: Data) -> Iterator[Warning]:
    largest = data["duplicates"]["largest"] if data["duplicates"] else 0
    if largest >= CLUSTER:
        yield (
            f"One cluster of duplicates holds {number(largest)} documents: a template, or an empty page?",
            "duplicates",
        )
    near = data["duplicates"] and data["duplicates"]["near"]
    if near and near["skipped"]:
        yield (
            f"{number(near['skipped'])} pairs of documents that share a band with very many others were not compared.",
            "duplicates",
        )


def _packing(data: Data) -> Iterator[Warning]:
    for row in data["packing"]:
        if row["share"] is not None and row["share"] < LOOSE and row["rows"] >= ENOUGH:
            share = percent(row["share"], 1)
            yield (
                f"Only {share} of the entries of {row['table']} ({row['split']}) are real, the rest padding.",
                "tokens",
            )


def _splits(data: Data, recipe: Recipe) -> Iterator[Warning]:
    there = {row["split"] for row in data["splits"]}
    for name in ("validation", "test"):
        if getattr(recipe.split, name) > 0 and name not in there and data["total"]["published"]:
            yield f"The split {name} is empty: its share is too small for so few documents.", "outputs"
