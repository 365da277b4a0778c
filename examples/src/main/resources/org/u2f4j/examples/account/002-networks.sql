-- From where an attempt was begun: what is counted together, such as the first 64 bits of an IPv6 address.
ALTER TABLE attempts ADD COLUMN network TEXT NOT NULL DEFAULT '';
