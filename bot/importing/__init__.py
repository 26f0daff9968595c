"""FAQs of other tools, read once and turned into drafts."""
