import { useQuery, useQueryClient } from '@tanstack/preact-query'
import type { SavedView } from '../model/wire.ts'
import { getJson, sendJson } from './api.ts'

export interface Views {
  readonly saved: readonly SavedView[]
  readonly save: (view: Omit<SavedView, 'id'>) => Promise<void>
  readonly remove: (view: SavedView) => Promise<void>
}

/** The person's own views of a section's list. */
export const useViews = (section: string): Views => {
  const client = useQueryClient()
  const queryKey = ['views', section]
  const path = `/sections/${section}/views`
  const { data } = useQuery({ queryKey, queryFn: () => getJson<readonly SavedView[]>(path), staleTime: 300_000 })
  const changed = async (): Promise<void> => await client.invalidateQueries({ queryKey })
  return {
    saved: data ?? [],
    save: async (view) => {
      await sendJson<SavedView>('PUT', path, view)
      await changed()
    },
    remove: async (view) => {
      await sendJson('DELETE', `${path}/${view.id}`)
      await changed()
    },
  }
}
