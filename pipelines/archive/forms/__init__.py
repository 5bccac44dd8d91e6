"""The forms that a source may have: each module turns one into articles."""

from pipelines.archive.forms.read import read_unit

__all__ = ["read_unit"]
