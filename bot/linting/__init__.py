"""What is probably not meant so in a FAQ, where text alone does not show it."""
