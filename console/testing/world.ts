import { createHash } from 'node:crypto'
import { keptAs } from '@premia/pos-sdk/contract/admin'
import type { ProgramDocument } from '@premia/rules'
import { ensurePartitions } from '../../engine/db/partitions.ts'
import type { Sql } from '../../engine/db/pool.ts'
import type { TestDatabase } from '../../engine/testing/database.ts'

/**
 * Two operators who must never see each other. The first has organizers A (programs 1 and 2, złoty) and B (program 3, lei),
 * the second organizer C (program 4). Each program has its own outlet, and outlet 1 is in programs 1 and 2. Rows are written
 * as the superuser; what is tested reads them as the console's role.
 */
export const worldNowMs = Date.parse('2026-11-21T12:00:00.000Z')
const hourMs = 3_600_000

/** A readable id: kind and number, in canonical form. */
export const worldId = (kind: string, n: number): string => {
  const hex = createHash('sha256').update(`${kind} ${n}`).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

export const operators = { first: worldId('operator', 1), second: worldId('operator', 2) }
export const organizers = { a: worldId('organizer', 1), b: worldId('organizer', 2), c: worldId('organizer', 3) }

export interface WorldProgram {
  readonly programId: number
  readonly publicId: string
  readonly operator: string
  readonly organizer: string
  readonly currency: string
  readonly scale: number
}
const program = (
  n: number,
  operator: string,
  organizer: string,
  more: { currency: string; scale: number },
): WorldProgram => ({
  programId: n,
  publicId: worldId('program', n),
  operator,
  organizer,
  ...more,
})
export const programs = [
  program(1, operators.first, organizers.a, { currency: 'PLN', scale: 0 }),
  program(2, operators.first, organizers.a, { currency: 'PLN', scale: 1 }),
  program(3, operators.first, organizers.b, { currency: 'RON', scale: 0 }),
  program(4, operators.second, organizers.c, { currency: 'PLN', scale: 0 }),
] as const

const documentOf = ({ programId, currency, scale }: WorldProgram): ProgramDocument =>
  ({
    schema: 1,
    name: `Program ${programId}`,
    currency,
    zone: 'Europe/Warsaw',
    pointTypes: [{ code: 'main', name: 'Punkty', scale, valueMinor: 5 }],
    mainPointType: 'main',
    cardKinds: [{ code: 'plastic', name: 'Plastik' }],
    tiers: [{ code: 'gold', name: 'Złoty', rank: 1, fromPoints: 0 }],
    languages: ['pl'],
  }) as unknown as ProgramDocument

const iso = (ms: number): string => new Date(ms).toISOString()

export const insert = async (sql: Sql, table: string, rows: readonly Record<string, unknown>[]): Promise<void> => {
  for (let from = 0; from < rows.length; from += 500) {
    await sql`INSERT INTO ${sql.unsafe(table)} ${sql(rows.slice(from, from + 500) as never)}`
  }
}

/** Members, cards and sales a program. */
const membersEach = 6
const salesEach = 12

export const outletOf = (programId: number): string => worldId('outlet', programId === 2 ? 1 : programId)
export const memberId = (programId: number, n: number): string => worldId('member', programId * 1000 + n)
export const cardId = (programId: number, n: number): string => worldId('card', programId * 1000 + n)
export const saleId = (programId: number, n: number): string => worldId('sale', programId * 1000 + n)

export const makeWorld = async ({ admin, owner }: TestDatabase): Promise<void> => {
  const began = worldNowMs - 400 * 24 * hourMs
  await ensurePartitions(owner, { from: worldNowMs - 40 * 24 * hourMs, to: worldNowMs })
  await makeDirectory(admin, began)
  for (const each of programs) await makeProgram(admin, each, began)
  await admin`ANALYZE`
}

const makeDirectory = async (admin: Sql, began: number): Promise<void> => {
  const organization = (id: string, operator: string, kind: string, mark: string) => ({
    organization_id: id,
    operator_id: operator,
    kind,
    name: `${kind} ${mark}`,
    mark,
    colour: '#7a2a63',
    country: 'PL',
    created_at: iso(began),
  })
  await insert(admin, 'directory.organization', [
    organization(operators.first, operators.first, 'operator', 'OP1'),
    organization(operators.second, operators.second, 'operator', 'OP2'),
    organization(organizers.a, operators.first, 'organizer', 'A'),
    organization(organizers.b, operators.first, 'organizer', 'B'),
    organization(organizers.c, operators.second, 'organizer', 'C'),
  ])
  for (const each of programs.filter(({ programId }) => programId !== 2)) {
    const { programId, operator } = each
    const at = { from_at: iso(began) }
    const outlet = outletOf(programId)
    const ids = { terminal: worldId('terminal', programId), staff: worldId('staff', programId) }
    const name = `Outlet ${programId}`
    await insert(admin, 'directory.outlet', [
      { outlet_id: outlet, operator_id: operator, code: `P${programId}`, name, country: 'PL', created_at: iso(began) },
    ])
    await insert(admin, 'directory.outlet_period', [
      {
        outlet_id: outlet,
        ...at,
        owner_id: operator,
        outlet_type: 'pharmacy',
        zone: 'Europe/Warsaw',
        city: 'Kraków',
        groups: [],
      },
    ])
    await insert(admin, 'directory.terminal', [
      {
        terminal_id: ids.terminal,
        operator_id: operator,
        name: 'Kasa 1',
        state: 'active',
        last_contact_at: iso(worldNowMs - programId * hourMs),
        created_at: iso(began),
      },
    ])
    await insert(admin, 'directory.terminal_period', [{ terminal_id: ids.terminal, ...at, outlet_id: outlet }])
    await insert(admin, 'directory.staff', [{ staff_id: ids.staff, operator_id: operator, code: `100${programId}` }])
    await insert(admin, 'directory.staff_period', [{ staff_id: ids.staff, outlet_id: outlet, ...at }])
    await insert(admin, 'people.staff', [
      { operator_id: operator, staff_id: ids.staff, name: `Staff Secret${programId}` },
    ])
  }
}

const makeProgram = async (admin: Sql, each: WorldProgram, began: number): Promise<void> => {
  const { programId, operator, organizer, currency } = each
  await insert(admin, 'directory.program', [
    {
      program_id: programId,
      public_id: each.publicId,
      operator_id: operator,
      organizer_id: organizer,
      name: `Program ${programId}`,
      currency,
      zone: 'Europe/Warsaw',
      state: 'active',
      starts_at: iso(began),
      created_at: iso(began),
    },
  ])
  await insert(admin, 'directory.program_outlet', [
    { program_id: programId, outlet_id: outletOf(programId), from_at: iso(began) },
  ])
  await insert(admin, 'loyalty.program_version', [
    { program_id: programId, version: 1, document: documentOf(each), published_at: iso(began) },
  ])
  for (let n = 0; n < membersEach; n += 1) await makeMember(admin, each, n)
  for (let n = 0; n < salesEach; n += 1) await makeSale(admin, each, n)
  await makeWaitingReturn(admin, each)
}

/** A return that came before its sale. */
const makeWaitingReturn = async (admin: Sql, { programId }: WorldProgram): Promise<void> => {
  const id = worldId('waiting', programId)
  const at = worldNowMs - hourMs
  const sale = {
    id,
    kind: 'return',
    occurredAt: iso(at - 60_000),
    document: { kind: 'receipt', number: `WAITS-${programId}` },
    original: { sale: worldId('unknown', programId), reason: 'customer' },
    totals: { payableMinor: 700 },
  }
  await insert(admin, 'loyalty.sale_return', [
    {
      program_id: programId,
      original_id: sale.original.sale,
      return_id: id,
      received_at: iso(at),
      waiting: kept({ sale, outlet: outletOf(programId), receivedAtMs: at }),
    },
  ])
}

const makeMember = async (admin: Sql, { programId, organizer }: WorldProgram, n: number): Promise<void> => {
  const member = memberId(programId, n)
  const person = worldId('person', programId * 1000 + n)
  const account = worldId('account', programId * 1000 + n)
  const joined = worldNowMs - (n + 1) * 24 * hourMs
  await insert(admin, 'people.person', [
    {
      organizer_id: organizer,
      person_id: person,
      given_name: `Łucja${n}`,
      family_name: `Tajna${programId}`,
      phone: `+4860000${programId}00${n}`,
      created_at: iso(joined),
    },
  ])
  await insert(admin, 'loyalty.member', [
    {
      program_id: programId,
      member_id: member,
      kind: 'person',
      state: 'active',
      tier: n % 2 === 0 ? 'gold' : null,
      person_id: person,
      visits: n,
      last_sale_at: n === 0 ? null : iso(worldNowMs - n * hourMs),
      joined_at: iso(joined),
    },
  ])
  await insert(admin, 'loyalty.card', [
    {
      program_id: programId,
      card_id: cardId(programId, n),
      number_token: createHash('sha256').update(`card ${programId} ${n}`).digest(),
      number_last: `${programId}00${n}`,
      kind: 'plastic',
      state: 'active',
      member_id: member,
      issued_at: iso(joined),
    },
  ])
  // Lot 1 lasts; lot 2 expired an hour ago and no night job has run since, so the account's row still holds it.
  const lot = (kind: string, remaining: number, expiresAt: number) => ({
    program_id: programId,
    lot_id: worldId(kind, programId * 1000 + n),
    account_id: account,
    point_type: 'main',
    earned_at: iso(joined),
    active_from: iso(joined),
    expires_at: iso(expiresAt),
    pending: false,
    amount: remaining,
    remaining,
    open: true,
  })
  await insert(admin, 'loyalty.lot', [
    lot('lot', 100 + n, worldNowMs + 90 * 24 * hourMs),
    lot('expired', 40, worldNowMs - hourMs),
  ])
  await insert(admin, 'loyalty.account', [
    {
      program_id: programId,
      account_id: account,
      holder_kind: 'member',
      holder_id: member,
      point_type: 'main',
      balance: 140 + n,
      due_at: iso(worldNowMs - hourMs),
      next_expiry_at: iso(worldNowMs - hourMs),
      next_expiry_points: 40,
    },
  ])
}

const makeSale = async (admin: Sql, { programId }: WorldProgram, n: number): Promise<void> => {
  const id = saleId(programId, n)
  const at = worldNowMs - n * 50 * hourMs
  const booked = iso(at + 500)
  const place = programId === 2 ? 1 : programId
  await insert(admin, 'loyalty.sale_key', [
    {
      program_id: programId,
      document_id: id,
      receipt_key: createHash('md5').update(id).digest(),
      content_hash: Buffer.alloc(32),
      state: 'booked',
      booked_at: booked,
    },
  ])
  const figures = {
    program_id: programId,
    booked_at: booked,
    document_id: id,
    kind: 'sale',
    occurred_at: iso(at),
    received_at: iso(at + 100),
    business_date: iso(at).slice(0, 10),
    outlet_id: outletOf(programId),
    terminal_id: worldId('terminal', place),
    staff_id: n % 3 === 0 ? null : worldId('staff', place),
    member_id: n % 4 === 0 ? null : memberId(programId, n % membersEach),
    document_number: `W${programId}-${n}`,
    gross_minor: 1000 * (n + 1),
    reduction_minor: 0,
    reimbursed_minor: 0,
    payable_minor: 1000 * (n + 1),
    points: n,
    notices: n % 5 === 0 ? 1 : 0,
  }
  await insert(admin, 'loyalty.sale', [
    {
      ...figures,
      batch_id: id,
      rule_set: 'x'.repeat(64),
      outcome_hash: Buffer.alloc(32),
      semantics: 1,
      outcome: kept({ schema: 1, lines: [], applied: [], awards: [] }),
      told: {},
      content: kept({
        schema: 1,
        channel: 'counter',
        document: { kind: 'receipt' },
        roundingMinor: 0,
        lines: [],
        tenders: [],
      }),
      signed: Buffer.alloc(0),
    },
  ])
  await insert(admin, 'read.sale_register', [{ ...figures, spent: 0 }])
}

/** A text as the engine keeps it, not deflated. */
const kept = (value: object): Buffer => Buffer.concat([Buffer.of(keptAs.plain), Buffer.from(JSON.stringify(value))])
