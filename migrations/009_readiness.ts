/** What it adds, for `keepsake migrate --plan`. */
export const adds = 'the row that /readyz writes'

/** What `/readyz` writes, to prove that the database takes a write: one row, whose time changes. */
export const up = `
  CREATE TABLE server_readiness (
    id smallint PRIMARY KEY,
    proven_at timestamptz NOT NULL
  );
  COMMENT ON COLUMN server_readiness.id IS 'always 1';
`

export const down = 'DROP TABLE server_readiness'
