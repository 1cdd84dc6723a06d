-- Steps are numbered in the order of time: what forgets the oldest walks along their numbers.
DROP INDEX step_at;
