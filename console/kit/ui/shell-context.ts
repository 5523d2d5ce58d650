import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { MeAnswer, OrganizerInfo, ProgramInfo } from '../model/wire.ts'

/** What every page of the shell knows: the person, and whose data are on screen. */
export interface Shell {
  readonly me: MeAnswer
  /** Id of an organizer or program; undefined: all in reach. */
  readonly scope: string | undefined
  /** Programs of the scope. */
  readonly programs: readonly ProgramInfo[]
  /** Of dates in filters: the programs' zone where they share one. */
  readonly zone: string
  /** Several programs are on screen: rows say whose they are. */
  readonly mixed: boolean
  /** The programs' clocks differ: an instant says which one it is read from. */
  readonly zoned: boolean
}

export const ShellContext = createContext<Shell | undefined>(undefined)

export const useShell = (): Shell => {
  const shell = useContext(ShellContext)
  if (shell === undefined) throw new Error('a page stands outside of the shell')
  return shell
}

export const programInfo = (me: MeAnswer, id: string | undefined): ProgramInfo | undefined =>
  me.programs.find((program) => program.id === id)

export const organizerOf = (me: MeAnswer, program: ProgramInfo | undefined): OrganizerInfo | undefined =>
  me.organizers.find((organizer) => organizer.id === program?.organizer)

/** An address inside the console that keeps the scope. */
export const linkTo = (path: string, params: Readonly<Record<string, string | undefined>>): string => {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(params)) if (value !== undefined && value !== '') search.set(name, value)
  const text = search.toString()
  return text === '' ? path : `${path}?${text}`
}
