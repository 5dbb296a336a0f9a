"""How fast, beside whom: run ``python -m benchmarks`` for the table."""
