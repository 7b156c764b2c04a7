"""What an operator looks at: one set of figures for the page, the report, the metrics and the health check."""
