/** Sales for tests and examples: valid as they are, and easy to bend. */
import { type Minor, milli, minor, ppm } from '@premia/rules'
import { chainStart, type Line, type Sale, uuid } from '../contract/till/index.ts'
import type { SaleDraft } from '../draft.ts'

/** One pack at 12.99 unless told otherwise. */
export const sampleLine = (change: Partial<Line> = {}): Line => ({
  number: 1,
  kind: 'goods',
  product: { code: 'P-1001', gtin: '5901234123457' },
  name: 'Witamina C 1000',
  quantityMilli: milli(1_000),
  unit: 'piece',
  unitPriceMinor: minor(1_299),
  grossMinor: change.unitPriceMinor ?? minor(1_299),
  reductions: [],
  vat: { ratePpm: ppm(80_000), code: 'B' },
  marks: [],
  ...change,
})

const sum = (values: readonly number[]): Minor => minor(values.reduce((total, value) => total + value, 0))

/** Totals and one cash tender that fit the lines and adjustments. */
export const settledBy = (
  lines: readonly Line[],
  adjustments: Sale['adjustments'] = [],
): Pick<Sale, 'totals' | 'tenders'> => {
  const grossMinor = sum(lines.map((line) => line.grossMinor))
  const reductionMinor = sum(
    [...lines.flatMap((line) => line.reductions), ...adjustments].map((each) => each.amountMinor),
  )
  const reimbursedMinor = sum(lines.map((line) => line.reimbursement?.amountMinor ?? 0))
  const payableMinor = minor(grossMinor - reductionMinor - reimbursedMinor)
  return {
    totals: { grossMinor, reductionMinor, reimbursedMinor, roundingMinor: minor(0), payableMinor },
    tenders: [{ kind: 'cash', amountMinor: payableMinor }],
  }
}

/** What a host hands to `Terminal.sale`. Totals and tender follow the lines unless given. */
export const sampleDraft = (number: string, change: Partial<SaleDraft> = {}): SaleDraft => {
  const lines = change.lines ?? [sampleLine()]
  return {
    kind: 'sale',
    channel: 'counter',
    document: { kind: 'receipt', number },
    cards: [{ number: '2990000000014', entry: 'scanned', role: 'identify' }],
    lines,
    adjustments: [],
    uses: [],
    ...settledBy(lines, change.adjustments),
    ...change,
  }
}

/** A sale as it travels; its signature is not valid. */
export const sampleSale = (change: Partial<Sale> = {}): Sale => ({
  ...sampleDraft('4711'),
  schema: 1,
  id: uuid('01964c6e-7000-7000-8000-000000000001'),
  terminal: uuid('01964c6e-7000-7000-8000-0000000000aa'),
  sequence: 1,
  previous: chainStart,
  occurredAt: '2026-11-21T10:15:00.000Z' as Sale['occurredAt'],
  utcOffsetMinutes: 60,
  businessDate: '2026-11-21',
  currency: 'PLN',
  ...(change.lines === undefined ? {} : settledBy(change.lines, change.adjustments)),
  signature: { keyId: '00112233445566778899aabbccddeeff', value: '' },
  ...change,
})
