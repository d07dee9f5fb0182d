"""The routes: `questions` has all that answer with a document; `query` and `solving` are what routes share."""
