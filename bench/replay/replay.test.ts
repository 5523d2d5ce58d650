import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildEngine, type Engine } from '@premia/engine/app.ts'
import { verifyPrograms } from '@premia/engine/ledger/verify.ts'
import { createTestDatabase, type TestDatabase } from '@premia/engine/testing/database.ts'
import { testConsoleKey, testKeys } from '@premia/engine/testing/fixture.ts'
import { adminClient, sendTo } from '@premia/pos-sdk/contract/admin'
import { checkMeaning, checkSums, type QuoteRequest } from '@premia/pos-sdk/contract/till'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decimalOf, penceOf } from './amount.ts'
import { replayId, saleId } from './identity.ts'
import { minor } from '@premia/rules'
import { type Invoice, invoicesOf, londonMs } from './invoice.ts'
import { readInvoiceRows } from './invoice-row.ts'
import type { GoodsLine } from './judge-row.ts'
import { type GoodsBack, matchReturns } from './match-returns.ts'
import { replay, type ReplayedEngine } from './replay.ts'
import { returnDraft } from './return-draft.ts'
import { saleDraft } from './sale-draft.ts'

const here = fileURLToPath(new URL('.', import.meta.url))
const fixture = join(here, 'fixture', 'month.csv')
const read = async (path: string) => invoicesOf(await readInvoiceRows(path), basename(path))

test('an invoice keeps its goods, begins with its first line and names its customer without decimals', async () => {
  const { invoices } = await read(fixture)
  const first = invoices[0]
  expect(first).toMatchObject({ number: '900001', country: 'United Kingdom', customer: '17850' })
  expect(first?.atMs).toBe(Date.UTC(2010, 11, 1, 8, 26))
  expect(first?.lines.map(({ code, grossMinor }) => [code, grossMinor])).toEqual([
    ['85123A', 1530],
    ['71053', 2034],
  ])
  expect(invoices.map(({ number }) => number)).toEqual(['900001', '900002', '900010', '900007'])
})

test('every line that cannot be sold is refused with a reason of its own', async () => {
  const { refused, empty } = await read(fixture)
  expect(refused.map(({ row, reason }) => [row.StockCode, reason])).toEqual([
    ['POST', 'not_goods_postage'],
    ['M', 'not_goods_manual_entry'],
    ['BANK CHARGES', 'not_goods_bank_charges'],
    ['22139', 'price_zero'],
    ['21777', 'quantity_negative'],
    ['D', 'not_goods_discount'],
    ['84029E', 'price_below_a_penny'],
    ['??', 'stock_code_unknown'],
    ['AMAZONFEE', 'not_goods_marketplace_fee'],
    ['S', 'not_goods_samples'],
    ['22961', 'quantity_zero'],
    ['22962', 'quantity_unreadable'],
    ['22963', 'price_negative'],
    ['22964', 'price_unreadable'],
    ['22965', 'date_unreadable'],
    ['22966', 'invoice_contradictory'],
    ['B', 'not_goods_correction'],
    ['POST', 'not_goods_postage'],
    ['84029G', 'quantity_positive'],
  ])
  expect(empty).toBe(5)
})

/** Of each return its number, what it takes back and of which invoice. */
const told = (returns: readonly GoodsBack[]) =>
  returns.map(({ number, lines, of }) => [
    number,
    of?.invoice.number,
    of?.units ?? lines.map(({ code, quantityMilli }) => ({ code, quantityMilli })),
  ])

test('a cancellation takes back from the latest invoices before it that have enough left of the goods at that price', async () => {
  const { invoices, cancellations } = await read(fixture)
  const hearts = (quantityMilli: number) => ({ code: '85123A', quantityMilli })
  expect(told(matchReturns(invoices, cancellations))).toEqual([
    // Nobody is known to have bought this.
    ['C900018', undefined, [{ code: 'gift_0001_20', quantityMilli: 1_000 }]],
    [
      'C900008',
      undefined,
      [
        { code: '22423', quantityMilli: 1_000 },
        { code: '22424', quantityMilli: 2_000 },
      ],
    ],
    // Half of a line, and the whole line of another invoice.
    ['C900011/1', '900010', [{ line: 1, quantityMilli: 12_000 }]],
    ['C900011/2', '900001', [{ line: 2, quantityMilli: 6_000 }]],
    ['C900012', '900010', [{ line: 1, quantityMilli: 12_000 }]],
    // Once more: all of one invoice is back, and the other has not as many.
    ['C900013', undefined, [hearts(12_000)]],
    ['C900014', '900001', [{ line: 1, quantityMilli: 6_000 }]],
    // Before it was sold, and more than was sold.
    ['C900016', undefined, [{ code: '84029G', quantityMilli: 1_000 }]],
    ['C900015', undefined, [{ code: '84029G', quantityMilli: 5_000 }]],
  ])
})

test('neither another price nor another customer is a match, and a cancellation of the same minute is one', async () => {
  const { invoices } = await read(fixture)
  const sold = invoices.find(({ number }) => number === '900010') as Invoice
  const back = { ...sold, number: 'C1' }
  const [line] = sold.lines as readonly [GoodsLine]
  const dearer = { ...back, lines: [{ ...line, unitPriceMinor: minor(256) }] }
  expect(told(matchReturns([sold], [back]))).toEqual([['C1', '900010', [{ line: 1, quantityMilli: 24_000 }]]])
  for (const other of [dearer, { ...back, customer: '1' }, { ...back, atMs: sold.atMs - 1 }]) {
    expect(matchReturns([sold], [other]).map(({ of }) => of)).toEqual([undefined])
  }
})

test('drafts of returns add up, name their sale and are the same each time', async () => {
  const { invoices, cancellations } = await read(fixture)
  const returns = matchReturns(invoices, cancellations)
  const drafts = returns.map(returnDraft)
  for (const draft of drafts) {
    expect(checkSums(draft, 'sale')).toEqual([])
    expect(checkMeaning({ ...draft, businessDate: '2010-12-01' } as unknown as QuoteRequest)).toEqual([])
  }
  expect(drafts.map(({ original }) => original?.sale)).toEqual(
    returns.map(({ of }) => (of === undefined ? undefined : saleDraft(of.invoice).id)),
  )
  expect(new Set(drafts.map(({ id }) => id)).size).toBe(drafts.length)
  expect(matchReturns(invoices, cancellations).map(returnDraft)).toEqual(drafts)
})

test('the same file gives the same ids, another file or invoice others', () => {
  const at = Date.UTC(2010, 11, 1)
  expect(saleId('2010-12.csv.gz', '536365', at)).toBe(saleId('2010-12.csv.gz', '536365', at))
  expect(saleId('2010-12.csv.gz', '536365', at)).not.toBe(saleId('2011-01.csv.gz', '536365', at))
  expect(saleId('2010-12.csv.gz', '536365', at)).not.toBe(saleId('2010-12.csv.gz', '536366', at))
  expect(parseInt(saleId('a', 'b', at).replaceAll('-', '').slice(0, 12), 16)).toBe(at)
  expect(replayId('member', '17850')).toBe(replayId('member', '17850'))
})

test('local time of the file is London time, summer and winter', () => {
  expect(londonMs('2010-12-01 08:26:00')).toBe(Date.UTC(2010, 11, 1, 8, 26))
  expect(londonMs('2011-03-27 12:00:00')).toBe(Date.UTC(2011, 2, 27, 11))
  expect(londonMs('2011-13-01 12:00:00')).toBeUndefined()
  expect(londonMs('yesterday')).toBeUndefined()
})

test('text becomes pence without a float in between, or not at all', () => {
  const pence = (text: string) => {
    const decimal = decimalOf(text)
    return decimal === undefined ? undefined : penceOf(decimal)
  }
  expect(pence('2.55')).toBe(255)
  expect(pence('1.1')).toBe(110)
  expect(pence('38970.0')).toBe(3_897_000)
  expect(pence('0.001')).toBeUndefined()
  expect(pence('1e2')).toBeUndefined()
  expect(penceOf(decimalOf('0.29')?.times(3) ?? decimalOf('0')!)).toBe(87)
})

test('a draft adds up, carries one tender and knows no VAT', async () => {
  const { invoices } = await read(fixture)
  for (const invoice of invoices) {
    const draft = saleDraft(invoice)
    expect(checkSums(draft, 'sale')).toEqual([])
    expect(checkMeaning({ ...draft, businessDate: '2010-12-01' } as unknown as QuoteRequest)).toEqual([])
    expect(draft.tenders).toHaveLength(1)
    expect(draft.lines.every((line) => line.vat.ratePpm === null)).toBe(true)
  }
  expect(saleDraft(invoices[1] ?? invoices[0]!)).toMatchObject({
    cards: [],
    lines: [{ kind: 'giftCard' }],
  })
})

test('a file that lacks columns is named as such', async () => {
  await expect(readInvoiceRows(join(here, '..', '..', 'package.json'))).rejects.toThrow()
})

const shared = join(here, '..', '..', '..', 'shared', 'data', 'online-retail')

test.skipIf(!existsSync(shared))('the real months are read whole: each row is sent or refused', async () => {
  // One month is enough to know the dirt of them all, and does not take long.
  for (const name of (await readdir(shared)).filter((each) => each === '2011-01.csv.gz')) {
    const rows = await readInvoiceRows(join(shared, name))
    const { invoices, cancellations, refused } = invoicesOf(rows, name)
    const returns = matchReturns(invoices, cancellations)
    const lines = [...invoices, ...returns].reduce((sum, each) => sum + each.lines.length, 0)
    expect(lines + refused.length, name).toBe(rows.length)
    expect(returns.some(({ of }) => of !== undefined)).toBe(true)
    const ids = [...invoices.map(saleDraft), ...returns.map(returnDraft)].map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(refused.filter(({ reason }) => reason === 'stock_code_unknown')).toEqual([])
    for (const invoice of invoices) expect(checkSums(saleDraft(invoice), 'sale')).toEqual([])
  }
})

describe('on the engine', () => {
  let database: TestDatabase
  let engine: Engine
  let target: ReplayedEngine
  const said: string[] = []

  beforeAll(async () => {
    database = await createTestDatabase()
    engine = await buildEngine({
      databaseUrl: database.url('premia_engine'),
      clock: Date.now,
      keys: testKeys,
      consoleKey: testConsoleKey,
      logger: false,
      watch: false,
    })
    const url = await engine.app.listen({ port: 0, host: '127.0.0.1' })
    const folder = await mkdtemp(join(tmpdir(), 'premia-replay-'))
    target = { url, client: adminClient({ send: sendTo(url), key: testConsoleKey }), folder }
  })
  afterAll(async () => {
    await engine.close()
    await rm(target.folder, { recursive: true })
    await database.drop()
  })

  const run = () => replay(target, [fixture], (text) => void said.push(text))
  const balances = async () => {
    const rows = await database.admin<{ holder: string; balance: number; debt: number }[]>`
      SELECT holder_id AS holder, balance, debt FROM loyalty.account WHERE holder_kind = 'member'`
    const names = new Map(['17850', '12583'].map((customer) => [replayId('member', customer) as string, customer]))
    return Object.fromEntries(rows.map(({ holder, balance, debt }) => [names.get(holder), balance - debt]))
  }

  test('TRX-05: cancellations take back what their invoices gave, a second run nothing more, and the books add up', async () => {
    const first = await run()
    expect(first.sending.refusals).toEqual([])
    expect(first).toMatchObject({
      isWhole: true,
      sending: {
        counts: { recorded: 13, duplicate: 0, parked: 0, refused: 0, points: 121, clawedBack: 111, waiting: 0 },
      },
    })
    expect(first.sending.notices.get('original_unknown')).toBe(5)
    expect(said.join('\n')).toMatch(/returns of an invoice +4\n.*returns without receipt +5\n/)
    const after = await balances()
    expect(after).toEqual({ 17850: 0, 12583: 10 })

    const second = await run()
    expect(second).toMatchObject({ isWhole: true, sending: { counts: { recorded: 0, duplicate: 13 }, refusals: [] } })
    expect(await balances()).toEqual(after)
    const verified = await verifyPrograms(database.engine, { replays: 100 })
    expect(verified.filter(({ wrong }) => wrong > 0)).toEqual([])
    expect(verified.length).toBeGreaterThan(0)
  }, 60_000)
})
