import './styles/fonts.css'
import './styles/tokens.css'
import './styles/base.css'
import './styles/shell.css'
import './styles/list.css'
import './styles/record.css'
import './styles/print.css'
import { QueryClient, QueryClientProvider } from '@tanstack/preact-query'
import { render } from 'preact'
import { LocationProvider } from 'preact-iso'
import { ApiProblem } from '../kit/ui/api.ts'
import { switchLanguage } from '../kit/ui/language.ts'
import { keepPreferences } from '../kit/ui/preferences.ts'
import { type Language, languages } from '../kit/model/wire.ts'
import { App } from './app.tsx'

const retriesMax = 2

const client = new QueryClient({
  defaultOptions: {
    queries: {
      // What the server refused it will refuse again; silence may be a moment's.
      retry: (failures, error) => error instanceof ApiProblem && error.status === 0 && failures < retriesMax,
      refetchOnWindowFocus: false,
      networkMode: 'always',
    },
  },
})

const start = async (): Promise<void> => {
  const wanted = document.documentElement.lang as Language
  await switchLanguage(languages.includes(wanted) ? wanted : 'pl')
  keepPreferences()
  const root = document.querySelector('#root')
  if (root === null) throw new Error('the page has no root')
  render(
    <QueryClientProvider client={client}>
      <LocationProvider>
        <App />
      </LocationProvider>
    </QueryClientProvider>,
    root,
  )
}
void start()
