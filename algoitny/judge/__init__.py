"""The judge: languages, compiling, sandbox, checkers, verdicts.

It knows nothing of Flask, Celery or DynamoDB; what is not exported here is its own business.
"""

from algoitny.judge.checkers import check_checker, custom_flags
from algoitny.judge.declarations import load_languages
from algoitny.judge.judge import Judge, open_judge
from algoitny.judge.kept_files import KeptFiles
from algoitny.judge.languages import Language, Languages
from algoitny.judge.probes import Probe, examine
from algoitny.judge.records import (
    Cancelled,
    Case,
    CaseResult,
    CompileResult,
    CustomChecker,
    Judgement,
    Limits,
)
from algoitny.judge.test_files import TestFiles

__all__ = [
    "Cancelled",
    "Case",
    "CaseResult",
    "CompileResult",
    "CustomChecker",
    "Judge",
    "Judgement",
    "KeptFiles",
    "Language",
    "Languages",
    "Limits",
    "Probe",
    "TestFiles",
    "check_checker",
    "custom_flags",
    "examine",
    "load_languages",
    "open_judge",
]
