"""The stages, by the names that commands, tables and files use."""

# In the order in which they run.
STAGES = ("ingest", "prepare", "filter", "exact_dedup", "near_dedup", "mix", "anonymise", "shape", "publish")

# A decision or a quarantine row of these leaves the document in the corpus.
AFTER_CORPUS = ("shape", "publish")
