import type { Sale } from '@premia/pos-sdk/contract/till'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../testing/database.ts'
import { cardNumber, type Fixture, openFixture } from '../testing/fixture.ts'
import { world } from '../testing/world.ts'

/**
 * Every statement of the hot path finds its rows by an index, as the role that runs it and under row security. PostgreSQL
 * itself counts the tables it reads whole while real sales pass through, so no statement is forgotten or repeated here.
 */
let database: TestDatabase
let fixture: Fixture

const FILLED = 60_000

beforeAll(async () => {
  database = await createTestDatabase()
  fixture = await openFixture(database, { members: 20 })
  const { admin } = database
  // Tables large enough that nobody would read them whole.
  await admin.unsafe(`
    INSERT INTO loyalty.member (program_id, member_id, kind, state, joined_at)
      SELECT 1 + i % 3, gen_random_uuid(), 'person', 'active', now() FROM generate_series(1, ${FILLED}) AS i;
    INSERT INTO loyalty.card (program_id, card_id, number_token, number_last, kind, state, member_id, issued_at)
      SELECT program_id, gen_random_uuid(), sha256(member_id::text::bytea), '1', 'standard', 'active', member_id, now()
      FROM loyalty.member ON CONFLICT DO NOTHING;
    INSERT INTO loyalty.member_period (program_id, member_id, from_at) SELECT program_id, member_id, now() FROM loyalty.member
      ON CONFLICT DO NOTHING;
    INSERT INTO loyalty.account (program_id, account_id, holder_kind, holder_id, point_type, balance)
      SELECT program_id, gen_random_uuid(), 'member', member_id, 'points', 5 FROM loyalty.member WHERE person_id IS NULL;
    INSERT INTO loyalty.lot (program_id, lot_id, account_id, point_type, origin_document_id, earned_at, active_from,
        expires_at, pending, amount, remaining, open)
      SELECT program_id, gen_random_uuid(), account_id, 'points', gen_random_uuid(), now(), now(), now() + interval '1 year',
        false, 5, 5, true FROM loyalty.account WHERE balance = 5;
    INSERT INTO loyalty.voucher (program_id, voucher_id, code_token, code_last, kind, state, value_minor, issued_at)
      SELECT program_id, gen_random_uuid(), sha256(member_id::text::bytea), '1', 'five', 'issued', 1, now() FROM loyalty.member;
    INSERT INTO loyalty.sale_key (program_id, document_id, receipt_key, content_hash, state, booked_at)
      SELECT program_id, gen_random_uuid(), substr(sha256(member_id::text::bytea), 1, 16), sha256(member_id::text::bytea),
        'booked', now() FROM loyalty.member;
    ANALYZE loyalty.member, loyalty.card, loyalty.member_period, loyalty.account, loyalty.lot, loyalty.voucher, loyalty.sale_key`)
})
afterAll(async () => {
  await fixture?.close()
  await database?.drop()
})

const wholeReads = async (): Promise<ReadonlyMap<string, number>> => {
  await database.admin`SELECT pg_stat_force_next_flush()`
  const rows = await database.admin<{ table: string; times: number }[]>`
    SELECT relname AS table, seq_scan AS times FROM pg_stat_user_tables WHERE schemaname = 'loyalty' AND n_live_tup > 1000`
  return new Map(rows.map((row) => [row.table, row.times]))
}

it('every statement of a sale finds its rows by an index', async () => {
  const { till } = fixture
  const spending = { kind: 'points', program: world.program, pointType: 'points', points: 1, amountMinor: 1 }
  const voucher = { kind: 'voucher', code: 'NOBODYS', amountMinor: 1 }
  const book = async (): Promise<void> => {
    const sales = Array.from({ length: 20 }, (_, index) =>
      till.sale({ card: cardNumber(2 + (index % 10)), staff: { code: '1001' }, uses: [spending, voucher] as never }),
    )
    const told = await till.post('/v1/sales', { sales })
    expect(told.body.results.map((each: { status: string }) => each.status)).toEqual(sales.map(() => 'recorded'))
    for (const body of [{ sales }, sales[0]]) expect((await till.post('/v1/sales', body)).status).toBe(200)
    const { terminal, schema, id, kind, occurredAt, utcOffsetMinutes, businessDate, currency, channel } =
      sales[0] as Sale
    const { cards, lines, adjustments, uses, tenders, totals } = sales[0] as Sale
    const head = { terminal, schema, id, kind, occurredAt, utcOffsetMinutes, businessDate, currency, channel }
    const quote = await till.post('/v1/quotes', { ...head, cards, lines, adjustments, uses, tenders, totals })
    expect(quote.status).toBe(200)
    expect((await till.get(`/v1/sales/${id}`)).status).toBe(200)
    expect((await till.post('/v1/cards/find', { number: cardNumber(3), entry: 'keyed' })).status).toBe(200)
  }
  const before = await wholeReads()
  expect(before.size).toBeGreaterThanOrEqual(7)
  // More than five times each: then the server has settled on the plans it keeps.
  for (let round = 0; round < 8; round += 1) await book()
  await fixture.engine.close()
  const after = await wholeReads()
  expect([...after].filter(([table, times]) => times !== (before.get(table) ?? times))).toEqual([])
})
