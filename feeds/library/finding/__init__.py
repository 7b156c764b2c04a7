"""Finding: what a question says, the insights that answer it, the names in it, and what narrows it down."""
