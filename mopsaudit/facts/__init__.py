"""The one room report queries share: run rate, cost by month, seats and activity, contract terms, commitments."""
