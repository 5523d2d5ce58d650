import { useQuery, useQueryClient } from '@tanstack/preact-query'
import { useEffect } from 'preact/hooks'
import type { MeAnswer } from '../kit/model/wire.ts'
import { ApiProblem, csrf, getJson, sessionOver } from '../kit/ui/api.ts'
import { language } from '../kit/ui/language.ts'
import { Failure } from '../kit/ui/states.tsx'
import { Toasts } from '../kit/ui/toasts.tsx'
import { LoginPage } from './login-page.tsx'
import { ShellPage } from './shell-page.tsx'

/** The shell for who is logged in, the login for everyone else; the address stays, so that one comes back to it. */
export const App = () => {
  const client = useQueryClient()
  const me = useQuery({
    queryKey: ['me', language.value],
    queryFn: () => getJson<MeAnswer>('/me', { language: language.value }),
    placeholderData: (previous) => previous,
    staleTime: 60_000,
    refetchInterval: 300_000,
  })
  useEffect(() => {
    if (me.data !== undefined) csrf.value = me.data.csrf
  }, [me.data])
  const out = sessionOver.value || (me.error instanceof ApiProblem && me.error.status === 401)
  return (
    <>
      {out ? (
        <LoginPage
          over={me.data !== undefined}
          onIn={async () => {
            sessionOver.value = false
            client.clear()
            await client.invalidateQueries()
          }}
        />
      ) : me.data !== undefined ? (
        <ShellPage me={me.data} />
      ) : me.error === null ? null : (
        <Failure error={me.error} again={() => void me.refetch()} />
      )}
      <Toasts />
    </>
  )
}
