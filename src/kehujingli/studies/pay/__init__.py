"""What would be paid, and how far apart is it? Other rules beside these, incomes, targets of a year, the file for the payroll system."""
