import { useLayoutEffect, useRef } from 'preact/hooks'
import { useShell } from '../kit/ui/shell-context.ts'

/** Whose data are on screen: 3 px in the organizer's colour, striped where there are several. */
export const ScopeBand = () => {
  const { me, programs } = useShell()
  const ids = [...new Set(programs.map((program) => program.organizer))]
  const colours = ids.map((id) => me.organizers.find((organizer) => organizer.id === id)?.colour ?? 'currentColor')
  const stripe = 28
  const stops = colours.map((colour, index) => `${colour} ${index * stripe}px ${(index + 1) * stripe}px`)
  const paint = colours.length === 1 ? (colours[0] ?? '') : `repeating-linear-gradient(90deg, ${stops.join(', ')})`
  const band = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => band.current?.style.setProperty('background', paint), [paint])
  return <div ref={band} class="band" aria-hidden="true" />
}
