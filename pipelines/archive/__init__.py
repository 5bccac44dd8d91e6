"""Archives of any size: sources in, three tables out, any interruption survived.

A run has three passes. Every source is read once into chunks of articles (``input/``);
duplicates are found over their hashes; each chunk is analysed and committed. What is
committed is never done again, and totals are recomputed from the commits.
"""

from pipelines.archive.run import Share, run_batch
from pipelines.archive.settings import BatchError, BatchSettings
from pipelines.archive.totals import Totals

__all__ = ["BatchError", "BatchSettings", "Share", "Totals", "run_batch"]
