"""How good a model is: its analyses scored against labels, with costs and doubts."""

from evaluation.baselines import BASELINES, Lead, oracle
from evaluation.benchmarking import benchmark, run_benchmark
from evaluation.corpora import CORPORA
from evaluation.errors import BenchmarkError
from evaluation.gate import Earlier, Rule, check
from evaluation.html import write_page
from evaluation.metrics.figure import Figure, Interval
from evaluation.report import Report, Run, write_results
from evaluation.settings import Settings
from evaluation.tables import markdown_table, terminal_table

__all__ = [
    "BASELINES",
    "CORPORA",
    "BenchmarkError",
    "Earlier",
    "Figure",
    "Interval",
    "Lead",
    "Report",
    "Rule",
    "Run",
    "Settings",
    "benchmark",
    "check",
    "markdown_table",
    "oracle",
    "run_benchmark",
    "terminal_table",
    "write_page",
    "write_results",
]
