"""Every table of a warehouse: the contracts of schemas/, the struct of signals filled in."""

from pyspark.sql.types import BooleanType, DataType, DoubleType, LongType, StructType

from corpusmill.schemas import audit, filtered, inputs, ledger, published
from corpusmill.schemas import documents as d
from corpusmill.schemas.contract import field
from corpusmill.transforms.text.signals import SIGNALS

KINDS: dict[str, DataType] = {"int": LongType(), "float": DoubleType(), "bool": BooleanType()}

MEASURES = StructType([field(s.name, KINDS[s.dtype], f"{s.description}; {s.unit}") for s in SIGNALS])
DOCUMENTS = d.documents(MEASURES)
EDITED_DOCUMENTS = d.edited_documents(MEASURES)

# In every warehouse from the first run on.
ALWAYS = (
    inputs.RAW_DOCUMENTS,
    inputs.QUARANTINE,
    inputs.INPUT_FILES,
    DOCUMENTS,
    d.EDITS,
    d.MINHASH_SIGNATURES,
    d.DUPLICATE_CLUSTERS,
    d.CONTAMINATION,
    d.DECISIONS,
    d.MIX_PLAN,
    published.PII_FINDINGS,
    published.CORPUS,
    ledger.STAGE_RUNS,
    ledger.DATASET_VERSIONS,
)
# When something writes them.
ON_DEMAND = (
    d.CONTAMINATION_SCANS,
    d.EMBEDDINGS,
    filtered.FLAGS,
    filtered.LINE_CUTS,
    d.FOREIGN_DOCUMENTS,
    d.TOKEN_COUNTS,
    d.PASSAGES,
    d.PASSAGE_COUNTS,
    EDITED_DOCUMENTS,
    published.TOKENS,
    published.PACKING_PLAN,
    published.PRETRAINING_SEQUENCES,
    published.SFT_CONVERSATIONS,
    ledger.REVEALS,
    audit.AUDIT_VERDICTS,
    audit.AUDIT_SIGN_OFFS,
    ledger.ERASURES,
)
TABLES = (*ALWAYS, *ON_DEMAND)
