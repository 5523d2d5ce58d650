import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../engine/testing/database.ts'
import { type Harness, type Speaker, startHarness } from '../testing/harness.ts'
import { makeWorld, programs } from '../testing/world.ts'

let testDatabase: TestDatabase
let harness: Harness
let operator: Speaker
const complaints: unknown[] = []

/** More rows than one page of the export. */
const rows = 450

beforeAll(async () => {
  testDatabase = await createTestDatabase()
  await makeWorld(testDatabase)
  await addSales(testDatabase)
  harness = await startHarness(testDatabase, { log: (entry) => void complaints.push(entry['error']) })
  operator = await harness.logIn('operator@test')
})
afterAll(async () => {
  await harness?.close()
  await testDatabase?.drop()
})

/** Copies of one sale under ids of their own, until the first program has as many as wanted. */
const addSales = async ({ admin }: TestDatabase): Promise<void> => {
  const columns = await admin<{ name: string }[]>`SELECT column_name AS name FROM information_schema.columns
    WHERE table_schema = 'read' AND table_name = 'sale_register' AND is_generated = 'NEVER' ORDER BY ordinal_position`
  const values = columns.map(({ name }) => (name === 'document_id' ? 'gen_random_uuid()' : `one.${name}`))
  await admin.unsafe(`INSERT INTO read.sale_register (${columns.map(({ name }) => name).join(', ')})
    SELECT ${values.join(', ')} FROM (SELECT * FROM read.sale_register WHERE program_id = 1 LIMIT 1) one,
      generate_series(1, ${rows} - (SELECT count(*)::int FROM read.sale_register WHERE program_id = 1))`)
}

const path = `/api/sections/sales/rows.csv?scope=${programs[0].publicId}&columns=number`

test('a file of several pages holds every row once below its head', async () => {
  const text = await (await operator.get(path)).text()
  expect(text.trimEnd().split('\r\n')).toHaveLength(1 + rows)
})

test('a file whose making fails half-way breaks off, so that nobody takes it for whole, and the log says why', async () => {
  const response = await operator.get(path)
  expect(response.status).toBe(200)
  await testDatabase.admin`REVOKE SELECT ON read.sale_register FROM premia_console`
  await expect(response.text()).rejects.toThrow('permission denied')
  expect(complaints.splice(0)).toEqual([expect.stringContaining('permission denied')])
  await testDatabase.admin`GRANT SELECT ON read.sale_register TO premia_console`
})

test('whoever goes away while a page is read is not missed', async () => {
  const response = await operator.get(path)
  const reader = response.body?.getReader()
  await reader?.read()
  await reader?.cancel()
  expect(await reader?.read()).toMatchObject({ done: true })
  expect(complaints).toEqual([])
})
