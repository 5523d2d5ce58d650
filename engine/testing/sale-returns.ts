import type { Sale } from '@premia/pos-sdk/contract/till'
import { unitShare } from '@premia/rules'
import type { TestDatabase } from './database.ts'
import type { SaleDraft, TestTill } from './till.ts'

/** Thousandths that come back, by line of the sale. */
export type Units = Readonly<Record<number, number>>

export interface ReturnDetails {
  readonly units: Units
  /** What came back before: amounts are shares of all that is back, so that returns add up to the sale. */
  readonly before?: Units
  /** Nothing is paid back in points. */
  readonly inMoney?: boolean
  readonly reason?: NonNullable<Sale['original']>['reason']
  readonly draft?: SaleDraft
}

/** A return of units of a sale, as a till would write it. */
export const returnOf = (till: TestTill, sale: Sale, details: ReturnDetails): Sale => {
  const { units, before = {}, inMoney = false, reason = 'customer' } = details
  const after = plus(before, units)
  const grossOf = (back: Units): number =>
    sale.lines.reduce(
      (sum, { number, grossMinor, quantityMilli }) => sum + unitShare(grossMinor, back[number] ?? 0, quantityMilli),
      0,
    )
  const all = sale.lines.reduce((sum, { grossMinor }) => sum + grossMinor, 0)
  const spent = sale.tenders.reduce((sum, { kind, amountMinor }) => sum + (kind === 'points' ? amountMinor : 0), 0)
  const inPoints = (back: Units): number => (all === 0 || inMoney ? 0 : unitShare(spent, grossOf(back), all))
  const paid = grossOf(after) - grossOf(before)
  const points = Math.min(paid, inPoints(after) - inPoints(before))
  return till.sale({
    kind: 'return',
    original: { sale: sale.id, reason },
    lines: sale.lines.flatMap((line) => {
      const milli = units[line.number] ?? 0
      if (milli === 0) return []
      const gross = (back: Units): number => unitShare(line.grossMinor, back[line.number] ?? 0, line.quantityMilli)
      const { product, unit, unitPriceMinor } = line
      return [
        {
          ...(product === undefined ? {} : { product }),
          unit,
          unitPriceMinor,
          originalLine: line.number,
          quantityMilli: milli as never,
          grossMinor: (gross(after) - gross(before)) as never,
        },
      ]
    }),
    tenders: [
      ...(points === 0 ? [] : [{ kind: 'points', amountMinor: points as never } as const]),
      { kind: 'cash', amountMinor: (paid - points) as never },
    ],
    ...details.draft,
  })
}

export const plus = (a: Units, b: Units): Units => {
  const sum: Record<number, number> = { ...a }
  for (const [line, milli] of Object.entries(b)) sum[Number(line)] = (sum[Number(line)] ?? 0) + milli
  return sum
}

export const allOf = ({ lines }: Sale): Units =>
  Object.fromEntries(lines.map(({ number, quantityMilli }) => [number, quantityMilli]))

/** All that sales change and returns change back, as far as there is any of it. */
export const holdings = async ({ admin }: TestDatabase): Promise<object> => {
  const accounts = await admin`
    SELECT program_id, holder_id, point_type, balance, pending, debt, earned_total FROM loyalty.account
    WHERE holder_kind = 'member' AND (balance, pending, debt, earned_total) <> (0, 0, 0, 0)
    ORDER BY program_id, holder_id, point_type`
  const lots = await admin`
    SELECT program_id, account_id, pending, expires_at, sum(remaining)::bigint AS remaining FROM loyalty.lot
    WHERE open GROUP BY program_id, account_id, pending, expires_at ORDER BY program_id, account_id, pending, expires_at`
  const house = await admin`
    SELECT program_id, account_id, sum(balance)::bigint AS balance, sum(pending)::bigint AS pending
    FROM loyalty.account_slot GROUP BY program_id, account_id HAVING sum(balance + pending) <> 0
    ORDER BY program_id, account_id`
  const counters = await admin`
    SELECT program_id, limit_id, subject_id, period, used FROM loyalty.counter WHERE used <> 0
    ORDER BY program_id, limit_id, subject_id, period`
  const vouchers =
    await admin`SELECT program_id, voucher_id, state FROM loyalty.voucher ORDER BY program_id, voucher_id`
  return { accounts, lots, house, counters, vouchers }
}
