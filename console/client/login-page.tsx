import { useEffect, useRef, useState } from 'preact/hooks'
import { ApiProblem, sendJson } from '../kit/ui/api.ts'
import { words } from '../kit/ui/language.ts'
import { LanguageChoice } from './language-choice.tsx'

const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(location.hostname)
const demoLogins = ['operator@demo', 'apteki@demo', 'magazin@demo', 'analyst@demo', 'outlet@demo']

interface LoginProps {
  readonly over: boolean
  readonly onIn: () => Promise<void>
}

/** Over plain HTTP, but for this machine itself, there is no form: a password must not travel. */
export const LoginPage = ({ over, onIn }: LoginProps) => {
  const text = words.value.login
  useEffect(() => {
    document.title = `${text.title} · Premia`
  }, [text])
  return (
    <main class="login">
      <div class="login-slip">
        <p class="wordmark">Premia</p>
        <p class="muted">{text.tagline}</p>
        <h1 class="unseen">{text.title}</h1>
        {over ? <p class="note">{text.over}</p> : null}
        {window.isSecureContext ? <LoginForm onIn={onIn} /> : <p class="note warn">{text.needsHttps}</p>}
        <LanguageChoice />
      </div>
    </main>
  )
}

/** Sends login and password; what went wrong is said in the page's own words. */
const useLogin = (onIn: () => Promise<void>) => {
  const [fault, setFault] = useState('')
  const [busy, setBusy] = useState(false)
  const enter = async (login: string, password: string): Promise<void> => {
    const text = words.value
    setBusy(true)
    setFault('')
    try {
      await sendJson('POST', '/login', { login, password })
      await onIn()
    } catch (error) {
      const status = error instanceof ApiProblem ? error.status : 0
      setFault(
        status === 429 ? text.login.limited : status === 401 || status === 422 ? text.login.wrong : text.error.network,
      )
    } finally {
      setBusy(false)
    }
  }
  return { fault, busy, enter }
}

const LoginForm = ({ onIn }: { readonly onIn: () => Promise<void> }) => {
  const text = words.value.login
  const [login, setLogin] = useState('')
  const [password, setPassword] = useState('')
  const { fault, busy, enter } = useLogin(onIn)
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => field.current?.focus(), [fault])
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void enter(login, password)
      }}
    >
      <label class="field">
        <span>{text.login}</span>
        <input
          ref={field}
          name="login"
          autoComplete="username"
          autoCapitalize="none"
          spellcheck={false}
          required
          value={login}
          onInput={(event) => setLogin(event.currentTarget.value)}
        />
      </label>
      <label class="field">
        <span>{text.password}</span>
        <input
          name="password"
          type="password"
          autoComplete="current-password"
          required
          value={password}
          onInput={(event) => setPassword(event.currentTarget.value)}
        />
      </label>
      <p class="fault" role="alert">
        {fault}
      </p>
      <button type="submit" class="button main wide" disabled={busy}>
        {text.enter}
      </button>
      {isLocal ? (
        <DemoLogins
          onPick={(picked) => {
            setLogin(picked)
            setPassword('premia-demo')
          }}
        />
      ) : null}
    </form>
  )
}

const DemoLogins = ({ onPick }: { readonly onPick: (login: string) => void }) => (
  <details class="demo">
    <summary>{words.value.login.demo}</summary>
    {demoLogins.map((each) => (
      <button key={each} type="button" class="quiet code" onClick={() => onPick(each)}>
        {each}
      </button>
    ))}
  </details>
)
