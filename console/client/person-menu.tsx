import { UserRound } from 'lucide-preact'
import { useId } from 'preact/hooks'
import { sendJson, sessionOver } from '../kit/ui/api.ts'
import { words } from '../kit/ui/language.ts'
import { density, singleKeys, theme } from '../kit/ui/preferences.ts'
import { useShell } from '../kit/ui/shell-context.ts'
import { LanguageChoice } from './language-choice.tsx'

interface SegmentsProps<T extends string> {
  readonly label: string
  readonly value: T
  readonly options: Readonly<Record<T, string>>
  readonly onPick: (value: T) => void
}

const Segments = <T extends string>({ label, value, options, onPick }: SegmentsProps<T>) => (
  <div class="preference">
    <span class="muted">{label}</span>
    <div class="segments" role="group" aria-label={label}>
      {(Object.keys(options) as T[]).map((each) => (
        <button key={each} type="button" aria-pressed={value === each} onClick={() => onPick(each)}>
          {options[each]}
        </button>
      ))}
    </div>
  </div>
)

/** Who is logged in, and how they like it. */
export const PersonMenu = () => {
  const { me } = useShell()
  const id = useId()
  const text = words.value.shell
  const logOut = async (): Promise<void> => {
    await sendJson('POST', '/logout', {})
    sessionOver.value = true
    // A fresh page forgets everything that was read.
    location.assign('/')
  }
  return (
    <>
      <button type="button" class="icon-button" popovertarget={id} aria-label={text.person} title={me.user.name}>
        <UserRound size={17} aria-hidden="true" />
      </button>
      <div id={id} popover="auto" class="popover menu person-menu" aria-label={text.person}>
        <p class="person">
          <strong>{me.user.name}</strong>
          <span class="muted">{me.user.login}</span>
        </p>
        <div class="preference">
          <span class="muted">{text.language}</span>
          <LanguageChoice onChange={(next) => void sendJson('PUT', '/me/language', { language: next })} />
        </div>
        <Segments
          label={text.theme}
          value={theme.value}
          options={text.themes}
          onPick={(next) => {
            theme.value = next
          }}
        />
        <Segments
          label={text.density}
          value={density.value}
          options={text.densities}
          onPick={(next) => {
            density.value = next
          }}
        />
        <Segments
          label={text.singleKeys}
          value={singleKeys.value ? 'on' : 'off'}
          options={{ on: text.on, off: text.off }}
          onPick={(next) => {
            singleKeys.value = next === 'on'
          }}
        />
        <button type="button" class="button wide" onClick={() => void logOut()}>
          {text.logOut}
        </button>
      </div>
    </>
  )
}
