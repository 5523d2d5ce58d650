import type { Sale } from '@premia/pos-sdk/contract/till'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { settleProgram } from '../jobs/settle-program.ts'
import { createTestDatabase, type TestDatabase } from '../testing/database.ts'
import { type Fixture, openFixture } from '../testing/fixture.ts'
import { world } from '../testing/world.ts'

/** Two programs book each sale of the till: what it signed is checked in both, and has one place. */
let database: TestDatabase
let fixture: Fixture

beforeAll(async () => {
  database = await createTestDatabase()
  fixture = await openFixture(database, { twoPrograms: true })
})
afterAll(async () => {
  await fixture?.close()
  await database?.drop()
})
afterEach(async () => {
  await database.admin`UPDATE directory.terminal SET state = 'active' WHERE terminal_id = ${world.terminal}`
})

const send = async (sales: readonly Sale[]): Promise<void> => {
  const answer = await fixture.till.post('/v1/sales', { sales })
  expect(answer.body.results.map(({ status }: { status: string }) => status)).toEqual(sales.map(() => 'recorded'))
}
const settle = async (...programs: readonly number[]): Promise<void> => {
  for (const programId of programs) {
    const { failed } = await settleProgram(database.engine, { programId, nowMs: fixture.clock() + 120_000 })
    expect(failed).toEqual([])
  }
}
const unsigned = (sale: Sale): Sale => ({
  ...sale,
  signature: { ...sale.signature, value: Buffer.alloc(64, 7).toString('base64url') },
})
/** Findings of these sales by program: place of the sale, code, program. */
const findings = async (sales: readonly Sale[]): Promise<readonly unknown[]> =>
  await database.admin`
    SELECT s.place - 1 AS place, f.code, f.program_id
    FROM unnest(${sales.map(({ id }) => id)}::uuid[]) WITH ORDINALITY AS s (id, place)
    JOIN loyalty.finding f ON f.document_id = s.id AND f.code ~ '^(signature|chain)'
    ORDER BY f.program_id, s.place`.values()
const places = async (sales: readonly Sale[]): Promise<readonly number[]> =>
  (
    await database.admin`
      SELECT document_id AS id FROM directory.terminal_document
      WHERE document_id = ANY(${sales.map(({ id }) => id)}::uuid[]) ORDER BY sequence`
  ).map(({ id }) => sales.findIndex((sale) => sale.id === id))
const state = async (): Promise<unknown> =>
  (await database.admin`SELECT state FROM directory.terminal WHERE terminal_id = ${world.terminal}`)[0]?.['state']
const sales = (count: number): Sale[] => Array.from({ length: count }, () => fixture.till.sale())

describe('the check of signatures', () => {
  it('gives each document of a run one place, whatever number of programs booked it', async () => {
    const run = sales(4)
    await send(run)
    await settle(1, 2, 1)
    expect([await places(run), await findings(run), await state()]).toEqual([[0, 1, 2, 3], [], 'active'])
  })

  it('finds a document that somebody changed in the middle of a run, in each program, and only that one', async () => {
    const run = sales(5)
    const genuine = run[2] as Sale
    run[2] = { ...genuine, document: { ...genuine.document, number: 'changed' } }
    await send(run)
    await settle(1, 2)
    expect(await findings(run)).toEqual([
      [2, 'signature_bad', 1],
      [2, 'signature_bad', 2],
    ])
    expect([await places(run), await state()]).toEqual([[0, 1, 3, 4], 'quarantined'])
  })

  it('finds the newest document when its signature is bad, and believes those before it', async () => {
    const run = sales(3)
    run[2] = unsigned(run[2] as Sale)
    await send(run)
    await settle(1)
    expect([await findings(run), await places(run)]).toEqual([[[2, 'signature_bad', 1]], [0, 1]])
  })

  it('lets a later document prove one that comes after it, and none that another one changed', async () => {
    const [genuine, next] = sales(2) as [Sale, Sale]
    const [other, last] = sales(2) as [Sale, Sale]
    const changed: Sale = { ...other, document: { ...other.document, number: 'changed too' } }
    await send([next, last])
    await settle(1)
    // Its own signature is lost, and still nobody else can have made it: the next one names its hash.
    const late = [unsigned(genuine), changed]
    await send(late)
    await settle(1)
    expect([await findings(late), await places(late)]).toEqual([[[1, 'signature_bad', 1]], [0]])
  })

  it('finds a key that nobody knows', async () => {
    const [sale] = sales(1) as [Sale]
    const strange: Sale = { ...sale, signature: { ...sale.signature, keyId: 'f'.repeat(sale.signature.keyId.length) } }
    await send([strange])
    await settle(1)
    expect(await findings([strange])).toEqual([[0, 'signature_key_unknown', 1]])
  })

  it('shows two histories of one till to each program that booked one of them', async () => {
    const [first, second] = sales(2) as [Sale, Sale]
    await send([first, second])
    await settle(1)
    const copy = fixture.till.signed({
      ...fixture.till.sale({ number: 'copied' }),
      sequence: second.sequence,
      previous: second.previous,
    })
    await send([copy])
    await settle(1, 2)
    expect(await findings([first, second, copy])).toEqual([
      [2, 'chain_forked', 1],
      [1, 'chain_forked', 2],
      [2, 'chain_forked', 2],
    ])
  })
})
