import { TestEnvironment } from 'jest-environment-node'
import { EmbeddedDatabases } from './databases'

/** Of this process, which runs one test file after the other. */
const databases = new EmbeddedDatabases()

/**
 * Node, with embedded databases that outlive a test file: tests of one process start with the same few, each emptied to
 * what `npm run build` has prepared. To start another takes 0.6 s of a core, which hundreds of tests would pay.
 */
export default class SharedDatabasesEnvironment extends TestEnvironment {
  override async setup(): Promise<void> {
    await super.setup()
    databases.begin()
    this.global.sharedPglite = { create: databases.create.bind(databases) }
  }

  override async teardown(): Promise<void> {
    await databases.finish()
    await super.teardown()
  }
}
