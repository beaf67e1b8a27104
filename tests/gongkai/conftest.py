"""The fixtures of the archive's tests: commands run over the same homes."""

from tests.archive.conftest import corpus, filled, home

__all__ = ["corpus", "filled", "home"]
