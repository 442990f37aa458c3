"""How many threads the library that multiplies matrices uses."""

from cs231n_utils.system import processors


def blas_threads():
    """Of NumPy's library; SciPy brings another of its own, should a test before have loaded it."""
    known = processors._blas().info()
    return {pool["num_threads"] for pool in known if pool["user_api"] == "blas"}
