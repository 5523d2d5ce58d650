import { canonicalJson } from '@premia/rules'

/** Keys of one shape of object as they came, and sorted once, each with its label. */
interface Shape {
  readonly keys: readonly string[]
  readonly sorted: readonly { readonly key: string; readonly label: string }[]
}

const shapes = new Map<string, Shape>()
/** The evaluator makes some twenty shapes; what has more is not its own, and starts again. */
const SHAPES_MAX = 1_000

const shapeOf = (keys: readonly string[]): Shape['sorted'] => {
  const name = keys.join()
  const known = shapes.get(name)
  // A key may hold a comma: only the very same keys are the same shape.
  if (
    known !== undefined &&
    known.keys.length === keys.length &&
    keys.every((key, index) => key === known.keys[index])
  ) {
    return known.sorted
  }
  const sorted = [...keys].sort().map((key) => ({ key, label: `${JSON.stringify(key)}:` }))
  if (shapes.size >= SHAPES_MAX) shapes.clear()
  shapes.set(name, { keys, sorted })
  return sorted
}

/**
 * The text that `canonicalJson` gives, in about half of the time: an outcome is hashed and stored on the path of every sale,
 * and its objects come in few shapes, whose keys need not be sorted each time.
 */
export const outcomeText = (value: unknown): string => {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value !== 0 ? `${value}` : canonicalJson(value)
  if (Array.isArray(value)) {
    let text = '['
    for (let index = 0; index < value.length; index += 1) {
      text += index === 0 ? outcomeText(value[0]) : `,${outcomeText(value[index])}`
    }
    return `${text}]`
  }
  if (typeof value !== 'object' || value === null) return canonicalJson(value)
  const record = value as Readonly<Record<string, unknown>>
  let text = ''
  for (const { key, label } of shapeOf(Object.keys(record))) {
    const item = record[key]
    if (item !== undefined) text += text === '' ? `${label}${outcomeText(item)}` : `,${label}${outcomeText(item)}`
  }
  return `{${text}}`
}
