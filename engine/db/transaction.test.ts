import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../testing/database.ts'
import { parseInt8 } from './pool.ts'
import { inProgram, inScope, scopeSettings } from './transaction.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

const setting = (name: string) =>
  database.engine<{ value: string | null }[]>`SELECT nullif(current_setting(${name}, true), '') AS value`.then(
    (found) => found[0]?.value,
  )

test('inside, the scope is what was asked for; outside, it is gone from the connection', async () => {
  const inside = await inProgram(database.engine, [7, 8], async (tx) => {
    const [row] = await tx`SELECT loyalty.programs_in_scope() AS programs, current_setting('lock_timeout') AS lock`
    return row
  })
  expect(inside).toEqual({ programs: [7, 8], lock: '2s' })
  expect(await setting('app.programs')).toBeNull()
})

test('without a scope a table of a program is empty, and writing another program is refused', async () => {
  const counter = (programId: number) => ({
    program_id: programId,
    limit_id: 'l',
    subject_id: 's',
    period: 'p',
    used: 1,
  })
  await inProgram(database.engine, 7, (tx) => tx`INSERT INTO loyalty.counter ${tx(counter(7))}`)
  expect(await database.engine`SELECT 1 FROM loyalty.counter`).toHaveLength(0)
  expect(await inProgram(database.engine, 8, (tx) => tx`SELECT 1 FROM loyalty.counter`)).toHaveLength(0)
  expect(await inProgram(database.engine, 7, (tx) => tx`SELECT 1 FROM loyalty.counter`)).toHaveLength(1)
  const foreign = inProgram(database.engine, 7, (tx) => tx`INSERT INTO loyalty.counter ${tx(counter(8))}`)
  await expect(foreign).rejects.toMatchObject({ code: '42501' })
})

test('a failure inside undoes all of it and reaches the caller as it was', async () => {
  const failing = inScope(database.engine, { programs: [7] }, async (tx) => {
    await tx`INSERT INTO loyalty.counter VALUES (7, 'x', 's', 'p', 1)`
    throw new RangeError('mine')
  })
  await expect(failing).rejects.toThrow(new RangeError('mine'))
  expect(
    await inProgram(database.engine, 7, (tx) => tx`SELECT 1 FROM loyalty.counter WHERE limit_id = 'x'`),
  ).toHaveLength(0)
})

test.each([
  [{ programs: [0] }],
  [{ programs: [1.5] }],
  [{ programs: [Number.NaN] }],
  [{ programs: ["1}'; DROP TABLE x; --" as unknown as number] }],
  [{ organizers: ["'"] }],
  [{ operators: ['00000000-0000-0000-0000-00000000000G'] }],
])('a scope that is not made of ids never reaches the database: %j', (scope) => {
  expect(() => scopeSettings(scope, { lockTimeoutMs: 1, statementTimeoutMs: 1 })).toThrow(RangeError)
})

test('int8 arrives as a number, also in arrays, and beyond 2^53 it is a defect instead of a rounded amount', async () => {
  const [row] = await database.engine`SELECT 9007199254740991::int8 AS max, ARRAY[1, -2]::int8[] AS list`
  expect(row).toEqual({ max: Number.MAX_SAFE_INTEGER, list: [1, -2] })
  expect(() => parseInt8('9007199254740993')).toThrow(/beyond the safe integers/)
})
