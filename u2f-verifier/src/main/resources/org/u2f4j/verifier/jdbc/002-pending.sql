-- What was asked and is awaited; stays empty where an application keeps that itself.
CREATE TABLE u2f_pending (
  challenge TEXT NOT NULL PRIMARY KEY,
  json TEXT NOT NULL,
  -- milliseconds since 1970 in UTC
  expires_at BIGINT NOT NULL
);

CREATE INDEX u2f_pending_by_expiry ON u2f_pending (expires_at);
