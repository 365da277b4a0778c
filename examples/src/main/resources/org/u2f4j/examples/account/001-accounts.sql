-- The application's own tables, in PostgreSQL and in SQLite alike. The library's begin with u2f_: its
-- u2f_registrations holds key handles, public keys, counters with their marks, and when a key was added and last used.
-- Of the library's tables the application writes none by itself: it asks the library to.
--
-- Times are milliseconds since 1970 in UTC. What ends in _hash is SHA-256 in websafe base64 of what its owner alone has.

-- id: 128 random bits, which u2f_registrations calls account, and WebAuthn the user handle.
-- password_hash: Argon2id with its parameters and salt. revision: counted up by whatever changes the account, which thereby
-- waits for what changes it already.
CREATE TABLE accounts (
  id TEXT NOT NULL PRIMARY KEY,
  email TEXT NOT NULL UNIQUE,
  password_hash TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  revision BIGINT NOT NULL
);

-- What people call the keys that the library holds; a key and its name come and go in one transaction.
CREATE TABLE key_names (
  key_handle TEXT NOT NULL PRIMARY KEY REFERENCES u2f_registrations (key_handle) ON DELETE CASCADE,
  id TEXT NOT NULL UNIQUE,
  account TEXT NOT NULL REFERENCES accounts (id),
  name TEXT NOT NULL,
  vendor TEXT,
  model TEXT,
  UNIQUE (account, name)
);

-- secret: AES-GCM under the key file. last_step: the 30 seconds of the last code that was used; older ones are refused.
CREATE TABLE authenticator_apps (
  account TEXT NOT NULL PRIMARY KEY REFERENCES accounts (id),
  secret TEXT NOT NULL,
  added_at BIGINT NOT NULL,
  last_step BIGINT NOT NULL
);

CREATE TABLE recovery_codes (
  account TEXT NOT NULL REFERENCES accounts (id),
  code_hash TEXT NOT NULL,
  used_at BIGINT,
  PRIMARY KEY (account, code_hash)
);

-- proven_at: when password and second factor were last given; NULL if a remembered device stood in for the factor.
CREATE TABLE sessions (
  token_hash TEXT NOT NULL PRIMARY KEY,
  account TEXT NOT NULL REFERENCES accounts (id),
  created_at BIGINT NOT NULL,
  proven_at BIGINT,
  expires_at BIGINT NOT NULL
);

CREATE INDEX sessions_by_account ON sessions (account);

CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- Where a second factor was once given, so that the password will do.
CREATE TABLE remembered_devices (
  token_hash TEXT NOT NULL PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  account TEXT NOT NULL REFERENCES accounts (id),
  name TEXT NOT NULL,
  remembered_at BIGINT NOT NULL,
  last_used_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);

CREATE INDEX remembered_devices_by_account ON remembered_devices (account);

CREATE INDEX remembered_devices_by_expiry ON remembered_devices (expires_at);

-- A password was right and a second factor is awaited. session_hash: the session that is to be proven anew; NULL at sign-in.
CREATE TABLE attempts (
  token_hash TEXT NOT NULL PRIMARY KEY,
  account TEXT NOT NULL REFERENCES accounts (id),
  session_hash TEXT,
  expires_at BIGINT NOT NULL
);

CREATE INDEX attempts_by_account ON attempts (account);

CREATE INDEX attempts_by_expiry ON attempts (expires_at);

-- What was asked and is awaited, to be taken once by the attempt or session that it belongs to.
CREATE TABLE ceremonies (
  token_hash TEXT NOT NULL PRIMARY KEY,
  owner_hash TEXT NOT NULL,
  kind TEXT NOT NULL,
  data TEXT NOT NULL,
  expires_at BIGINT NOT NULL
);

CREATE INDEX ceremonies_by_owner ON ceremonies (owner_hash);

CREATE INDEX ceremonies_by_expiry ON ceremonies (expires_at);

CREATE TABLE rate_limits (
  bucket TEXT NOT NULL PRIMARY KEY,
  tries BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);

CREATE INDEX rate_limits_by_expiry ON rate_limits (expires_at);

-- The sign-in history. account: NULL if nobody has the e-mail address that was tried.
CREATE TABLE events (
  id TEXT NOT NULL PRIMARY KEY,
  account TEXT REFERENCES accounts (id),
  at BIGINT NOT NULL,
  kind TEXT NOT NULL,
  factor TEXT,
  device TEXT NOT NULL,
  address TEXT NOT NULL,
  detail TEXT,
  expires_at BIGINT NOT NULL
);

CREATE INDEX events_by_account ON events (account, at);

CREATE INDEX events_by_expiry ON events (expires_at);

-- Shows whether the key file is the one that the secrets were encrypted with.
CREATE TABLE key_file_check (
  id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  sealed TEXT NOT NULL
);
