"""Hand labels: whether they keep to the guide, what they hold, and other tools' forms of them."""

from evaluation.labels.check import check_paths
from evaluation.labels.convert import Converted, convert_labels
from evaluation.labels.drawing import draw_stats
from evaluation.labels.problem import Problem
from evaluation.labels.stats import Stats, label_stats

__all__ = [
    "Converted",
    "Problem",
    "Stats",
    "check_paths",
    "convert_labels",
    "draw_stats",
    "label_stats",
]
