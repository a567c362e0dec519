/** What it adds, for `keepsake migrate --plan`. */
export const adds = 'failed logins'

/** Failed logins, counted for a user name and for an address. */
export const up = `
  CREATE TABLE login_failure (
    subject bytea PRIMARY KEY,
    failures integer NOT NULL,
    failed_at timestamptz NOT NULL,
    CONSTRAINT login_failure_subject_length CHECK (octet_length(subject) = 32),
    CONSTRAINT login_failure_failures_positive CHECK (failures > 0)
  );
  COMMENT ON COLUMN login_failure.subject IS 'SHA-256 of the kind with the folded name or the address';
  CREATE INDEX login_failure_failed_at_index ON login_failure (failed_at);
`

export const down = 'DROP TABLE login_failure'
