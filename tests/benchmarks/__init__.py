"""Measurements: figures and ratios, with no verdict that depends on the machine."""
