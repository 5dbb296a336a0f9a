"""Cross-checks of the numerical floor against other codes: OpenFOAM (tank, cloud) and FiPy (nodule), with stored references."""
