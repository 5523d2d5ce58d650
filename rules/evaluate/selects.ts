import type { ItemSelector, ItemSet, LineFilter } from '../condition.ts'
import type { LineFacts } from '../sale.ts'

const isEmpty = (set: ItemSet): boolean =>
  set.products === undefined && set.categories === undefined && set.producers === undefined && set.tags === undefined

/** Whether a line carries one of a set's values; an unknown product carries none. */
export const inSet = (set: ItemSet, line: LineFacts): boolean => {
  const { product } = line
  if (product === undefined) return false
  return (
    (set.products?.includes(product.id) ?? false) ||
    (set.categories !== undefined && product.categories.some((category) => set.categories?.includes(category))) ||
    (product.producer !== undefined && (set.producers?.includes(product.producer) ?? false)) ||
    (set.tags !== undefined && product.tags.some((tag) => set.tags?.includes(tag)))
  )
}

/** Whether a line passes the tests of the line itself. */
export const passes = (where: LineFilter, line: LineFacts): boolean =>
  (where.kinds === undefined || where.kinds.includes(line.kind)) &&
  (where.withoutMarks === undefined || !line.marks.some((mark) => where.withoutMarks?.includes(mark))) &&
  (where.unitPriceAtLeastMinor === undefined || line.unitPriceMinor >= where.unitPriceAtLeastMinor) &&
  (where.unitPriceAtMostMinor === undefined || line.unitPriceMinor <= where.unitPriceAtMostMinor) &&
  (where.discounted === undefined || where.discounted === line.reductionMinor > 0) &&
  (where.reimbursed === undefined || where.reimbursed === line.reimbursedMinor > 0)

/** What postings cannot say of a slot: `and`, `except` and `where`. */
export const selectsBesidesKeys = (items: ItemSelector | undefined, line: LineFacts): boolean =>
  items === undefined ||
  ((items.and === undefined || inSet(items.and, line)) &&
    !(items.except !== undefined && inSet(items.except, line)) &&
    (items.where === undefined || passes(items.where, line)))

/** Whether a slot takes a line. */
export const selects = (items: ItemSelector | undefined, line: LineFacts): boolean =>
  items === undefined || ((isEmpty(items) || inSet(items, line)) && selectsBesidesKeys(items, line))
