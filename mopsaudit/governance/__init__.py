"""What people decide: objectives, business cases, budgets, decisions with their actions, and what was settled."""
