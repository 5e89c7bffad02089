"""How often do customers come, and how much do they bring each time? BG/NBD and Gamma-Gamma, and what a month's postings give them."""
