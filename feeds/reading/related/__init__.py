"""Related insights: those of other shows that belong on an insight's page (`retrieve.related_to`)."""
