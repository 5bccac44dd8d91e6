"""Hand labels: whether they keep to the guide, and what they hold."""

from evaluation.labels.check import check_paths
from evaluation.labels.drawing import draw_stats
from evaluation.labels.problem import Problem
from evaluation.labels.stats import Stats, label_stats

__all__ = ["Problem", "Stats", "check_paths", "draw_stats", "label_stats"]
