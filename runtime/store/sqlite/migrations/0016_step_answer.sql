-- What a step was told by a connector or an answer engine, as JSON: with it a turn can be played again beside nobody.
ALTER TABLE step ADD COLUMN answer TEXT;
