"""What do customers bring and cost, in 分? Prices of funds, fees, losses, costs shared out, and the views that they add up to."""
