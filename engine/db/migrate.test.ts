import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../testing/database.ts'
import { migrate, migrationsFolder, readMigrations } from './migrate.ts'

let database: TestDatabase
const folder = mkdtempSync(join(tmpdir(), 'premia-migrations-'))
const next = readMigrations().length + 1
const fileOf = (number: number, name: string): string => join(folder, `${String(number).padStart(4, '0')}_${name}.sql`)

beforeAll(async () => {
  database = await createTestDatabase()
  cpSync(migrationsFolder, folder, { recursive: true })
  mkdirSync(join(folder, 'checks'), { recursive: true })
})
afterAll(async () => {
  await database.drop()
  rmSync(folder, { recursive: true })
})

test('a migrated database has nothing left to apply', async () => {
  expect(await migrate(database.owner)).toEqual({ applied: [], latest: next - 1 })
})

test('four installs at once apply a new migration once', async () => {
  writeFileSync(fileOf(next, 'twin'), 'CREATE TABLE meta.twin (n integer); INSERT INTO meta.twin VALUES (1);')
  const results = await Promise.all(Array.from({ length: 4 }, () => migrate(database.owner, folder)))
  expect(results.flatMap((result) => result.applied)).toHaveLength(1)
  expect(await database.owner`SELECT n FROM meta.twin`).toHaveLength(1)
})

test('a migration that fails in the middle leaves nothing behind', async () => {
  writeFileSync(fileOf(next + 1, 'broken'), 'CREATE TABLE meta.half (n integer); SELECT 1/0;')
  await expect(migrate(database.owner, folder)).rejects.toThrow(/_broken\.sql failed and was undone: division by zero/)
  const [row] = await database.owner`SELECT to_regclass('meta.half') AS half, max(number) AS latest FROM meta.migration`
  expect(row).toEqual({ half: null, latest: next })
  rmSync(fileOf(next + 1, 'broken'))
})

test('a check that finds a wrong row undoes its migration', async () => {
  const name = `${String(next + 1).padStart(4, '0')}_moved.sql`
  writeFileSync(join(folder, name), 'INSERT INTO meta.twin VALUES (2);')
  writeFileSync(join(folder, 'checks', name), 'SELECT n FROM meta.twin WHERE n > 1;')
  await expect(migrate(database.owner, folder)).rejects.toThrow(/found 1 wrong rows, the first: \{"n":2\}/)
  expect(await database.owner`SELECT n FROM meta.twin`).toHaveLength(1)
  writeFileSync(
    join(folder, 'checks', name),
    'SELECT 1 FROM meta.twin WHERE n > 1; SELECT n FROM meta.twin WHERE n > 2;',
  )
  expect((await migrate(database.owner, folder)).applied).toEqual([name])
})

test('a database written by a newer Premia is refused', async () => {
  await expect(migrate(database.owner)).rejects.toThrow(
    `The database holds migration ${String(next).padStart(4, '0')}_twin.sql, this Premia knows ${next - 1} at most`,
  )
})

test('a migration changed after it was applied is refused', async () => {
  writeFileSync(fileOf(next, 'twin'), 'CREATE TABLE meta.twin (n bigint);')
  await expect(migrate(database.owner, folder)).rejects.toThrow(/_twin\.sql was applied with another content/)
})

test('a gap in the numbers is refused before the database is touched', () => {
  const gap = mkdtempSync(join(tmpdir(), 'premia-migrations-'))
  writeFileSync(join(gap, '0002_second.sql'), '')
  expect(() => readMigrations(gap)).toThrow(/expected 1, found 0002_second\.sql/)
  rmSync(gap, { recursive: true })
})
