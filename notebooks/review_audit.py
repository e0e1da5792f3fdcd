# Databricks notebook source
# MAGIC %md
# MAGIC # Review the anonymisation
# MAGIC What was found, what was done with it, and how the published text looks there. No raw value is shown: findings
# MAGIC hold a keyed hash of it, and the text comes from `corpus`, where the replacement stands already.

# COMMAND ----------

# MAGIC %pip install --quiet ".."

# COMMAND ----------

dbutils.widgets.text("warehouse", "main.corpusmill", "Schema of the tables")
dbutils.widgets.text("entity_type", "PERSON", "Type to sample")
dbutils.widgets.text("seed", "1", "Seed of the sample")

warehouse = dbutils.widgets.get("warehouse")
entity_type = dbutils.widgets.get("entity_type")
seed = int(dbutils.widgets.get("seed"))

# COMMAND ----------

from pyspark.sql import functions as F

from corpusmill.jobs.warehouse import Warehouse

place = Warehouse(spark, warehouse)
findings = place.read("pii_findings")
corpus = place.read("corpus")

# COMMAND ----------

# MAGIC %md
# MAGIC ## How much of what
# MAGIC `values` counts different values: many findings of one value are often a name in a footer.

# COMMAND ----------

by_type = findings.groupBy("entity_type", "recogniser", "operator").agg(
    F.count("*").alias("findings"),
    F.countDistinct("value_hmac").alias("values"),
    F.countDistinct("doc_id").alias("documents"),
    F.round(F.min("score"), 2).alias("lowest_score"),
)
display(by_type.orderBy(F.desc("findings")))

# COMMAND ----------

# MAGIC %md
# MAGIC ## Found in which languages
# MAGIC A language in which much less is found than in the others is where to look for what was missed.

# COMMAND ----------

per_document = corpus.join(findings.groupBy("doc_id").count(), "doc_id", "left").fillna(0, ["count"])
display(
    per_document.groupBy("language")
    .agg(F.count("*").alias("documents"), F.round(F.avg("count"), 2).alias("findings_per_document"))
    .orderBy(F.desc("documents"))
)

# COMMAND ----------

# MAGIC %md
# MAGIC ## Twenty documents with the chosen type, as published

# COMMAND ----------

chosen = findings.where(F.col("entity_type") == entity_type).select("doc_id").distinct()
sample = corpus.join(chosen, "doc_id").orderBy(F.xxhash64("doc_id", F.lit(seed))).limit(20)
display(sample.select("doc_id", "source", "language", F.substring("text", 1, 2000).alias("text")))

# COMMAND ----------

# MAGIC %md
# MAGIC ## Twenty documents without any finding, as published
# MAGIC What was missed stands here, if anywhere.

# COMMAND ----------

untouched = corpus.join(findings.select("doc_id").distinct(), "doc_id", "left_anti")
sample = untouched.orderBy(F.xxhash64("doc_id", F.lit(seed))).limit(20)
display(sample.select("doc_id", "source", "language", F.substring("text", 1, 2000).alias("text")))
