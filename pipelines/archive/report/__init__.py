"""What came of a run, as one page with the SQL behind each of its figures."""

from pipelines.archive.report.build import write_report

__all__ = ["write_report"]
