"""What finance systems print, drawn by seed: crosstabs, blocks side by side, sheets of a year, lists, exports."""
