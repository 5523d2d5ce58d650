import type { ItemSet } from '../condition.ts'
import type { ProductFacts } from '../sale.ts'
import type { CompiledRule } from './compiled-rule.ts'

/** From every value that a slot names to the slots that name it: one row of offsets, one of slots. */
export class Postings {
  private readonly ids: readonly [Map<string, number>, Map<string, number>, Map<string, number>, Map<string, number>]
  private readonly offsets: Int32Array
  /** Where the slots of accrual rules begin within a value's row: the price phases do not run on a finished sale. */
  private readonly accrual: Int32Array
  private readonly slots: Int32Array

  constructor(rules: readonly CompiledRule[], firstAccrual: number) {
    const rows: number[][] = []
    const ids = [new Map(), new Map(), new Map(), new Map()] as const satisfies readonly Map<string, number>[]
    let accrualSlot = Number.MAX_SAFE_INTEGER
    const add = (map: Map<string, number>, value: string, slot: number): void => {
      const id = map.get(value)
      if (id === undefined) {
        map.set(value, rows.length)
        rows.push([slot])
      } else if (rows[id]?.at(-1) !== slot) rows[id]?.push(slot)
    }
    for (const { slots, number } of rules) {
      for (const slot of slots) {
        if (slot.number < 0) continue
        if (number >= firstAccrual) accrualSlot = Math.min(accrualSlot, slot.number)
        const items = slot.items as ItemSet
        for (const value of items.products ?? []) add(ids[0], value, slot.number)
        for (const value of items.categories ?? []) add(ids[1], value, slot.number)
        for (const value of items.producers ?? []) add(ids[2], value, slot.number)
        for (const value of items.tags ?? []) add(ids[3], value, slot.number)
      }
    }
    this.ids = ids
    this.offsets = new Int32Array(rows.length + 1)
    this.accrual = new Int32Array(rows.length)
    this.slots = new Int32Array(rows.reduce((sum, row) => sum + row.length, 0))
    let offset = 0
    rows.forEach((row, id) => {
      this.offsets[id] = offset
      this.slots.set(row, offset)
      const first = row.findIndex((slot) => slot >= accrualSlot)
      this.accrual[id] = offset + (first < 0 ? row.length : first)
      offset += row.length
    })
    this.offsets[rows.length] = offset
  }

  get size(): number {
    return this.slots.length
  }

  /** Calls `touch` with every slot that names a value of the product; a slot may come more than once. */
  visit(product: ProductFacts, accrualOnly: boolean, touch: (slot: number) => void): void {
    const [products, categories, producers, tags] = this.ids
    this.row(products.get(product.id), accrualOnly, touch)
    if (categories.size > 0) for (const id of product.categories) this.row(categories.get(id), accrualOnly, touch)
    if (product.producer !== undefined) this.row(producers.get(product.producer), accrualOnly, touch)
    if (tags.size > 0) for (const id of product.tags) this.row(tags.get(id), accrualOnly, touch)
  }

  private row(id: number | undefined, accrualOnly: boolean, touch: (slot: number) => void): void {
    if (id === undefined) return
    const end = this.offsets[id + 1] as number
    for (let at = (accrualOnly ? this.accrual[id] : this.offsets[id]) as number; at < end; at += 1) {
      touch(this.slots[at] as number)
    }
  }
}
