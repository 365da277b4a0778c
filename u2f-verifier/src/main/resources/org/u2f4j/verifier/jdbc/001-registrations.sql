-- Binary columns are websafe base64 without padding, times are milliseconds since 1970 in UTC.
CREATE TABLE u2f_registrations (
  key_handle TEXT NOT NULL PRIMARY KEY,
  account TEXT NOT NULL,
  public_key TEXT NOT NULL,
  app_id TEXT NOT NULL,
  -- unsigned 32 bits; NULL before the first signature
  counter BIGINT CHECK (counter BETWEEN 0 AND 4294967295),
  -- X.509 in DER; empty if there was none
  certificate TEXT NOT NULL,
  -- JSON: {"transports":["usb","nfc"]}
  transports TEXT NOT NULL,
  registered_at BIGINT NOT NULL,
  last_used_at BIGINT,
  -- the mark: all four, but for the stored counter, or none
  anomaly_at BIGINT,
  anomaly_kind TEXT,
  anomaly_stored BIGINT CHECK (anomaly_stored BETWEEN 0 AND 4294967295),
  anomaly_received BIGINT CHECK (anomaly_received BETWEEN 0 AND 4294967295)
);

CREATE INDEX u2f_registrations_by_account ON u2f_registrations (account);
