"""Slow, obvious versions of the fast kernels, in plain NumPy and SciPy. Tests compare; benchmarks time the ratio."""
