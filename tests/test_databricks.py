"""The bundle is right as far as that can be known without a workspace.

`databricks bundle validate` needs a workspace, and does not see a wrong dependency, parameter or entry point (tried
with CLI 1.13.0). databricks-bundles has the types of the same API; the rest is checked here by hand.
"""

import ast
import re
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import pytest
import yaml
from databricks.bundles.jobs import Job
from databricks.bundles.schemas import Schema
from databricks.bundles.volumes import Volume

from corpusmill.schemas.stages import STAGES

ROOT = Path(__file__).parents[1]
BUNDLE = yaml.safe_load((ROOT / "databricks.yml").read_text())
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
KINDS = {"jobs": Job, "schemas": Schema, "volumes": Volume}
BUILT_IN = {"workspace.current_user.userName", "workspace.file_path", "bundle.name", "bundle.target"}
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.py"))


def resources() -> dict[str, dict[str, dict]]:
    found: dict[str, dict[str, dict]] = {}
    for pattern in BUNDLE["include"]:
        for file in sorted(ROOT.glob(pattern)):
            for kind, named in yaml.safe_load(file.read_text())["resources"].items():
                found.setdefault(kind, {}).update(named)
    return found


RESOURCES = resources()
JOBS = {name: Job.from_dict(job) for name, job in RESOURCES["jobs"].items()}
TASKS = [pytest.param(job, task, id=f"{name}.{task.task_key}") for name, job in JOBS.items() for task in job.tasks]


def plain(parameter: str) -> str:
    """A parameter with a value in place of the job's reference."""
    return re.sub(r"\{\{.*?\}\}", "2026-01-31", parameter)


def test_every_resource_is_what_the_api_accepts():
    for kind, named in RESOURCES.items():
        for resource in named.values():
            KINDS[kind].from_dict(resource)


def test_the_check_of_resources_sees_a_wrong_key():
    with pytest.raises(Exception, match="max_retrys"):
        Job.from_dict({"name": "x", "tasks": [{"task_key": "a", "max_retrys": 1}]})


def test_every_reference_in_the_bundle_leads_somewhere():
    text = "".join(f.read_text() for f in [ROOT / "databricks.yml", *sorted((ROOT / "resources").glob("*.yml"))])
    for reference in re.findall(r"\$\{([^}]+)\}", text):
        if reference.startswith("var."):
            assert reference[4:] in BUNDLE["variables"], reference
        elif reference.startswith("resources."):
            _, kind, name, _ = reference.split(".")
            assert name in RESOURCES[kind], reference
        else:
            assert reference in BUILT_IN, reference


def test_dev_is_the_default_target_and_prod_is_production():
    targets = BUNDLE["targets"]
    assert [name for name, target in targets.items() if target.get("default")] == ["dev"]
    assert targets["dev"]["mode"] == "development"
    assert targets["prod"]["mode"] == "production"
    # As `bundle validate` said: at this level there are no others.
    assert {p["level"] for p in targets["prod"]["permissions"]} <= {"CAN_MANAGE", "CAN_VIEW", "CAN_RUN"}


def test_the_artifact_is_built_from_clean():
    assert BUNDLE["artifacts"]["default"] == {"type": "whl", "build": "uv build --clear"}


def test_the_tasks_of_curate_are_the_stages_in_order():
    from corpusmill.jobs.run import stages

    tasks = JOBS["curate"].tasks
    assert [task.task_key for task in tasks] == [stage.name for stage in stages()]
    assert [key for key in STAGES if key in {t.task_key for t in tasks}] == [t.task_key for t in tasks]
    assert [[d.task_key for d in t.depends_on] for t in tasks] == [[], *([t.task_key] for t in tasks[:-1])]


@pytest.mark.parametrize("name", JOBS)
def test_dependencies_exist_and_form_no_circle(name):
    before = {task.task_key: {d.task_key for d in task.depends_on} for task in JOBS[name].tasks}
    assert len(before) == len(JOBS[name].tasks), "two tasks of one name"
    while before:
        ready = [key for key, keys in before.items() if not keys & set(before)]
        assert ready, f"a circle among {sorted(before)}"
        assert all(keys <= {t.task_key for t in JOBS[name].tasks} for keys in before.values())
        for key in ready:
            del before[key]


@pytest.mark.parametrize(("job", "task"), TASKS)
def test_a_task_runs_an_entry_point_of_this_package(job, task):
    wheel = task.python_wheel_task
    assert wheel.package_name == PROJECT["name"]
    module, function = PROJECT["scripts"][wheel.entry_point].split(":")
    assert callable(getattr(import_module(module), function))
    environments = {e.environment_key: e.spec for e in job.environments}
    (dependency,) = environments[task.environment_key].dependencies
    assert dependency == "../dist/*.whl[databricks]"
    assert "databricks" in PROJECT["optional-dependencies"]


@pytest.mark.parametrize(("job", "task"), TASKS)
def test_a_task_gives_only_declared_parameters_and_the_command_takes_them(job, task):
    import typer

    from corpusmill.jobs.cli import app

    words = task.python_wheel_task.parameters
    declared = {p.name for p in job.parameters}
    for word in words:
        for reference in re.findall(r"\{\{(.*?)\}\}", word):
            assert reference.removeprefix("job.parameters.") in declared, reference
    command = typer.main.get_command(app).commands[words[0]]
    context = command.make_context(words[0], [plain(word) for word in words[1:]])  # raises for what it does not know
    assert context.params["first"] == context.params["last"] == task.task_key


@pytest.mark.parametrize("name", JOBS)
def test_defaults_of_job_parameters_refer_to_what_the_platform_fills_in(name):
    for parameter in JOBS[name].parameters:
        for reference in re.findall(r"\{\{(.*?)\}\}", parameter.default):
            assert reference == "job.start_time.iso_date"


def test_the_command_returns_when_all_went_well(monkeypatch):
    """A wheel task that ends in SystemExit counts as failed, even with code 0 (MicrosoftDocs/azure-docs#116964)."""
    from corpusmill.jobs.cli import main

    monkeypatch.setattr(sys, "argv", ["corpusmill", "recipe", "schema"])
    main()
    monkeypatch.setattr(sys, "argv", ["corpusmill", "recipe", "check", "no-such-recipe.yml"])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 2


def test_there_are_the_three_notebooks():
    assert [n.name for n in NOTEBOOKS] == ["curate.py", "pull_version.py", "review_audit.py"]


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda n: n.name)
def test_a_notebook_has_the_source_form_and_says_what_it_is_for(notebook):
    text = notebook.read_text()
    assert text.startswith("# Databricks notebook source\n# MAGIC %md\n# MAGIC # ")
    ast.parse(text)
    cells = text.split("\n# COMMAND ----------\n")
    assert len(cells) > 3
    for cell in cells:
        lines = [line for line in cell.strip().splitlines() if line != "# Databricks notebook source"]
        magic = [line.startswith("# MAGIC") for line in lines]
        assert all(magic) or not any(magic), f"a cell is code or magic, not both:\n{cell}"


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda n: n.name)
def test_a_notebook_reads_only_widgets_that_it_makes(notebook):
    text = notebook.read_text()
    made = set(re.findall(r'dbutils\.widgets\.text\("(\w+)"', text))
    assert made and set(re.findall(r'dbutils\.widgets\.get\("(\w+)"\)', text)) == made
