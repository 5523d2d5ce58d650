import { documentHash, partDigests, type Sale, saleParts } from '@premia/pos-sdk/contract/till'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inProgram } from '../db/transaction.ts'
import { sha256 } from '../keys.ts'
import { readChainHead, settleBatches, verifyChain } from '../outbox/chain.ts'
import { drainOutbox } from '../outbox/drain.ts'
import { rebuildDay } from '../rollups/rebuild-day.ts'
import { rollUp } from '../rollups/roll-up.ts'
import { rollupTables } from '../rollups/tables.ts'
import { createTestDatabase, type TestDatabase } from '../testing/database.ts'
import { cardNumber, type Fixture, openFixture, startsMs } from '../testing/fixture.ts'
import type { SaleDraft } from '../testing/till.ts'
import { world } from '../testing/world.ts'
import { drainProgram } from './drain-program.ts'
import { settleProgram } from './settle-program.ts'

const RUNS = Math.min(Number(process.env['FC_RUNS'] ?? 12), 12)
const DAY_MS = 86_400_000
const program = { programId: 1 }

let database: TestDatabase
let fixture: Fixture

beforeAll(async () => {
  database = await createTestDatabase()
  fixture = await openFixture(database, { members: 5 })
})
afterAll(async () => {
  await fixture?.close()
  await database?.drop()
})

const sell = async (drafts: readonly SaleDraft[]): Promise<readonly Sale[]> => {
  const sales = drafts.map((draft) => fixture.till.sale(draft))
  const answer = await fixture.till.post('/v1/sales', { sales })
  expect(answer.status).toBe(200)
  return sales
}
const drain = () => drainProgram(database.engine, { ...program, nowMs: fixture.clock() })
/** Two minutes later, when all that was sold is settled. */
const settle = () => settleProgram(database.engine, { ...program, nowMs: fixture.clock() + 120_000 })
const rollups = async (): Promise<Readonly<Record<string, unknown>>> => {
  const tables = Object.values(rollupTables).map(async ({ name }) => [
    name,
    await database.admin.unsafe(`SELECT * FROM ${name} ORDER BY program_id, business_date, 3, 4`),
  ])
  return Object.fromEntries(await Promise.all(tables)) as Record<string, unknown>
}
const days = async (): Promise<readonly string[]> =>
  (await database.admin`SELECT DISTINCT business_date::text AS day FROM loyalty.sale ORDER BY 1`).map((each) =>
    String(each['day']),
  )
const countOf = async (query: string): Promise<number> =>
  Number((await database.admin.unsafe(`SELECT count(*)::int AS n FROM ${query}`))[0]?.['n'])

describe('rollups', () => {
  it('TRX-04: tell the day of each outlet, member of staff, member, category and point type', async () => {
    await sell([
      { card: world.cardNumber, staff: { code: '1001' }, lines: [{ grossMinor: 2_350 as never }] },
      { lines: [{}, { product: { code: 'NEW' } }] },
    ])
    expect((await drain()).failed).toEqual([])
    const found = (await rollups()) as Record<string, readonly Record<string, unknown>[]>
    expect(found['read.daily_outlet']).toMatchObject([
      { outlet_id: world.outlets[0], sales: 2, member_sales: 1, gross_minor: 4_350, payable_minor: 4_350, points: 23 },
    ])
    expect(found['read.daily_staff']).toMatchObject([
      { staff_id: world.staff, sales: 1, gross_minor: 2_350, points: 1 },
    ])
    const member = await database.admin`SELECT * FROM read.daily_member`
    expect(member).toMatchObject([
      { member_id: world.member, sales: 1, gross_minor: 2_350, payable_minor: 2_350, points: 23 },
    ])
    expect(found['read.daily_category']).toMatchObject([
      { category_id: '', lines: 1, gross_minor: 1_000, points: 0 },
      { category_id: 'care', lines: 2, gross_minor: 3_350, paid_minor: 3_350, points: 23 },
    ])
    expect(found['read.daily_points']).toMatchObject([
      { holder_kind: 'member', earned: 23 },
      { holder_kind: 'owner', earned: 4 },
      { holder_kind: 'staff', earned: 1 },
    ])
  })

  it('change nothing when the outbox is drained again, or by several at once', async () => {
    await sell([{ card: cardNumber(2) }])
    await drain()
    const before = await rollups()
    await Promise.all([drain(), drain(), drain()])
    expect(await rollups()).toEqual(before)
    expect(await countOf('loyalty.batch WHERE relayed_at IS NULL')).toBe(0)
  })

  it('equal what is counted again from the sales, whatever was sold and however it was batched', async () => {
    const draft = fc.record({
      member: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
      day: fc.integer({ min: -3, max: 0 }),
      lines: fc.array(fc.integer({ min: 1, max: 9_999 }), { minLength: 1, maxLength: 4 }),
      staff: fc.boolean(),
    })
    // A batch whose sums are lost, as one of an older version has none, is counted from its documents.
    const forget = (share: number): Promise<unknown> =>
      database.admin`UPDATE loyalty.batch SET sums = NULL WHERE relayed_at IS NULL AND random() < ${share}`
    await fc.assert(
      fc.asyncProperty(
        fc.array(draft, { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 4 }),
        fc.constantFrom(0, 0.5, 1),
        async (wanted, parts, forgotten) => {
          const drafts = wanted.map(
            ({ member, day, lines, staff }): SaleDraft => ({
              ...(member === undefined ? {} : { card: member === 1 ? world.cardNumber : cardNumber(member) }),
              ...(staff ? { staff: { code: '1001' } } : {}),
              atMs: startsMs + day * DAY_MS,
              lines: lines.map((grossMinor, index) => ({
                grossMinor: grossMinor as never,
                ...(index === 3 ? { product: { code: 'X' } } : {}),
              })),
            }),
          )
          for (let at = 0; at < drafts.length; at += parts) await sell(drafts.slice(at, at + parts))
          await forget(forgotten)
          await drain()
          const incremental = await rollups()
          for (const date of await days())
            await inProgram(database.engine, 1, (tx) => rebuildDay(tx, { ...program, date }))
          expect(await rollups()).toEqual(incremental)
        },
      ),
      { numRuns: RUNS },
    )
  })

  it('take from a batch what it was counted as, and leave nothing in its row that tells what was bought', async () => {
    await sell([{ card: cardNumber(2) }])
    const sums = () => database.admin`SELECT sums FROM loyalty.batch WHERE relayed_at IS NULL`
    expect((await sums())[0]?.['sums']).toMatchObject({
      category: [['2026-11-20', 'care', 1, 1_000, 1_000, 1_000, 10]],
    })
    await drain()
    expect(await countOf('loyalty.batch WHERE sums IS NOT NULL')).toBe(0)
  })

  it('leave to the outbox what it still has to count when a day is rebuilt in between', async () => {
    await sell([{ card: cardNumber(3) }])
    const { documents: before } = await fixture.give(
      'rollup.rebuild',
      { date: '2026-11-20' },
      { program: world.program },
    )
    await drain()
    const counted = await rollups()
    const { documents: after } = await fixture.give(
      'rollup.rebuild',
      { date: '2026-11-20' },
      { program: world.program },
    )
    expect([after - before, await rollups()]).toEqual([1, counted])
  })
})

describe('the outbox', () => {
  it('lets one bad batch hurt only itself, and finishes it when the harm is gone', async () => {
    const [poison] = await sell([{}])
    await sell([{}])
    const bad = await database.admin`SELECT batch_id FROM loyalty.sale WHERE document_id = ${poison?.id ?? ''}`
    let broken = true
    const effect = {
      name: 'rollup' as const,
      run: async (...parameters: Parameters<typeof rollUp.run>) => {
        if (broken && parameters[2].some(({ batchId }) => batchId === bad[0]?.['batch_id'])) throw new Error('planted')
        await rollUp.run(...parameters)
      },
    }
    const at = { ...program, nowMs: fixture.clock() }
    const first = await drainOutbox(database.engine, at, [effect])
    expect([first.relayed, first.failed.map(({ effect: name }) => name)]).toEqual([1, ['rollup']])
    broken = false
    expect(await drainOutbox(database.engine, at, [effect])).toMatchObject({ relayed: 1, failed: [] })
    expect(await countOf('loyalty.batch WHERE relayed_at IS NULL')).toBe(0)
  })
})

describe('bad batches at the head of the outbox', () => {
  it('hold up nobody behind them, however many documents they have', async () => {
    const { admin } = database
    // More documents than a round takes: eleven batches of 200.
    await admin`
      INSERT INTO loyalty.batch (program_id, booked_at, batch_id, documents, points, digest, sums)
      SELECT 1, ${new Date(startsMs - DAY_MS)}, gen_random_uuid(), 200, 0, '\\x00', '{"outlet": [["no date", 1]]}'
      FROM generate_series(1, 11)`
    const sales = () => admin`SELECT sum(sales)::int AS sales FROM read.daily_outlet`
    const [before] = await sales()
    await sell([{}])
    const { relayed, failed } = await drain()
    expect([relayed, failed.length]).toEqual([1, 11])
    expect(await sales()).toEqual([{ sales: Number(before?.['sales']) + 1 }])
    await admin`DELETE FROM loyalty.batch WHERE documents = 200`
  })

  it('and nothing that grows is left behind by a batch that went through', async () => {
    expect(await countOf('loyalty.effect')).toBe(0)
  })
})

describe('the outbox while a day is rebuilt', () => {
  it('waits for the lock once and not once a batch, and loses nothing', async () => {
    for (let batch = 0; batch < 3; batch += 1) await sell([{}])
    await drain()
    for (let batch = 0; batch < 3; batch += 1) await sell([{}])
    await inProgram(database.owner, 1, async (tx) => {
      await tx`SELECT 1 FROM loyalty.job WHERE program_id = 1 AND job = 'rollup' FOR UPDATE`
      const startedMs = performance.now()
      await expect(drain()).rejects.toMatchObject({ code: '55P03' })
      expect(performance.now() - startedMs).toBeLessThan(2 * 2_000)
    })
    expect(await drain()).toEqual({ relayed: 3, failed: [] })
  })
})

describe('signatures', () => {
  const state = async (): Promise<unknown> =>
    (await database.admin`SELECT state FROM directory.terminal WHERE terminal_id = ${world.terminal}`)[0]?.['state']
  const release = async (): Promise<void> => {
    await fixture.give('terminal.release', { terminal: world.terminal }, { reason: 'test goes on' })
    await fixture.engine.register.refresh()
  }
  const hashOf = (sale: Sale): string => documentHash(partDigests(saleParts(sale), sale.signature.salt, sha256), sha256)

  it('that are good leave each document at its place in the chain of its key', async () => {
    const sales = await sell([{}, {}])
    await settle()
    expect(await state()).toBe('active')
    const [first, second] = sales
    const rows = await database.admin`
      SELECT document_hash, previous_hash FROM directory.terminal_document
      WHERE document_id = ANY(${sales.map(({ id }) => id)}::uuid[]) ORDER BY sequence`
    expect(rows[1]?.['previous_hash']).toEqual(rows[0]?.['document_hash'])
    expect(rows[1]?.['document_hash']).toEqual(Buffer.from(hashOf(second!), 'hex'))
    expect(second?.previous).toBe(hashOf(first!))
  })

  it('that do not verify quarantine the terminal, with a finding and an audit row', async () => {
    const sale = fixture.till.sale()
    const forged = { ...sale, signature: { ...sale.signature, value: Buffer.alloc(64, 7).toString('base64url') } }
    expect((await fixture.till.post('/v1/sales', forged)).status).toBe(200)
    await settle()
    expect(await state()).toBe('quarantined')
    expect(await countOf(`loyalty.finding WHERE code = 'signature_bad' AND document_id = '${sale.id}'`)).toBe(1)
    expect(await countOf("directory.audit WHERE command = 'terminal.quarantine' AND actor_name = 'the engine'")).toBe(1)
    await fixture.engine.register.refresh()
    expect((await fixture.till.post('/v1/sales', fixture.till.sale())).body).toMatchObject({
      code: 'terminal_quarantined',
    })
    await release()
  })

  it('that show a fork quarantine the terminal: two documents at one sequence', async () => {
    const [honest] = await sell([{}])
    await settle()
    await database.admin`UPDATE directory.terminal SET state = 'active' WHERE terminal_id = ${world.terminal}`
    const copied = fixture.till.signed({
      ...fixture.till.sale({ number: 'fork' }),
      sequence: honest!.sequence,
      previous: honest!.previous,
    })
    await fixture.till.post('/v1/sales', copied)
    await settle()
    expect(await state()).toBe('quarantined')
    expect(await countOf(`loyalty.finding WHERE code = 'chain_forked' AND document_id = '${copied.id}'`)).toBe(1)
    await release()
  })
})

describe('the chain of batches', () => {
  it('links what is settled in order of booking, tells how long the rest waits, and no change of the past goes unseen', async () => {
    await settle()
    const before = await countOf('loyalty.batch WHERE chain_n IS NOT NULL')
    await sell([{}])
    fixture.clock.advance(30_000)
    await sell([{}])
    const at = (laterMs: number) => ({ ...program, nowMs: fixture.clock() + laterMs })
    const waits = async (): Promise<string | undefined> =>
      /premia_chain_waiting_seconds\{program="1"\} (\d+)/.exec(await fixture.engine.registry.metrics())?.[1]
    expect(await waits()).toBe('30')
    expect(await settleProgram(database.engine, at(30_000))).toEqual({ linked: 1, failed: [] })
    expect((await settleProgram(database.engine, at(120_000))).linked).toBe(1)
    expect(await waits()).toBe('0')
    expect((await settleProgram(database.engine, at(120_000))).linked).toBe(0)
    const total = await countOf('loyalty.batch')
    expect(total).toBe(before + 2)
    expect(await verifyChain(database.engine, 1)).toEqual({ links: total })
    expect(await readChainHead(database.engine, 1)).toMatchObject({ n: total })
    await database.admin`UPDATE loyalty.batch SET points = points + 1 WHERE chain_n = 3`
    expect(await verifyChain(database.engine, 1)).toEqual({ brokenAt: 3 })
    await database.admin`UPDATE loyalty.batch SET points = points - 1 WHERE chain_n = 3`
  })

  it('is no less whole while the chainer goes on linking', async () => {
    await settle()
    const { n } = await readChainHead(database.engine, 1)
    const setHead = (links: number) =>
      `UPDATE loyalty.job SET note = note || '{"n": ${links}}' WHERE program_id = 1 AND job = 'chain'`
    let proof: Promise<unknown> | undefined
    await database.owner.begin(async (chainer) => {
      await chainer`LOCK TABLE loyalty.job IN ACCESS EXCLUSIVE MODE`
      await chainer`SET LOCAL app.programs = '{1}'`
      await chainer.unsafe(setHead(n + 1))
      proof = verifyChain(database.engine, 1)
      // The proof has read the links and waits to read the head.
      while ((await countOf("pg_locks WHERE relation = 'loyalty.job'::regclass AND NOT granted")) === 0);
    })
    expect(await proof).toEqual({ links: n })
    await database.admin.unsafe(setHead(n))
  })

  it('goes on without a batch whose inspection fails, and takes it in, late, when the harm is gone', async () => {
    await sell([{}])
    const [bad] = await database.admin`SELECT batch_id AS id FROM loyalty.batch WHERE chain_n IS NULL`
    fixture.clock.advance(1_000)
    await sell([{}])
    const at = { ...program, nowMs: fixture.clock() + 120_000 }
    const seen: number[] = []
    const broken = await settleBatches(database.engine, at, async (_tx, _at, batches) => {
      seen.push(batches.length)
      if (batches.some(({ batchId }) => batchId === bad?.['id'])) throw new Error('planted')
    })
    expect([broken.linked, broken.failed.map(({ batchId }) => batchId), seen]).toEqual([1, [bad?.['id']], [2, 1, 1]])
    expect(await settleProgram(database.engine, at)).toEqual({ linked: 1, failed: [] })
    expect(await countOf(`loyalty.batch WHERE chain_late AND batch_id = '${String(bad?.['id'])}'`)).toBe(1)
    expect(await verifyChain(database.engine, 1)).toEqual({ links: await countOf('loyalty.batch') })
  })

  it('takes a batch that came too late at its end, marked late', async () => {
    const before = await readChainHead(database.engine, 1)
    await database.admin`
      INSERT INTO loyalty.batch (program_id, booked_at, batch_id, documents, points, digest)
      VALUES (1, ${new Date(startsMs)}, gen_random_uuid(), 0, 0, '\\x00')`
    await settle()
    const [late] = await database.admin`SELECT chain_n FROM loyalty.batch WHERE chain_late ORDER BY chain_n DESC`
    expect(Number(late?.['chain_n'])).toBe(before.n + 1)
    expect(await verifyChain(database.engine, 1)).toEqual({ links: before.n + 1 })
  })

  it('shows the console the head of its own programs alone', async () => {
    const heads = await inProgram(database.console, 1, (tx) => tx`SELECT program_id FROM read.chain_head`)
    expect(heads).toHaveLength(1)
    expect(await inProgram(database.console, 2, (tx) => tx`SELECT program_id FROM read.chain_head`)).toHaveLength(0)
  })
})
