"""An answer engine without a model: scripted, or quoting the document word for word."""
