"""The options room."""
