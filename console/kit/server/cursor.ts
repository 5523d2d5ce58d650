import { Problem } from './problem.ts'

/** The place between two rows: the sort values of the last row, its id and program. Opaque to the browser, checked here. */
export interface Cursor {
  readonly sort: string
  readonly keys: readonly (string | null)[]
  readonly id: string
  readonly program: string | null
}

export const writeCursor = ({ sort, keys, id, program }: Cursor): string =>
  Buffer.from(JSON.stringify([sort, keys, id, program])).toString('base64url')

const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

export const readCursor = (text: string, sort: string): Cursor => {
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
  } catch {
    value = undefined
  }
  if (!Array.isArray(value) || value.length !== 4) throw bad()
  const [madeFor, keys, id, program] = value as unknown[]
  const sound =
    madeFor === sort &&
    Array.isArray(keys) &&
    keys.length === sort.split(',').length &&
    keys.every((key) => key === null || (typeof key === 'string' && key.length <= 300)) &&
    typeof id === 'string' &&
    uuidPattern.test(id) &&
    (program === null || (typeof program === 'string' && uuidPattern.test(program)))
  if (!sound) throw bad()
  return { sort, keys: keys as (string | null)[], id, program }
}

const bad = (): Problem =>
  new Problem('malformed', 'The place to go on from does not belong to this list', {
    errors: [{ path: '/after', message: 'is not a cursor of this list and sort' }],
  })
