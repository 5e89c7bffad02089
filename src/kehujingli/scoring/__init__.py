"""What is behind a score? Items, gates, pay, settlement; the door is ``incentive``."""
