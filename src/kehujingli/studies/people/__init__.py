"""Who fits which post? Marks, wishes, rounds of selection, and the people that there are."""
