import type { DemoTerminal } from './outlets.ts'
import type { ChainedSale } from './sales/till.ts'

/** Sales that reach the engine together: by till, each in the order in which it made them. */
export interface Delivery {
  /** The engine's time then. */
  readonly atMs: number
  readonly byTerminal: ReadonlyMap<DemoTerminal, readonly ChainedSale[]>
}

/** Sales of one request. */
const requestMax = 100

/**
 * Sales sorted into deliveries: all that is sent within `stepMs` comes at the end of that step. Most days are told in
 * coarse steps, because a database transaction a sale would take the demo many minutes; the last ones finely.
 */
export const deliveriesOf = (sales: readonly ChainedSale[], stepMs: number): readonly Delivery[] => {
  const steps = new Map<number, ChainedSale[]>()
  for (const sale of sales) {
    const step = Math.floor(sale.sentAtMs / stepMs)
    const group = steps.get(step)
    if (group === undefined) steps.set(step, [sale])
    else group.push(sale)
  }
  return [...steps.entries()]
    .sort(([a], [b]) => a - b)
    .map(([, group]) => ({ atMs: Math.max(...group.map((sale) => sale.sentAtMs)), byTerminal: byTerminal(group) }))
}

const byTerminal = (sales: readonly ChainedSale[]): ReadonlyMap<DemoTerminal, readonly ChainedSale[]> => {
  const groups = new Map<DemoTerminal, ChainedSale[]>()
  for (const sale of sales) {
    const group = groups.get(sale.terminal)
    if (group === undefined) groups.set(sale.terminal, [sale])
    else group.push(sale)
  }
  return groups
}

/** At most a hundred sales a request. */
export const requestsOf = (sales: readonly ChainedSale[]): readonly (readonly ChainedSale[])[] =>
  Array.from({ length: Math.ceil(sales.length / requestMax) }, (_, index) =>
    sales.slice(index * requestMax, (index + 1) * requestMax),
  )
