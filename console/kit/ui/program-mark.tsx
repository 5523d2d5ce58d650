import { useLayoutEffect, useRef } from 'preact/hooks'
import { organizerOf, programInfo, useShell } from './shell-context.ts'

interface MarkProps {
  readonly program: string | undefined
  /** The row is the program itself, which has its name in a column of its own. */
  readonly nameless: boolean
}

/** Whose row it is: the program's name in its organizer's colour, or the organizer's short mark. */
export const ProgramMark = ({ program, nameless }: MarkProps) => {
  const { me } = useShell()
  const found = programInfo(me, program)
  const organizer = organizerOf(me, found)
  const colour = organizer?.colour ?? ''
  const element = useRef<HTMLSpanElement>(null)
  useLayoutEffect(() => element.current?.style.setProperty('--organizer', colour), [colour])
  return (
    <span ref={element} class="mark" title={`${organizer?.name ?? ''} · ${found?.name ?? ''}`}>
      {nameless ? <abbr>{organizer?.mark}</abbr> : found?.name}
    </span>
  )
}
