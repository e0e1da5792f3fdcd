"""Rules for secrets: keys, tokens and passwords. Prefixes are those that each issuer documents."""

import re

from corpusmill.transforms.text.recognisers_rule import Rule

KEY = "[A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?"
KEY_LINES = 200  # of a private key block; an RSA key of 16,384 bits has 200 lines of base64

#: name, pattern, literals (lower case) of which one is in every match
TOKENS = (
    ("aws_key_id", r"\b(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16}\b", ("akia", "asia", "aroa", "aida")),
    ("github_token", r"\bgh[pousr]_[A-Za-z0-9]{30,255}\b", ("ghp_", "gho_", "ghu_", "ghs_", "ghr_")),
    ("github_pat", r"\bgithub_pat_[A-Za-z0-9_]{22,255}\b", ("github_pat_",)),
    ("gitlab_token", r"\bglpat-[\w-]{20,60}", ("glpat-",)),
    ("slack_token", r"\bxox[abeoprs]-[\w-]{10,250}", ("xox",)),
    ("stripe_key", r"\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,250}\b", ("k_live_", "k_test_")),
    ("openai_key", r"\bsk-(?:[a-z]{2,10}-){0,2}[\w-]{20,250}", ("sk-",)),
    ("google_key", r"\bAIza[\w-]{35}(?![\w-])", ("aiza",)),
    ("hugging_face_token", r"\bhf_[A-Za-z0-9]{30,60}\b", ("hf_",)),
    ("databricks_token", r"\bdapi[0-9a-f]{32}\b", ("dapi",)),
    ("json_web_token", r"\beyJ[\w-]{10,2000}\.eyJ[\w-]{10,4000}\.[\w-]{10,2000}", ("eyj",)),
    ("bearer_token", r"\bBearer (?P<value>[\w.~+/=-]{20,2000})", ("bearer",)),
)


def _secret(value: str) -> bool:
    """Rather a secret than a word, a variable or a placeholder: letters with digits, or a character that words lack.

    >>> [_secret(v) for v in ("hunter2", "Sommer-2024!", "required", "$PASSWORD", "xxxxxx", "your_password_here")]
    [True, True, False, False, False, False]
    """
    if value[0] in "$%{([*." or len(set(value)) < 4 or value.endswith(("()", "...")):
        return False
    return any(c.isdigit() for c in value) and any(c.isalpha() for c in value)


NAMES = (
    r"(?:api|access|auth|secret|client|private|account)[ _-]?(?:key|token|secret)(?:[ _-]?(?:id|key))?|token|secret|"
    r"password|passwd|passphrase|passwort|kennwort|pwd"
)

RULES = (
    *(Rule(name, "SECRET", pattern, trigger, 1.0) for name, pattern, trigger in TOKENS),
    Rule(
        "private_key",
        "SECRET",
        rf"-----BEGIN {KEY}-----(?:[^<>]{{0,20000}}?-----END {KEY}-----|(?:\n[A-Za-z0-9+/=]{{16,}}){{1,{KEY_LINES}}})",
        ("private key",),
        1.0,
        lines=KEY_LINES + 2,
    ),
    Rule(
        "named_secret",
        "SECRET",
        rf"(?<![A-Za-z])(?:{NAMES})[\"']?[ \t]?(?:=>?|:|\bis\b|\bist\b|\blautet\b)"
        r"[ \t]?[\"'`]?(?P<value>[^\s\"'`<>,;&]{6,500})",
        ("key", "token", "secret", "passw", "passphrase", "kennwort", "pwd"),
        0.8,
        check=_secret,
        flags=re.IGNORECASE,
    ),
)
