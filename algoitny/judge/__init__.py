"""The judge: languages, compiling, sandbox, checkers, verdicts.

It knows nothing of Flask, Celery or DynamoDB; what is not exported here is its own business.
"""

from algoitny.judge.checkers import check_checker
from algoitny.judge.judge import Judge, open_judge
from algoitny.judge.languages import Language, Languages, load_languages
from algoitny.judge.probes import Probe, examine
from algoitny.judge.records import (
    Cancelled,
    Case,
    CaseResult,
    CompileResult,
    Judgement,
    Limits,
)

__all__ = [
    "Cancelled",
    "Case",
    "CaseResult",
    "CompileResult",
    "Judge",
    "Judgement",
    "Language",
    "Languages",
    "Limits",
    "Probe",
    "check_checker",
    "examine",
    "load_languages",
    "open_judge",
]
