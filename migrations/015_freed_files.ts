/** What it adds, for `keepsake migrate --plan`. */
export const adds = 'when images were removed, and whose bytes were given up'

/**
 * A file keeps its row, and so its name, when its bytes are given up. When an image was removed before this, is told by the
 * audit, or else it counts from when `keepsake gc --removed` first meets the file.
 */
export const up = `
  ALTER TABLE media_file
    ADD COLUMN removed_at timestamptz,
    ADD COLUMN freed_at timestamptz;
  COMMENT ON COLUMN media_file.removed_at IS 'since when no gallery has the image, where that is known';
  COMMENT ON COLUMN media_file.freed_at IS 'when its bytes were given up; it is not served then';
`

export const down = 'ALTER TABLE media_file DROP COLUMN removed_at, DROP COLUMN freed_at'
