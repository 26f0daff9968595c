"""faqbot answers from a curated FAQ by meaning."""

__version__ = "0.1.0"
