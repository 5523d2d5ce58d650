import type { ItemSelector, ItemSet, LineFilter } from '../condition.ts'
import type { LineFacts } from '../sale.ts'

/** Lists of a set, and what a product has of each. */
export const KEYS = ['products', 'categories', 'producers', 'tags'] as const

/** Whether a set names anything; one that does not takes every line. */
export const hasKeys = (set: ItemSet | undefined): boolean => KEYS.some((key) => set?.[key] !== undefined)

/** Whether a line carries one of a set's values; an unknown product carries none. */
const inSet = ({ products, categories, producers, tags }: ItemSet, { product }: LineFacts): boolean =>
  product !== undefined &&
  (products?.includes(product.id) === true ||
    (product.producer !== undefined && producers?.includes(product.producer) === true) ||
    isAmong(product.categories, categories) ||
    isAmong(product.tags, tags))

const isAmong = (values: readonly string[], named: readonly string[] | undefined): boolean => {
  if (named !== undefined) for (const value of values) if (named.includes(value)) return true
  return false
}

/** Whether a line passes the tests of the line itself; whether it is reduced depends on the phase, see `slots.ts`. */
const passes = (where: LineFilter, line: LineFacts): boolean =>
  (where.kinds === undefined || where.kinds.includes(line.kind)) &&
  (where.withoutMarks === undefined || !line.marks.some((mark) => where.withoutMarks?.includes(mark))) &&
  (where.unitPriceAtLeastMinor === undefined || line.unitPriceMinor >= where.unitPriceAtLeastMinor) &&
  (where.unitPriceAtMostMinor === undefined || line.unitPriceMinor <= where.unitPriceAtMostMinor) &&
  (where.reimbursed === undefined || where.reimbursed === line.reimbursedMinor > 0)

/** What postings cannot say of a slot: `and`, `except` and `where`, save whether a line is reduced already. */
export const selectsBesidesKeys = (items: ItemSelector | undefined, line: LineFacts): boolean =>
  items === undefined ||
  ((items.and === undefined || inSet(items.and, line)) &&
    !(items.except !== undefined && inSet(items.except, line)) &&
    (items.where === undefined || passes(items.where, line)))

/** Whether a slot takes a line, be it reduced already or not. */
export const selects = (items: ItemSelector | undefined, line: LineFacts): boolean =>
  items === undefined || ((!hasKeys(items) || inSet(items, line)) && selectsBesidesKeys(items, line))
