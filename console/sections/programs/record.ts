import type { TimelineEvent } from '../../kit/model/wire.ts'
import type { RuleFace } from '../../kit/server/rule-faces.ts'

/** What the page of one program shows beside its row; written by api.ts, read by page.tsx. */
export interface ProgramRecord {
  readonly noticesToday: number
  /** The last 30 days of the program's zone, oldest first. */
  readonly days: readonly ProgramDay[]
  readonly rules: readonly ProgramRule[]
  readonly outlets: readonly ProgramOutlet[]
  readonly events: readonly TimelineEvent[]
}

export interface ProgramDay {
  readonly date: string
  readonly sales: number
  readonly earned: number
  readonly spent: number
}

export interface ProgramRule extends RuleFace {
  readonly phase: string
}

export interface ProgramOutlet {
  readonly id: string
  readonly code: string
  readonly name: string
  readonly city: string | null
  readonly salesToday: number
  readonly pointsToday: number
  readonly tills: readonly Till[]
}

export interface Till {
  readonly id: string
  readonly name: string
  readonly state: string
  readonly lastContactAt: string | null
  readonly silent: boolean
}
