"""Documents that people write as YAML or JSON, apart from flows: what is wrong with one, in words, and where."""
