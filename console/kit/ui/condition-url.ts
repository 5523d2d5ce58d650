import type { Condition } from '../model/condition.ts'

/** The filter of a list as it stands in the address: one AND of parts. Something unreadable counts as one broken part. */
export const partsOf = (text: string | undefined): readonly Condition[] => {
  if (text === undefined || text === '') return []
  try {
    const condition = JSON.parse(text) as Condition
    return 'all' in condition ? condition.all : [condition]
  } catch {
    return [{ field: '?', is: 'empty' }]
  }
}

export const textOfParts = (parts: readonly Condition[]): string | undefined => {
  if (parts.length === 0) return undefined
  return JSON.stringify(parts.length === 1 ? parts[0] : { all: parts })
}
