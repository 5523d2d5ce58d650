import { ChevronsUpDown } from 'lucide-preact'
import { useLocation } from 'preact-iso'
import { useId, useLayoutEffect, useRef } from 'preact/hooks'
import type { OrganizerInfo } from '../kit/model/wire.ts'
import { words } from '../kit/ui/language.ts'
import { linkTo, useShell } from '../kit/ui/shell-context.ts'

/** Organizer → program. Hidden where there is nothing to choose; the name of the scope stays. */
export const ScopeSwitcher = () => {
  const { me, scope } = useShell()
  const { path, query, route } = useLocation()
  const id = useId()
  const menu = useRef<HTMLDivElement>(null)
  const text = words.value.shell
  const organizer = me.organizers.find((each) => each.id === scope)
  const program = me.programs.find((each) => each.id === scope)
  const only = me.programs.length === 1 ? me.programs[0] : undefined
  const whole = me.outlet?.name ?? allLabel(me.organizers, text.allPrograms)
  const label = program?.name ?? organizer?.name ?? (me.outlet === undefined ? only?.name : undefined) ?? whole
  if (me.programs.length < 2) return <p class="scope-name">{label}</p>
  const choose = (next: string | undefined): void => {
    menu.current?.hidePopover()
    // A record belongs to a scope: another one begins at its list.
    const [, section = ''] = path.split('/')
    route(linkTo(`/${section}`, { scope: next, filter: query['filter'], sort: query['sort'] }))
  }
  return (
    <>
      <button type="button" class="scope-button" popovertarget={id} aria-label={`${text.scope}: ${label}`}>
        <span>{label}</span>
        <ChevronsUpDown size={14} aria-hidden="true" />
      </button>
      <div id={id} ref={menu} popover="auto" class="popover menu scope-menu" aria-label={text.chooseScope}>
        <Choice label={whole} current={scope === undefined} onPick={() => choose(undefined)} />
        {me.organizers.map((each) => (
          <div key={each.id} class="scope-group">
            {me.organizers.length > 1 ? (
              <Choice label={each.name} organizer={each} current={scope === each.id} onPick={() => choose(each.id)} />
            ) : null}
            {me.programs
              .filter((candidate) => candidate.organizer === each.id)
              .map((candidate) => (
                <Choice
                  key={candidate.id}
                  label={candidate.name}
                  detail={candidate.currency}
                  current={scope === candidate.id}
                  onPick={() => choose(candidate.id)}
                />
              ))}
          </div>
        ))}
      </div>
    </>
  )
}

const allLabel = (organizers: readonly OrganizerInfo[], all: string): string =>
  organizers.length === 1 ? (organizers[0]?.name ?? all) : all

interface ChoiceProps {
  readonly label: string
  readonly detail?: string
  readonly organizer?: OrganizerInfo
  readonly current: boolean
  readonly onPick: () => void
}

const Choice = ({ label, detail, organizer, current, onPick }: ChoiceProps) => {
  const swatch = useRef<HTMLSpanElement>(null)
  useLayoutEffect(() => swatch.current?.style.setProperty('background', organizer?.colour ?? ''), [organizer])
  return (
    <button type="button" class="menu-item" aria-current={current ? 'true' : undefined} onClick={onPick}>
      {organizer === undefined ? <span class="swatch none" /> : <span ref={swatch} class="swatch" />}
      <span>{label}</span>
      {detail === undefined ? null : <span class="unit">{detail}</span>}
    </button>
  )
}
