"""From candidates to a decision, and how good the decisions are. Pure: no I/O, no clock."""
