"""Workbooks that leave the house: the audit report, tables as shown, the round trip, a person's own file annotated."""
