"""Where CIFAR-10 lies on this machine, and where a download is put."""

import os
from pathlib import Path

import platformdirs

from cs231n_utils.cifar10.archive import CIFAR10
from cs231n_utils.cifar10.batches import FILE_NAMES, DataError
from cs231n_utils.system import IN_BROWSER

DATASETS = "CS231N_DATASETS"
"""Environment variable that names the only place where the data are looked for."""


def find(path: str | os.PathLike | None) -> Path | None:
    """The data folder, or archive, on this machine; one that is named but wrong is an error.

    Parameters
    ----------
    path : str or path-like, optional
        Where to look first, as `cs231n_utils.data.load_cifar10` takes it.

    Raises
    ------
    DataError
        If `path`, or else ``CS231N_DATASETS``, names a place without the data.
    """
    if path is not None:
        return _named_place(path, "path")
    if os.environ.get(DATASETS):
        return _named_place(os.environ[DATASETS], DATASETS)
    for home in (_clone_datasets(), user_cache()):
        if home is not None and (place := _inside(home)) is not None:
            return place
    return None


def _named_place(path: str | os.PathLike, what: str) -> Path:
    expected = (
        f"expected a folder that holds {CIFAR10.folder}/, or that folder, or the official "
        f"{CIFAR10.name}: correct {what}, or leave it out to search and download"
    )
    if not isinstance(path, str | os.PathLike):
        raise DataError(f"{what} is of type {type(path).__name__}, {expected}.")
    try:
        place = Path(path).expanduser()
        place.stat()
        names = os.listdir(place) if place.is_dir() else []
    except FileNotFoundError:
        raise DataError(f"{what} is {str(path)!r}, which does not exist, {expected}.") from None
    except (OSError, RuntimeError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise DataError(
            f"{what} is {str(path)!r}, which cannot be read ({reason}), {expected}."
        ) from error
    if place.is_file() or not set(names).isdisjoint(FILE_NAMES):
        return place
    found = _inside(place)
    if found is None:
        raise DataError(f"{what} is {str(path)!r}, which holds no CIFAR-10, {expected}.")
    return found


def _inside(home: Path) -> Path | None:
    folder, archive = home / CIFAR10.folder, home / CIFAR10.name
    if os.path.isdir(folder):
        return folder
    return archive if os.path.isfile(archive) else None


def _clone_datasets() -> Path | None:
    """``datasets/`` of the clone, if the package runs from one.

    The package may also be installed beside others, of which one is called ``datasets``.
    """
    root = Path(__file__).resolve().parents[2]
    is_clone = (root / "pyproject.toml").is_file() and (root / "datasets").is_dir()
    return root / "datasets" if is_clone else None


def user_cache() -> Path:
    """The course's folder among the user's caches."""
    return Path(platformdirs.user_cache_dir("cs231n"))


def fetch() -> tuple[Path | None, str]:
    """Download to the clone or the cache; the place, or None and the reason."""
    if IN_BROWSER:
        return None, "cannot be downloaded by a page"
    from cs231n_utils.cifar10.download import fetch_cifar10  # slow to import, and seldom needed

    clone = _clone_datasets()
    home = clone if clone is not None and os.access(clone, os.W_OK) else user_cache()
    try:
        return fetch_cifar10(home), ""
    except DataError as error:
        return None, f"could not be downloaded ({str(error).rstrip('.')})"
