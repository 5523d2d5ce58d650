import type { Acting, CommandName, Commands, Uuid } from '@premia/pos-sdk/contract/admin'
import type { Sql, Tx } from '../../db/pool.ts'
import type { EngineKeys } from '../../keys.ts'

/** What a directory is changed in; engine processes reload that part of the operator's copy. */
export type DirectoryPart = 'programs' | 'outlets' | 'terminals' | 'staff' | 'catalogue' | 'law'

export interface ProgramRow {
  readonly programId: number
  readonly publicId: Uuid
  readonly operator: Uuid
  readonly organizer: Uuid
  readonly currency: string
  readonly zone: string
  readonly state: 'draft' | 'active' | 'suspended' | 'closed'
  readonly version: number
}

/** What one command's work gets besides its input. */
export interface CommandContext {
  readonly tx: Tx
  readonly acting: Acting
  readonly command: Uuid
  readonly keys: EngineKeys
  readonly nowMs: number
  readonly reason: string | undefined
  /** Version of the row that the actor saw. */
  readonly version: number | undefined
}
export interface ProgramContext extends CommandContext {
  readonly program: ProgramRow
}

/** What a command did: its answer, and the row of the audit. Names and numbers of people never stand in `changes`. */
export type Done<N extends CommandName> = DoneWith<Commands[N]['result']>
interface DoneWith<Result> {
  readonly result: Result
  readonly section: string
  readonly row: Uuid
  readonly changes: Readonly<Record<string, readonly [before: unknown, after: unknown]>>
}

/** What happens before the command's database transaction, in one of its own: people live apart from programs. */
export interface Preparation {
  readonly sql: Sql
  readonly program: ProgramRow
  readonly command: Uuid
  readonly keys: EngineKeys
  readonly nowMs: number
}

type Input<N extends CommandName> = Commands[N]['input']

export type Definition<N extends CommandName = CommandName> =
  | {
      readonly name: N
      readonly scope: 'program'
      readonly prepare?: (preparation: Preparation, input: Input<N>) => Promise<void>
      readonly run: (context: ProgramContext, input: Input<N>) => Promise<Done<N>>
    }
  | {
      readonly name: N
      readonly scope: 'operator'
      /** Answers that must not be kept are left out of the audit row and made again for a repeated command. */
      readonly again?: (context: Pick<CommandContext, 'command' | 'keys'>, input: Input<N>) => Commands[N]['result']
      readonly run: (context: CommandContext, input: Input<N>) => Promise<Done<N>>
    }
