"""What do people see? One file a list: its columns, and how its rows are made from frames."""
