# Databricks notebook source
# MAGIC %md
# MAGIC # Curate a dataset
# MAGIC Brings the tables of a schema up to date with a recipe and its inputs, and shows the funnel.
# MAGIC What did not change since the last run is not done again. The scheduled form of this is the job `curate`.

# COMMAND ----------

# MAGIC %pip install --quiet "..[databricks]"

# COMMAND ----------

dbutils.widgets.text("recipe", "/Volumes/main/corpusmill/inbox/recipe.yml", "Recipe")
dbutils.widgets.text("warehouse", "main.corpusmill", "Schema of the tables")
dbutils.widgets.text("run_date", "", "Date for {date} in paths; empty: today")

recipe = dbutils.widgets.get("recipe")
warehouse = dbutils.widgets.get("warehouse")
run_date = dbutils.widgets.get("run_date") or None

# COMMAND ----------

from corpusmill.jobs import run, show
from corpusmill.jobs.progress import Progress
from corpusmill.jobs.recipe import load

with Progress(show.console()) as progress:
    result = run.run(load(recipe, run_date=run_date), warehouse=warehouse, run_date=run_date, progress=progress)

# COMMAND ----------

# MAGIC %md
# MAGIC ## The funnel
# MAGIC At every stage, in = kept + dropped + quarantined; a run that does not balance fails.

# COMMAND ----------

from pyspark.sql import functions as F

from corpusmill.jobs.warehouse import Warehouse
from corpusmill.schemas.stages import STAGES

stage_runs = Warehouse(spark, warehouse).read("stage_runs")
latest = stage_runs.groupBy("stage").agg(F.max_by(F.struct("*"), "finished_at").alias("run")).select("run.*")
order = F.array_position(F.lit(list(STAGES)), F.col("stage"))
display(latest.orderBy(order).select("stage", "n_in", "n_kept", "n_dropped", "n_quarantined", "n_done", "seconds"))

# COMMAND ----------

# MAGIC %md
# MAGIC ## What was dropped, and by which rule

# COMMAND ----------

decisions = Warehouse(spark, warehouse).read("decisions")
display(decisions.groupBy("stage", "rule").count().orderBy(F.desc("count")))

# COMMAND ----------

print(f"published: {result.version}")
