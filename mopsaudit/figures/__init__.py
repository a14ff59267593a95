"""Drawing: a :class:`~mopsaudit.reporting.Plot` becomes an SVG that follows the page's theme and stands alone too."""
