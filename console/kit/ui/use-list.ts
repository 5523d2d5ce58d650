import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/preact-query'
import type { CountAnswer, ListAnswer, NewerAnswer } from '../model/wire.ts'
import { getJson, type Params } from './api.ts'

const pageRows = 100
const newerEveryMs = 5_000

export interface ListQuestion {
  readonly section: string
  readonly scope: string | undefined
  readonly columns: readonly string[]
  /** Compact JSON, or nothing for all rows. */
  readonly filter: string | undefined
  readonly sort: string
}

const paramsOf = ({ scope, filter, sort }: ListQuestion): Params => ({ scope, filter, sort })

/** The pages of a list as far as somebody has scrolled. Old rows stay in sight while new ones are read. */
export const useList = (question: ListQuestion) => {
  const { section, columns } = question
  return useInfiniteQuery({
    queryKey: ['rows', section, paramsOf(question), columns.join(',')],
    queryFn: ({ pageParam }) =>
      getJson<ListAnswer>(`/sections/${section}/rows`, {
        ...paramsOf(question),
        columns: columns.join(','),
        limit: String(pageRows),
        after: pageParam,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  })
}

export const useCount = (question: ListQuestion, exactly: boolean) =>
  useQuery({
    queryKey: ['count', question.section, question.scope, question.filter, exactly],
    queryFn: () =>
      getJson<CountAnswer>(`/sections/${question.section}/count`, {
        scope: question.scope,
        filter: question.filter,
        exactly: exactly ? '1' : undefined,
      }),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  })

/** One probe every five seconds, and only while the page is in sight. */
export const useNewer = (question: ListQuestion, first: string | null | undefined, live: boolean): number => {
  const { data } = useQuery({
    queryKey: ['newer', question.section, paramsOf(question), first],
    queryFn: () =>
      getJson<NewerAnswer>(`/sections/${question.section}/newer`, { ...paramsOf(question), first: first ?? '' }),
    enabled: live && typeof first === 'string',
    refetchInterval: newerEveryMs,
    refetchIntervalInBackground: false,
    staleTime: newerEveryMs,
    retry: false,
  })
  return data?.count ?? 0
}
