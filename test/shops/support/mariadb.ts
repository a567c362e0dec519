import { execFileSync, spawnSync } from 'node:child_process'

/** A user of the tests, who needs no password, on this machine. */
const USER = 'keepsake_shops'

let made = 0

/** Whether a MariaDB answers to its own client. */
export function isMariadbThere(): boolean {
  return spawnSync('mariadb', ['--user=root', '--execute=SELECT 1'], { stdio: 'ignore' }).status === 0
}

/** An empty database on the MariaDB of this machine. */
export interface MadeDatabase {
  readonly url: string
  /** Runs SQL, with ids of 0 as they are. */
  run(sql: string | Buffer): void
  /** Dumps it by `mariadb-dump` with these options. */
  dump(options: readonly string[]): Buffer
  drop(): void
}

export function makeDatabase(): MadeDatabase {
  const name = `keepsake_shops_${process.pid}_${++made}`
  admin(`
    CREATE DATABASE ${name} DEFAULT CHARACTER SET utf8;
    CREATE USER IF NOT EXISTS '${USER}'@'%' IDENTIFIED BY ''; CREATE USER IF NOT EXISTS '${USER}'@'localhost' IDENTIFIED BY '';
    GRANT SELECT ON ${name}.* TO '${USER}'@'%'; GRANT SELECT ON ${name}.* TO '${USER}'@'localhost'`)
  return {
    url: `mysql://${USER}@127.0.0.1:3306/${name}`,
    run(sql) {
      execFileSync(
        'mariadb',
        [
          '--user=root',
          '--default-character-set=utf8mb4',
          "--init-command=SET sql_mode='NO_AUTO_VALUE_ON_ZERO'",
          name,
        ],
        { input: sql },
      )
    },
    dump: (options) =>
      execFileSync('mariadb-dump', ['--user=root', ...options, name], { maxBuffer: 64 * 1024 * 1024 }),
    drop: () => admin(`DROP DATABASE ${name}`),
  }
}

function admin(sql: string): void {
  execFileSync('mariadb', ['--user=root'], { input: sql })
}
