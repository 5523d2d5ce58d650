import type { LineFacts, Outcome } from '@premia/rules'
import { type RollupName, rollupNames } from './tables.ts'

/** A booked sale or return, as far as rollups count it. */
export interface CountedDocument {
  readonly kind: 'sale' | 'return'
  readonly businessDate: string
  readonly outlet: string
  readonly staff: string | null
  readonly member: string | null
  readonly grossMinor: number
  readonly reductionMinor: number
  readonly reimbursedMinor: number
  readonly payableMinor: number
  readonly points: number
  /** Empty where the content is not kept. */
  readonly lines: readonly CountedLine[]
}

export interface CountedLine {
  /** The product's own category; '' for an unknown product. */
  readonly category: string
  readonly quantityMilli: number
  readonly grossMinor: number
  readonly paidMinor: number
  readonly points: number
}

export interface CountedPosting {
  readonly businessDate: string
  readonly kind: 'earn' | 'redeem' | 'expire' | 'adjust' | 'clawBack' | 'giveBack' | 'merge'
  readonly holderKind: string
  /** Of staff; nobody else's is asked for. */
  readonly holder: string | null
  readonly pointType: string
  readonly amount: number
}

/** Lines as they were judged. Pure. */
export const countedLines = (
  facts: readonly LineFacts[],
  outcome: Pick<Outcome, 'lines' | 'applied'>,
  mainPointType: string,
): readonly CountedLine[] => {
  // By line number, which is small: a map would cost more than all the rest, and every sale pays for it.
  const paid: number[] = []
  const points: number[] = []
  for (const { number, copaymentMinor } of outcome.lines) paid[number] = copaymentMinor
  for (const { to, pointType, pointShares } of outcome.applied) {
    if (to !== 'customer' || pointType !== mainPointType || pointShares === undefined) continue
    for (const share of pointShares) points[share.line] = (points[share.line] ?? 0) + share.points
  }
  return facts.map(({ number, product, quantityMilli, grossMinor }) => ({
    category: product?.categories[0] ?? '',
    quantityMilli,
    grossMinor,
    paidMinor: paid[number] ?? 0,
    points: points[number] ?? 0,
  }))
}

/** A row of a rollup: business date, then the columns of its key and its sums in the order of `tables.ts`. */
export type DeltaRow = readonly (string | number)[]
export type Deltas = { readonly [N in RollupName]?: readonly DeltaRow[] }

/** What some documents and postings add to the rollups, each row once. Returns count with the opposite sign, but are no sales taken away. */
export class Sheet {
  readonly #rows: { readonly [N in RollupName]: Map<string, (string | number)[]> } = {
    outlet: new Map(),
    staff: new Map(),
    category: new Map(),
    points: new Map(),
  }

  document(document: CountedDocument): void {
    const { businessDate, points } = document
    const sign = document.kind === 'return' ? -1 : 1
    const sales = document.kind === 'return' ? 0 : 1
    const memberSales = document.member === null ? 0 : sales
    const gross = sign * document.grossMinor
    const reduction = sign * document.reductionMinor
    const reimbursed = sign * document.reimbursedMinor
    const payable = sign * document.payableMinor
    this.#add(
      'outlet',
      [businessDate, document.outlet],
      [sales, memberSales, gross, reduction, reimbursed, payable, points],
    )
    if (document.staff !== null) {
      this.#add('staff', [businessDate, document.staff], [sales, memberSales, gross, payable, 0])
    }
    for (const line of document.lines) {
      const amounts = [sign, sign * line.quantityMilli, sign * line.grossMinor, sign * line.paidMinor, line.points]
      this.#add('category', [businessDate, line.category], amounts)
    }
  }

  posting({ businessDate, kind, holderKind, holder, pointType, amount }: CountedPosting): void {
    if (holderKind === 'staff' && holder !== null) this.#add('staff', [businessDate, holder], [0, 0, 0, 0, amount])
    const told = toldAs(kind, amount)
    if (told !== undefined) this.#add('points', [businessDate, holderKind, pointType], told)
  }

  /** What was counted elsewhere. */
  add(counted: Deltas): void {
    for (const name of rollupNames) {
      for (const row of counted[name] ?? []) {
        const key = row.filter((value) => typeof value === 'string')
        this.#add(name, key, row.slice(key.length) as number[])
      }
    }
  }

  /** Rollups without a row are left out. */
  deltas(): Deltas {
    const deltas: { [N in RollupName]?: readonly DeltaRow[] } = {}
    for (const name of rollupNames) {
      if (this.#rows[name].size > 0) deltas[name] = [...this.#rows[name].values()]
    }
    return deltas
  }

  #add(name: RollupName, key: readonly string[], amounts: readonly number[]): void {
    const rows = this.#rows[name]
    const [date, first, second] = key
    const id = second === undefined ? `${date}\n${first}` : `${date}\n${first}\n${second}`
    const row = rows.get(id)
    if (row === undefined) rows.set(id, [...key, ...amounts])
    else {
      for (let index = 0; index < amounts.length; index += 1) {
        ;(row[key.length + index] as number) += amounts[index] as number
      }
    }
  }
}

/**
 * The columns earned, redeemed, expired, adjusted, clawed_back. What leaves an account is told as a positive number in its
 * own column; only adjustments keep their sign. A merge moves points within one kind of holder.
 */
const toldAs = (kind: CountedPosting['kind'], amount: number): readonly number[] | undefined => {
  switch (kind) {
    case 'earn':
      return [amount, 0, 0, 0, 0]
    case 'redeem':
    case 'giveBack':
      return [0, -amount, 0, 0, 0]
    case 'expire':
      return [0, 0, -amount, 0, 0]
    case 'adjust':
      return [0, 0, 0, amount, 0]
    case 'clawBack':
      return [0, 0, 0, 0, -amount]
    case 'merge':
      return undefined
  }
}
