import type { Cell, MoneyCell, PointsCell, RefCell } from '../model/wire.ts'

/** Plain text of a cell for a spreadsheet: numbers with a point or comma as the language has it, labels instead of ids. */
export const csvText = (cell: Cell, decimal: ',' | '.'): string => {
  if (cell === null) return ''
  if (typeof cell === 'number') return String(cell)
  if (typeof cell === 'boolean') return cell ? '1' : '0'
  if (typeof cell === 'string') return guarded(cell)
  if (Array.isArray(cell)) return guarded((cell as readonly RefCell[]).map((each) => each.label).join(', '))
  if ('amountMinor' in cell) return scaled((cell as MoneyCell).amountMinor, 2, decimal)
  if ('points' in cell) return scaled((cell as PointsCell).points, (cell as PointsCell).scale, decimal)
  return guarded((cell as RefCell).label)
}

/** A spreadsheet takes a text that begins with one of these for a formula. */
export const guarded = (text: string): string => (/^\s*[=+\-@]|^[\t\r\n]/.test(text) ? `'${text}` : text)

/** @example scaled(-5, 2, ',') // '-0,05' */
const scaled = (units: number, scale: number, decimal: ',' | '.'): string => {
  if (scale === 0) return String(units)
  const digits = String(Math.abs(units)).padStart(scale + 1, '0')
  return `${units < 0 ? '-' : ''}${digits.slice(0, -scale)}${decimal}${digits.slice(-scale)}`
}

/** One line of CSV (RFC 4180) with the separator that the spreadsheets of the language expect. */
export const csvLine = (values: readonly string[], separator: ',' | ';'): string => {
  const quoted = (value: string): string =>
    value.includes(separator) || /["\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value
  return `${values.map(quoted).join(separator)}\r\n`
}
