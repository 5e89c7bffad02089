"""What is asked of months that were run? From kept results alone."""
