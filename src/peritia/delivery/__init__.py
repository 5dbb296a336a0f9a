"""Where the drug goes: anatomy, simulation, dose metrics, comparison of plans."""
