"""CNN/DailyMail: news with the highlights its editors wrote (Hermann et al. 2015)."""

from __future__ import annotations

from evaluation.corpora.hub import Form, hub_reader

__all__ = ["CNN_DAILYMAIL"]

CNN_DAILYMAIL = hub_reader(
    Form("cnn_dailymail", "abisee/cnn_dailymail", "3.0.0", "article", "highlights"), "CNN/DailyMail"
)
