import { useLayoutEffect, useRef } from 'preact/hooks'
import { organizerOf, programInfo, useShell } from './shell-context.ts'

const initials = (name: string): string =>
  name
    .split(/\s+/)
    .map((word) => word.slice(0, 1))
    .join('')
    .slice(0, 3)
    .toUpperCase()

/** Whose row it is: the organizer's short mark, or the program's initials where one organizer has them all. */
export const OrganizerMark = ({ program }: { readonly program: string | undefined }) => {
  const { me, programs } = useShell()
  const found = programInfo(me, program)
  const organizer = organizerOf(me, found)
  const several = programs.some((each) => each.organizer !== organizer?.id)
  const colour = organizer?.colour ?? ''
  const element = useRef<HTMLElement>(null)
  useLayoutEffect(() => element.current?.style.setProperty('--organizer', colour), [colour])
  return (
    <abbr ref={element} class="mark" title={`${organizer?.name ?? ''} · ${found?.name ?? ''}`}>
      {several ? organizer?.mark : initials(found?.name ?? '')}
    </abbr>
  )
}
