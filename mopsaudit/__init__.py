"""The product without a browser and without a spreadsheet reader."""
