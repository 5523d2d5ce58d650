import type { Sale, Use, Uuid } from '@premia/pos-sdk/contract/till'
import type { Minor } from '@premia/rules'
import { expect } from 'vitest'
import { cardNumber, type Fixture } from './fixture.ts'
import type { Answer, SaleDraft } from './till.ts'
import { testId, world } from './world.ts'

/**
 * Sales as rows of a table, the outcome last:
 *
 *     s1          m1    10.00,5.50   -            → +15 =15
 *     s2          m1    20.00        points 10    → +20 -10 =25
 *     again s1    -     -            -            → duplicate +15 =25
 *     block m1
 *     s3          m1    1.00         -            → +0 card_blocked
 *
 * The first column names the sale, or says what is done to an earlier one: `again` (the very same), `changed` (same id,
 * other content), `twin` (other id, same receipt and content), `clash` (other id, same receipt, other content). The second
 * is the member whose card it shows (`x…`: a number nobody has), the third the lines, the fourth what it uses, with more
 * words behind it: `staff 1001`, `age 3d`, `usd`. The outcome is written from the answer: what the customer earned, what was
 * redeemed, what can be spent now, then notices and shortfalls.
 */
export const runScenario = async (fixture: Fixture, table: string): Promise<void> => {
  const rows = table
    .split('\n')
    .map((row) => row.trim())
    .filter((row) => row !== '' && !row.startsWith('//'))
  const sales = new Map<string, Sale>()
  const seen: string[] = []
  for (const row of rows) {
    const [said = '', wanted] = row.split('→').map((part) => part.trim())
    if (wanted === undefined) {
      await command(fixture, said)
      seen.push(row)
      continue
    }
    const sale = saleOf(fixture, said.split(/\s{2,}/), sales)
    const outcome = outcomeOf(await fixture.till.post('/v1/sales', sale))
    seen.push(`${row.slice(0, row.indexOf('→'))}→ ${outcome}`)
  }
  expect(seen.join('\n')).toBe(rows.join('\n'))
}

const command = async ({ give, clock }: Fixture, said: string): Promise<void> => {
  const [verb = '', what = ''] = said.split(/\s+/)
  const details = { program: world.program, reason: 'because the scenario says so' }
  switch (verb) {
    case 'suspend':
      await give('program.suspend', {}, details)
      break
    case 'resume':
      await give('program.resume', {}, details)
      break
    case 'block':
      await give('card.block', { card: testId(9, Number(what.slice(1))) }, details)
      break
    case 'advance':
      clock.advance(span(what))
      break
    default:
      throw new Error(`a scenario does not know: ${said}`)
  }
}

const DAY_MS = 86_400_000
const span = (text: string): number => {
  const value = Number.parseInt(text, 10)
  return text.endsWith('d') ? value * DAY_MS : text.endsWith('h') ? value * 3_600_000 : value * 60_000
}

const minor = (text: string): Minor => Math.round(Number(text) * 100) as Minor

const saleOf = (fixture: Fixture, columns: readonly string[], sales: Map<string, Sale>): Sale => {
  const [name = '', card = '-', amounts = '-', ...more] = columns
  const [verb, earlier] = name.split(' ')
  const first = earlier === undefined ? undefined : sales.get(earlier)
  if (first !== undefined) return repeated(fixture, verb as string, first)
  const draft: SaleDraft = {
    ...(card === '-' ? {} : { card: card.startsWith('m') ? numberOf(card) : card }),
    lines: amounts.split(',').map((amount) => ({ grossMinor: minor(amount) })),
    ...extras(fixture, more.join(' ')),
  }
  const sale = fixture.till.sale(draft)
  sales.set(name, sale)
  return sale
}

const numberOf = (member: string): string => {
  const number = Number(member.slice(1))
  return number === 1 ? world.cardNumber : cardNumber(number)
}

const repeated = ({ till }: Fixture, verb: string, first: Sale): Sale => {
  const fresh = till.sale()
  const other = { ...first, channel: 'online' } as const
  switch (verb) {
    case 'again':
      return first
    case 'changed':
      return till.signed(other)
    case 'twin':
      return till.signed({ ...first, id: fresh.id, sequence: fresh.sequence, previous: fresh.previous })
    case 'clash':
      return till.signed({ ...other, id: fresh.id, sequence: fresh.sequence, previous: fresh.previous })
    default:
      throw new Error(`a scenario does not know: ${verb}`)
  }
}

const extras = ({ clock }: Fixture, text: string): SaleDraft => {
  const words = text.split(/\s+/).filter((word) => word !== '-' && word !== '')
  const uses: Use[] = []
  let draft: SaleDraft = {}
  while (words.length > 0) {
    const word = words.shift()
    const next = (): string => words.shift() ?? ''
    if (word === 'points') uses.push(pointsUse(Number(next())))
    else if (word === 'voucher') uses.push({ kind: 'voucher', code: next(), amountMinor: 500 as Minor })
    else if (word === 'staff') draft = { ...draft, staff: { code: next() } }
    else if (word === 'age') draft = { ...draft, atMs: clock() - span(next()) }
    else if (word === 'ahead') draft = { ...draft, atMs: clock() + span(next()) }
    else if (word === 'usd') draft = { ...draft, currency: 'USD' }
    else throw new Error(`a scenario does not know: ${word}`)
  }
  return { ...draft, uses }
}

const pointsUse = (points: number): Use => ({
  kind: 'points',
  program: world.program as Uuid,
  pointType: 'points',
  points,
  amountMinor: (points * 10) as Minor,
})

/** What a row says of an answer. */
export const outcomeOf = ({ body }: Answer): string => {
  if (body.code !== undefined) return body.code
  const words: string[] = body.status === 'recorded' ? [] : [body.status]
  for (const result of body.programs) {
    if (result.status !== 'booked') {
      words.push(result.status, ...(result.notices ?? []).map((notice: { code: string }) => notice.code))
      continue
    }
    const own = result.points.filter((each: { to: string }) => each.to === 'customer')
    const sum = (of: 'earned' | 'redeemed' | 'pending'): number =>
      own.reduce((total: number, each: Record<string, number>) => total + (each[of] ?? 0), 0)
    words.push(`+${sum('earned')}`)
    if (sum('pending') > 0) words.push(`pending ${sum('pending')}`)
    if (sum('redeemed') > 0) words.push(`-${sum('redeemed')}`)
    for (const balance of result.balances) words.push(`=${balance.spendable}`)
    for (const notice of result.notices) words.push(notice.code)
    for (const use of result.uses) if (use.shortfallMinor !== undefined) words.push(`short ${use.shortfallMinor}`)
  }
  return words.join(' ')
}
