"""What is this file, and what stands in it? Any format → raw columns."""
