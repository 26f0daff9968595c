"""Telegram: what is said there, and how."""
