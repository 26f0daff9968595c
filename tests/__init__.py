"""What faqbot does for those who use it. README.md here tells newcomers how to read it."""
