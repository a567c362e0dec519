/** What it adds, for `keepsake migrate --plan`. */
export const adds = 'the MD5 of stored files'

/**
 * Files of before have no MD5 until `keepsake fsck --repair` has read them. A server of the version before replaces bytes and
 * leaves the MD5 of the old ones, which therefore says whose it is.
 */
export const up = `
  ALTER TABLE media_file
    ADD COLUMN md5 bytea,
    ADD COLUMN md5_key text,
    ADD CONSTRAINT media_file_md5_length CHECK (octet_length(md5) = 16);
  COMMENT ON COLUMN media_file.md5 IS 'of the bytes under md5_key; null until they have been read for it';
  COMMENT ON COLUMN media_file.md5_key IS 'the storage key that md5 is of';
`

export const down = 'ALTER TABLE media_file DROP COLUMN md5, DROP COLUMN md5_key'
