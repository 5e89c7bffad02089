"""What does each branch have, need and keep? People by work, by potential, and two branches as one."""
