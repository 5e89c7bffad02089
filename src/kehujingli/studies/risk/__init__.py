"""How much is at stake with whom, and how much more may it be? Exposures, bonds between customers, capital and authority."""
