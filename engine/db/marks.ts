import type { Sql } from './pool.ts'

/** What was done once to this database, such as seeding the demo. The table comes with the migrations' own (migrate.ts). */
export async function hasMark(sql: Sql, name: string): Promise<boolean> {
  return (await sql`SELECT 1 FROM meta.mark WHERE name = ${name}`).length > 0
}

export async function setMark(sql: Sql, name: string): Promise<void> {
  await sql`INSERT INTO meta.mark (name, set_at) VALUES (${name}, ${new Date()}) ON CONFLICT (name) DO NOTHING`
}
