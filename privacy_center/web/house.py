"""Where the templates, the static files and the translations lie: beside the package, or inside it once installed."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]


def house_folder(name: str) -> Path:
    """The folder of that name: `privacy_center/house/<name>` in an installed package, else the one in the checkout."""
    installed = _PACKAGE / "house" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name
