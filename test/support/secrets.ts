import { randomBytes } from 'node:crypto'
import { SecretBox } from '../../src/store/access/secretBox'

/** Seals under a key that lasts as long as the test's process. */
export const secretBox = new SecretBox(randomBytes(32))
