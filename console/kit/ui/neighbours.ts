import type { ListRow } from '../model/wire.ts'

// The rows of the list a record was opened from, so that [ and ] go on to the next one.
let remembered: { readonly section: string; readonly ids: readonly string[] } = { section: '', ids: [] }

export const rememberNeighbours = (section: string, rows: readonly ListRow[]): void => {
  remembered = { section, ids: [...new Set(rows.map((row) => row.id))] }
}

export const neighboursOf = (
  section: string,
  id: string,
): { readonly previous: string | undefined; readonly next: string | undefined } => {
  const at = remembered.section === section ? remembered.ids.indexOf(id) : -1
  return at < 0
    ? { previous: undefined, next: undefined }
    : { previous: remembered.ids[at - 1], next: remembered.ids[at + 1] }
}
