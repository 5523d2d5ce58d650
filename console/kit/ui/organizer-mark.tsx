import { useLayoutEffect, useRef } from 'preact/hooks'
import { organizerOf, programInfo, useShell } from './shell-context.ts'

/** The short mark of the organizer whose row it is, with the program's name on hover. */
export const OrganizerMark = ({ program }: { readonly program: string | undefined }) => {
  const { me } = useShell()
  const found = programInfo(me, program)
  const organizer = organizerOf(me, found)
  const colour = organizer?.colour ?? ''
  const element = useRef<HTMLElement>(null)
  useLayoutEffect(() => element.current?.style.setProperty('--organizer', colour), [colour])
  return (
    <abbr ref={element} class="mark" title={`${organizer?.name ?? ''} · ${found?.name ?? ''}`}>
      {organizer?.mark}
    </abbr>
  )
}
