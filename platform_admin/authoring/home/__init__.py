"""The first page of a business: what needs a look, how the day goes, and what stands where."""
