/** What it adds, for `keepsake migrate --plan`. */
export const adds = 'stored files in WebP'

/** WebP is a format of stored files, which OpenMage 20 takes. */
export const up = `
  ALTER TABLE media_file
    DROP CONSTRAINT media_file_format_known,
    ADD CONSTRAINT media_file_format_known CHECK (format IN ('jpeg', 'png', 'gif', 'webp'));
`

/** Files in WebP that are there stay; no further one can be added. */
export const down = `
  ALTER TABLE media_file
    DROP CONSTRAINT media_file_format_known,
    ADD CONSTRAINT media_file_format_known CHECK (format IN ('jpeg', 'png', 'gif')) NOT VALID;
`
