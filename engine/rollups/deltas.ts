import { type RollupName, rollupTables } from './tables.ts'

/** A booked sale or return, as far as rollups count it. */
export interface CountedDocument {
  readonly documentId: string
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
  readonly holder: string
  readonly pointType: string
  readonly amount: number
}

/** A row of a rollup by its columns. Returns count with the opposite sign, but are no sales taken away. */
export type DeltaRow = Readonly<Record<string, string | number>>
export type Deltas = { readonly [N in RollupName]: readonly DeltaRow[] }

/** What documents and postings add to the rollups, each row once. Pure. */
export const countDeltas = (documents: readonly CountedDocument[], postings: readonly CountedPosting[]): Deltas => {
  const sheet = new Sheet()
  for (const document of documents) countDocument(sheet, document)
  for (const posting of postings) countPosting(sheet, posting)
  return sheet.deltas()
}

class Sheet {
  readonly #rows: { readonly [N in RollupName]: Map<string, Record<string, string | number>> } = {
    outlet: new Map(),
    staff: new Map(),
    member: new Map(),
    category: new Map(),
    points: new Map(),
  }

  add(name: RollupName, key: Readonly<Record<string, string>>, amounts: Readonly<Record<string, number>>): void {
    const id = Object.values(key).join(' ')
    const table: { readonly sums: readonly string[] } = rollupTables[name]
    let row = this.#rows[name].get(id)
    if (row === undefined) {
      row = { ...key, ...Object.fromEntries(table.sums.map((column) => [column, 0])) }
      this.#rows[name].set(id, row)
    }
    for (const [column, amount] of Object.entries(amounts)) row[column] = (row[column] as number) + amount
  }

  deltas(): Deltas {
    const list = (name: RollupName): readonly DeltaRow[] => [...this.#rows[name].values()]
    return {
      outlet: list('outlet'),
      staff: list('staff'),
      member: list('member'),
      category: list('category'),
      points: list('points'),
    }
  }
}

const countDocument = (sheet: Sheet, document: CountedDocument): void => {
  const { businessDate: business_date, outlet, staff, member, points } = document
  const sign = document.kind === 'return' ? -1 : 1
  const sales = document.kind === 'return' ? 0 : 1
  const member_sales = member === null ? 0 : sales
  const gross_minor = sign * document.grossMinor
  const payable_minor = sign * document.payableMinor
  sheet.add(
    'outlet',
    { business_date, outlet_id: outlet },
    {
      sales,
      member_sales,
      gross_minor,
      reduction_minor: sign * document.reductionMinor,
      reimbursed_minor: sign * document.reimbursedMinor,
      payable_minor,
      points,
    },
  )
  if (staff !== null) {
    sheet.add('staff', { business_date, staff_id: staff }, { sales, member_sales, gross_minor, payable_minor })
  }
  if (member !== null) {
    sheet.add('member', { business_date, member_id: member }, { sales, gross_minor, payable_minor, points })
  }
  for (const line of document.lines) {
    sheet.add(
      'category',
      { business_date, category_id: line.category },
      {
        lines: sign,
        quantity_milli: sign * line.quantityMilli,
        gross_minor: sign * line.grossMinor,
        paid_minor: sign * line.paidMinor,
        points: line.points,
      },
    )
  }
}

const countPosting = (sheet: Sheet, posting: CountedPosting): void => {
  const { businessDate: business_date, holderKind, holder, pointType, amount } = posting
  if (holderKind === 'staff') sheet.add('staff', { business_date, staff_id: holder }, { points: amount })
  const column = columnOf(posting.kind)
  if (column === undefined) return
  // What leaves an account is told as a positive number in its own column; only adjustments keep their sign.
  const told = column === 'earned' || column === 'adjusted' ? amount : -amount
  sheet.add('points', { business_date, holder_kind: holderKind, point_type: pointType }, { [column]: told })
}

const columnOf = (kind: CountedPosting['kind']): string | undefined => {
  switch (kind) {
    case 'earn':
      return 'earned'
    case 'redeem':
    case 'giveBack':
      return 'redeemed'
    case 'expire':
      return 'expired'
    case 'adjust':
      return 'adjusted'
    case 'clawBack':
      return 'clawed_back'
    case 'merge':
      return undefined
  }
}
