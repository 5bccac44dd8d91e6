"""How good a model is: its analyses scored against hand labels, with costs and doubts."""

from evaluation.baselines import Lead, oracle
from evaluation.benchmarking import benchmark, run_benchmark
from evaluation.data import BenchmarkError, load_references
from evaluation.metrics.figure import Figure, Interval
from evaluation.report import Report, write_results
from evaluation.tables import markdown_table, terminal_table

__all__ = [
    "BenchmarkError",
    "Figure",
    "Interval",
    "Lead",
    "Report",
    "benchmark",
    "load_references",
    "markdown_table",
    "oracle",
    "run_benchmark",
    "terminal_table",
    "write_results",
]
