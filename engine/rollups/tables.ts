/** The rollups of schema `read`: which columns name a row of a business day, and which are sums. */
export interface RollupTable {
  readonly name: string
  /** After program_id and business_date, with SQL types. */
  readonly key: Readonly<Record<string, string>>
  readonly sums: readonly string[]
}

/** None by member: who buys once a day would have a row a sale. `read.daily_member` is a view of the register instead. */
export const rollupTables = {
  outlet: {
    name: 'read.daily_outlet',
    key: { outlet_id: 'uuid' },
    sums: ['sales', 'member_sales', 'gross_minor', 'reduction_minor', 'reimbursed_minor', 'payable_minor', 'points'],
  },
  staff: {
    name: 'read.daily_staff',
    key: { staff_id: 'uuid' },
    sums: ['sales', 'member_sales', 'gross_minor', 'payable_minor', 'points'],
  },
  category: {
    name: 'read.daily_category',
    key: { category_id: 'text' },
    sums: ['lines', 'quantity_milli', 'gross_minor', 'paid_minor', 'points'],
  },
  points: {
    name: 'read.daily_points',
    key: { holder_kind: 'text', point_type: 'text' },
    sums: ['earned', 'redeemed', 'expired', 'adjusted', 'clawed_back'],
  },
} as const satisfies Readonly<Record<string, RollupTable>>

export type RollupName = keyof typeof rollupTables
export const rollupNames = Object.keys(rollupTables) as readonly RollupName[]
