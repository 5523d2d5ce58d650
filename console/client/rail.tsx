import { Layers, Monitor, PanelLeft, ReceiptText, Rows3, Users } from 'lucide-preact'
import type { FunctionComponent } from 'preact'
import { useLocation } from 'preact-iso'
import { words } from '../kit/ui/language.ts'
import { railFolded } from '../kit/ui/preferences.ts'
import { linkTo, useShell } from '../kit/ui/shell-context.ts'

// The icons that sections name.
const icons: Readonly<Record<string, FunctionComponent<{ size: number }>>> = {
  layers: Layers,
  users: Users,
  'receipt-text': ReceiptText,
  monitor: Monitor,
}

/** The menu that the server cut by rights, in groups; empty groups are not there. */
export const Rail = () => {
  const { me, scope } = useShell()
  const { path } = useLocation()
  const text = words.value
  const groups = [...new Set(me.menu.map((entry) => entry.group))]
  const folded = railFolded.value
  return (
    <nav class={`rail ${folded ? 'folded' : ''}`} aria-label={text.shell.menu}>
      <a class="wordmark" href={linkTo('/', { scope })} aria-label="Premia">
        {folded ? 'P' : 'Premia'}
      </a>
      {groups.map((group) => (
        <div key={group} class="group">
          <h2>{text.groups[group] ?? group}</h2>
          {me.menu
            .filter((entry) => entry.group === group)
            .map((entry) => {
              const Icon = icons[entry.icon] ?? Rows3
              const here = path.split('/')[1] === entry.section
              return (
                <a
                  key={entry.section}
                  href={linkTo(`/${entry.section}`, { scope })}
                  aria-current={here ? 'page' : undefined}
                  title={folded ? entry.title : undefined}
                >
                  <Icon size={16} aria-hidden="true" />
                  <span>{entry.title}</span>
                </a>
              )
            })}
        </div>
      ))}
      <button
        type="button"
        class="fold icon-button"
        aria-expanded={!folded}
        aria-label={text.shell.menu}
        onClick={() => {
          railFolded.value = !folded
        }}
      >
        <PanelLeft size={16} aria-hidden="true" />
      </button>
    </nav>
  )
}
