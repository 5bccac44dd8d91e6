"""XSum: BBC news with its first sentence as the summary (Narayan et al. 2018)."""

from __future__ import annotations

from evaluation.corpora.hub import Form, hub_reader

__all__ = ["XSUM"]

XSUM = hub_reader(Form("xsum", "EdinburghNLP/xsum", None, "document", "summary"), "XSum")
