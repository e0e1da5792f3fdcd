# Databricks notebook source
# MAGIC %md
# MAGIC # Pull a dataset version
# MAGIC A version names the Delta version of each of its tables, so what you read today is what was published, whatever
# MAGIC was written since. Outside Databricks, from a warehouse in a folder and without Spark, the same is
# MAGIC `corpusmill.load("handbook@7", table="corpus")`.

# COMMAND ----------

# MAGIC %pip install --quiet ".."

# COMMAND ----------

dbutils.widgets.text("warehouse", "main.corpusmill", "Schema of the tables")
dbutils.widgets.text("version", "", "Version, such as 7; empty: the latest")
dbutils.widgets.text("table", "corpus", "Table")

warehouse = dbutils.widgets.get("warehouse")
version = dbutils.widgets.get("version")
table = dbutils.widgets.get("table")

# COMMAND ----------

from pyspark.sql import functions as F

from corpusmill.jobs.warehouse import Warehouse

place = Warehouse(spark, warehouse)
published = place.read("dataset_versions").orderBy(F.desc("version"))
display(published.select("name", "version", "created_at", "anonymised", "row_counts", "content_hash"))

# COMMAND ----------

chosen = (published.where(F.col("version") == int(version)) if version else published).first()
if chosen is None:
    raise ValueError(f"{warehouse} has no version {version or 'yet'}; the table above lists what there is")
if table not in chosen.tables:
    raise ValueError(f"version {chosen.version} has no table {table}; it has: {', '.join(sorted(chosen.tables))}")

data = place.read(table, version=chosen.tables[table])
print(f"{chosen['name']}@{chosen.version}, table {table}: {chosen.row_counts[table]} rows")
display(data.limit(20))

# COMMAND ----------

# MAGIC %md
# MAGIC ## Onto one machine, for training
# MAGIC Write it as Parquet into a volume and read that with `datasets`. `Dataset.from_spark` keeps a cache by the query
# MAGIC and may give back an older state of the table.
# MAGIC
# MAGIC     folder = f"/Volumes/main/corpusmill/inbox/{chosen['name']}@{chosen.version}"
# MAGIC     data.where("split = 'train'").write.mode("overwrite").parquet(folder)
# MAGIC     datasets.load_dataset("parquet", data_files=f"{folder}/*.parquet")
