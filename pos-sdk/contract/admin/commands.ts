import type { ProgramDocument, Rule } from '@premia/rules'
import type { Finding } from '@premia/rules/validate'
import type { Instant, Uuid } from '../ids.ts'

/**
 * All that the console (and set-up tools) send to the engine: `POST /admin/v1/commands/{name}`.
 * `id` is made once by whoever gives the command: the same id and input again answers the first result,
 * the same id with another input answers `command_conflict`. Every command leaves one audit row.
 */
export interface Command<Name extends CommandName = CommandName> {
  readonly id: Uuid
  /** Required where {@link commandScopes} says `program`. */
  readonly program?: Uuid
  /** Required where {@link commandsWithReason} names the command. 3 to 500 characters. */
  readonly reason?: string
  /** Version of the row the actor saw; another one answers `version_conflict`. */
  readonly version?: number
  readonly input: Commands[Name]['input']
}

export interface CommandAnswer<Name extends CommandName = CommandName> {
  readonly id: Uuid
  readonly status: 'done' | 'duplicate'
  readonly result: Commands[Name]['result']
}

/** At most this many rows in an array of a command's input. */
export const commandRowsMax = 500

interface Empty {
  readonly [none: string]: never
}
interface Row {
  readonly row: Uuid
  readonly version: number
}

export interface OutletInput {
  readonly id: Uuid
  readonly code: string
  readonly name: string
  readonly country: string
  readonly type: string
  readonly zone: string
  readonly owner: Uuid
  readonly region?: string
  readonly city?: string
  readonly groups?: readonly string[]
  readonly from: Instant
}

export interface ProductInput {
  readonly id: Uuid
  readonly name: string
  readonly category: string
  readonly producer?: string
  readonly tags?: readonly string[]
  readonly marks?: readonly string[]
  readonly regimeClass?: string
  readonly floorMinor?: number
  readonly codes: readonly { readonly scope: string; readonly code: string }[]
  readonly from: Instant
}

export interface MemberInput {
  readonly id: Uuid
  readonly kind: 'person' | 'company'
  readonly joinedAt: Instant
  readonly joinedOutlet?: Uuid
  readonly tier?: string
  readonly segments?: readonly string[]
  readonly attributes?: Readonly<Record<string, string | number | boolean>>
  readonly person?: {
    readonly id: Uuid
    readonly givenName?: string
    readonly familyName?: string
    readonly phone?: string
    readonly email?: string
    readonly birthDate?: string
    readonly language?: 'pl' | 'en' | 'ro'
    readonly city?: string
  }
  readonly healthConsent?: boolean
  readonly cards: readonly { readonly id: Uuid; readonly number: string; readonly kind: string }[]
}

export interface Commands {
  readonly 'organization.register': {
    input: {
      readonly organizations: readonly {
        readonly id: Uuid
        readonly operator: Uuid
        readonly kind: 'operator' | 'organizer' | 'owner' | 'payer'
        readonly name: string
        readonly country: string
        readonly mark?: string
        readonly colour?: string
        readonly taxId?: string
      }[]
    }
    result: { readonly count: number }
  }
  /** Makes the program with its first published document; state `active`. */
  readonly 'program.create': {
    input: {
      readonly id: Uuid
      readonly organizer: Uuid
      readonly startsAt: Instant
      readonly document: ProgramDocument
    }
    result: Row
  }
  readonly 'program.suspend': { input: Empty; result: Row }
  readonly 'program.resume': { input: Empty; result: Row }
  readonly 'outlet.register': {
    input: { readonly outlets: readonly OutletInput[] }
    result: { readonly count: number }
  }
  readonly 'program.admit': {
    input: {
      readonly outlets: readonly {
        readonly outlet: Uuid
        readonly from: Instant
        /** Where the date of leaving is known. */
        readonly until?: Instant
        readonly steersPrices: boolean
        readonly stores?: 'all' | 'totals' | 'nothing'
      }[]
    }
    result: { readonly count: number }
  }
  readonly 'staff.register': {
    input: {
      readonly staff: readonly {
        readonly id: Uuid
        readonly code: string
        readonly name: string
        readonly outlet: Uuid
        readonly from: Instant
        /** Where the date of leaving is known. */
        readonly until?: Instant
        readonly role?: 'staff' | 'manager'
      }[]
    }
    result: { readonly count: number }
  }
  /** Answers one enrolment code a terminal; it works once, within a day of the engine's clock. */
  readonly 'terminal.register': {
    input: {
      readonly terminals: readonly {
        readonly id: Uuid
        readonly name: string
        readonly outlet: Uuid
        readonly from: Instant
        /** The till whose queue this one may bring to an end. */
        readonly replaces?: Uuid
      }[]
    }
    result: { readonly codes: readonly { readonly terminal: Uuid; readonly code: string }[] }
  }
  readonly 'terminal.quarantine': { input: { readonly terminal: Uuid }; result: Row }
  readonly 'terminal.release': { input: { readonly terminal: Uuid }; result: Row }
  readonly 'terminal.revoke': { input: { readonly terminal: Uuid; readonly fromSequence?: number }; result: Row }
  readonly 'catalogue.import': {
    input: {
      readonly categories: readonly { readonly id: string; readonly parent?: string; readonly name: string }[]
      readonly products: readonly ProductInput[]
    }
    result: { readonly count: number }
  }
  readonly 'law.import': {
    input: {
      readonly regimes: readonly {
        readonly country: string
        readonly outletType: string
        readonly regimeClass: string
        readonly from: Instant
        readonly mayEarn: boolean
        readonly mayDiscount: boolean
        readonly mayCount: boolean
        readonly source: string
      }[]
    }
    result: { readonly count: number }
  }
  /** Publishes the whole list of rules in force from an instant (the past only for a program without postings). */
  readonly 'rules.publish': {
    input: { readonly rules: readonly { readonly name: string; readonly rule: Rule }[]; readonly from: Instant }
    /** `findings`: what the author should look at, although the rules are valid and now published. */
    result: { readonly ruleSet: string; readonly rules: number; readonly findings: readonly Finding[] }
  }
  readonly 'member.enrol': { input: { readonly members: readonly MemberInput[] }; result: { readonly count: number } }
  readonly 'card.block': { input: { readonly card: Uuid }; result: Row }
  readonly 'card.unblock': { input: { readonly card: Uuid }; result: Row }
  readonly 'voucher.issue': {
    input: {
      readonly vouchers: readonly {
        readonly id: Uuid
        readonly code: string
        readonly kind: string
        readonly valueMinor: number
        readonly member?: Uuid
        readonly expiresAt?: Instant
      }[]
    }
    result: { readonly count: number }
  }
  readonly 'reward.register': {
    input: {
      readonly rewards: readonly {
        readonly id: Uuid
        readonly name: string
        readonly kind: string
        readonly pointType: string
        readonly points: number
        readonly stock: readonly { readonly outlet: Uuid; readonly onHand: number }[]
      }[]
    }
    result: { readonly count: number }
  }
  /** Counts the rollups of one business day again from the booked documents. */
  readonly 'rollup.rebuild': { input: { readonly date: string }; result: { readonly documents: number } }
}
export type CommandName = keyof Commands

/** What a command belongs to: one program's rows, or the operator's. */
export const commandScopes: { readonly [N in CommandName]: 'program' | 'operator' } = {
  'organization.register': 'operator',
  'program.create': 'operator',
  'program.suspend': 'program',
  'program.resume': 'program',
  'outlet.register': 'operator',
  'program.admit': 'program',
  'staff.register': 'operator',
  'terminal.register': 'operator',
  'terminal.quarantine': 'operator',
  'terminal.release': 'operator',
  'terminal.revoke': 'operator',
  'catalogue.import': 'operator',
  'law.import': 'operator',
  'rules.publish': 'program',
  'member.enrol': 'program',
  'card.block': 'program',
  'card.unblock': 'program',
  'voucher.issue': 'program',
  'reward.register': 'program',
  'rollup.rebuild': 'program',
}

export const commandsWithReason: readonly CommandName[] = [
  'program.suspend',
  'program.resume',
  'terminal.quarantine',
  'terminal.release',
  'terminal.revoke',
  'card.block',
  'card.unblock',
]

/** Questions only the engine can answer, because it holds the key of the card tokens: `POST /admin/v1/queries/{name}`. */
export interface Queries {
  readonly 'card.find': {
    input: { readonly number: string }
    result: {
      readonly cards: readonly {
        readonly program: Uuid
        readonly card: Uuid
        readonly member: Uuid
        readonly state: string
      }[]
    }
  }
}
export type QueryName = keyof Queries
