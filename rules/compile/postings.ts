import type { ItemSet } from '../condition.ts'
import { KEYS } from '../evaluate/selects.ts'
import type { CompiledRule } from './compiled-rule.ts'

/** From every value that a slot names to the slots that name it: one row of offsets, one of slots. */
export interface Postings {
  readonly products: ReadonlyMap<string, number>
  readonly categories: ReadonlyMap<string, number>
  readonly producers: ReadonlyMap<string, number>
  readonly tags: ReadonlyMap<string, number>
  readonly offsets: Int32Array
  /** Where the slots of accrual rules begin within a value's row: the price phases do not run on a finished sale. */
  readonly accrual: Int32Array
  readonly slots: Int32Array
}

export const buildPostings = (rules: readonly CompiledRule[], firstAccrual: number): Postings => {
  const rows: number[][] = []
  const ids = { products: new Map<string, number>(), categories: new Map(), producers: new Map(), tags: new Map() }
  const add = (map: Map<string, number>, value: string, slot: number): void => {
    const id = map.get(value)
    if (id === undefined) {
      map.set(value, rows.length)
      rows.push([slot])
      return
    }
    const list = rows[id] as number[]
    if (list[list.length - 1] !== slot) list.push(slot)
  }
  let accrualSlot = Number.MAX_SAFE_INTEGER
  for (const { slots, number: rule } of rules) {
    for (const { number, items } of slots) {
      if (number < 0) continue
      if (rule >= firstAccrual) accrualSlot = Math.min(accrualSlot, number)
      for (const field of KEYS) for (const value of (items as ItemSet)[field] ?? []) add(ids[field], value, number)
    }
  }
  return { ...ids, ...layOut(rows, accrualSlot) }
}

const layOut = (rows: readonly number[][], accrualSlot: number): Pick<Postings, 'offsets' | 'accrual' | 'slots'> => {
  const offsets = new Int32Array(rows.length + 1)
  const accrual = new Int32Array(rows.length)
  const slots = new Int32Array(rows.reduce((sum, list) => sum + list.length, 0))
  let offset = 0
  rows.forEach((list, id) => {
    offsets[id] = offset
    slots.set(list, offset)
    const first = list.findIndex((slot) => slot >= accrualSlot)
    accrual[id] = offset + (first < 0 ? list.length : first)
    offset += list.length
  })
  offsets[rows.length] = offset
  return { offsets, accrual, slots }
}
