import { useState } from 'preact/hooks'

/** How a person likes the columns of one list. Names that a list no longer has are passed over. */
export interface ColumnTaste {
  readonly hidden: readonly string[]
  /** Columns in the order they were put in; those that are not named follow in the section's own. */
  readonly order: readonly string[]
  /** Pixels; a column without any has the section's own width. */
  readonly widths: Readonly<Record<string, number>>
}

export const noTaste: ColumnTaste = { hidden: [], order: [], widths: {} }

const narrowest = 48
const widest = 640

const keyOf = (section: string): string => `premia-columns-${section}`

const isNames = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string')

/** What the browser has kept, or the part of it that still makes sense. */
export const readTaste = (text: string | null): ColumnTaste => {
  let kept: unknown
  try {
    kept = JSON.parse(text ?? '')
  } catch {
    return noTaste
  }
  if (typeof kept !== 'object' || kept === null) return noTaste
  const { hidden, order, widths } = kept as Record<string, unknown>
  const pixels = typeof widths === 'object' && widths !== null ? Object.entries(widths) : []
  return {
    hidden: isNames(hidden) ? hidden : [],
    order: isNames(order) ? order : [],
    widths: Object.fromEntries(
      pixels.filter((entry): entry is [string, number] => typeof entry[1] === 'number' && Number.isFinite(entry[1])),
    ),
  }
}

/** The columns in a person's order. @example orderColumns(['a', 'b', 'c'], ['c']) // ['c', 'a', 'b'] */
export const orderColumns = (available: readonly string[], order: readonly string[]): readonly string[] => [
  ...order.filter((name) => available.includes(name)),
  ...available.filter((name) => !order.includes(name)),
]

/** One column a place up or down. @example moveColumn(['a', 'b', 'c'], 'b', 1) // ['a', 'c', 'b'] */
export const moveColumn = (columns: readonly string[], name: string, by: -1 | 1): readonly string[] => {
  const at = columns.indexOf(name)
  const other = columns[at + by]
  return at < 0 || other === undefined ? columns : columns.with(at, other).with(at + by, name)
}

export const widened = (taste: ColumnTaste, name: string, pixels: number): ColumnTaste => ({
  ...taste,
  widths: { ...taste.widths, [name]: Math.round(Math.min(widest, Math.max(narrowest, pixels))) },
})

/** Kept in the browser, a section at a time. */
export const useColumnTaste = (section: string): readonly [ColumnTaste, (taste: ColumnTaste) => void] => {
  const [taste, setTaste] = useState(() => readTaste(localStorage.getItem(keyOf(section))))
  return [
    taste,
    (next) => {
      localStorage.setItem(keyOf(section), JSON.stringify(next))
      setTaste(next)
    },
  ]
}
