import { type Database, onlyRow } from './database'

/** Each process has its own application name (`database.ts`). */
const others = {
  name: 'others_at_work',
  text: `
    SELECT EXISTS (
      SELECT 1 FROM pg_stat_activity
       WHERE datname = current_database() AND application_name LIKE 'keepsake %'
         AND application_name <> current_setting('application_name')) AS found`,
}

/** Whether another process of Keepsake is connected to the database. */
export async function othersAtWork(database: Database): Promise<boolean> {
  return onlyRow(await database.query<{ found: boolean }>(others)).found
}
