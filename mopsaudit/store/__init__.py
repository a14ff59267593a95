"""Tables, sessions, the trail and migrations. Imports nothing of ours but the pure values."""
