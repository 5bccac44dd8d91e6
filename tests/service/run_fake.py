"""The service with the fake model in a process of its own: ``python -m tests.service.run_fake``.

Workers that it starts import this module again, and so have the fake model too.
"""

import sys
import time

import pipelines
from pipelines.article import Analysis, Article
from pipelines.errors import ModelError
from pipelines.model import Model
from service.server import main
from tests.service.fakes import FakeModel


class Slow(FakeModel):
    """Takes its time over every article that says so."""

    def _read(self, article: Article) -> Analysis:
        time.sleep(0.2 * article.text.count("SLOW"))
        return super()._read(article)


def load(name: str, **_: int) -> Model:
    """In the place of :func:`pipelines.load`."""
    if name == "missing":
        raise ModelError("no model 'missing': give 'default'")
    return Slow()


pipelines.load = load  # type: ignore[assignment]

if __name__ == "__main__":
    sys.exit(main())
