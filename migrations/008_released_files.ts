/** What it adds, for `keepsake migrate --plan`. */
export const adds = 'when replaced bytes were released'

/** When replaced bytes were released, from which time on they wait to be deleted. */
export const up = `
  CREATE TABLE media_released (
    storage_key text PRIMARY KEY,
    released_at timestamptz NOT NULL
  );
  COMMENT ON COLUMN media_released.storage_key IS 'where the bytes are, until they are deleted';
`

export const down = 'DROP TABLE media_released'
