import inspect
from types import ModuleType

import archive


def test_all_is_what_is_public() -> None:
    public = {
        name for name, value in vars(archive).items() if not name.startswith("_") and not isinstance(value, ModuleType)
    }
    assert set(archive.__all__) == public


def test_all_is_in_order_and_without_repetition() -> None:
    assert list(archive.__all__) == sorted(set(archive.__all__), key=_ruff_order)


def _ruff_order(name: str) -> tuple[int, str]:
    """CONSTANTS, then Classes, then functions, as ruff sorts them."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2), name


def test_everything_public_says_what_it_is() -> None:
    for name in archive.__all__:
        value = getattr(archive, name)
        if inspect.isclass(value) or inspect.isfunction(value):
            assert (value.__doc__ or "").strip(), name
