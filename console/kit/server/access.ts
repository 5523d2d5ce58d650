import type { Language, Role } from '../model/wire.ts'

/** A program in reach of the request, with what its rows need to be read: currency, zone, scale of its main points. */
export interface ProgramReach {
  readonly programId: number
  readonly publicId: string
  readonly organizerId: string
  readonly name: string
  readonly currency: string
  readonly zone: string
  readonly state: string
  readonly mainPointType: string
  readonly pointScale: number
  readonly pointValueMinor: number
  readonly tiers: Readonly<Record<string, string>>
}

/** Who asks and what they may see: made once a request from checked values, never from what the browser claims. */
export interface Access {
  readonly userId: string
  readonly name: string
  readonly role: Role
  readonly language: Language
  readonly operatorId: string
  /** The one outlet of an outlet's user: every row must belong to it. */
  readonly outletId?: string
  /** Programs of the chosen scope; never empty in a section that belongs to programs. */
  readonly programs: readonly ProgramReach[]
  /** May personal data of members be shown? */
  readonly personal: boolean
  /** May names of staff be shown? An outlet knows its own people. */
  readonly staffNames: boolean
  readonly rights: ReadonlySet<string>
  /** Of local dates in conditions: the programs' zone where they share one, else the user's. */
  readonly zone: string
  readonly nowMs: number
}

export const organizersOf = (access: Access): readonly string[] => [
  ...new Set(access.programs.map((program) => program.organizerId)),
]

export const programOf = (access: Access, programId: number): ProgramReach => {
  const found = access.programs.find((program) => program.programId === programId)
  if (found === undefined) throw new Error('a row of a program outside of the scope was read')
  return found
}
