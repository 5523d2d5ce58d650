import type { CommandName, Commands, Queries, QueryName } from '@premia/pos-sdk/contract/admin'
import type { Found, ListRow } from '../model/wire.ts'
import type { Access } from './access.ts'
import type { References } from './references.ts'
import type { Source } from './source.ts'
import type { ScopedTx } from './transaction.ts'

/** Asks the engine what only it can know, in the name of the person and inside their scope. */
export type AskEngine = <N extends QueryName>(name: N, input: Queries[N]['input']) => Promise<Queries[N]['result']>

export interface RecordContext {
  readonly tx: ScopedTx
  readonly id: string
  /** The record's row in each program of the scope where it stands; at least one. */
  readonly rows: readonly ListRow[]
  readonly references: References
}
/** An action on a row: what the person gave, checked against its declared fields. */
export interface InputContext {
  readonly tx: ScopedTx
  readonly id: string
  /** Of the command: the same for a repeated one. */
  readonly command: string
  readonly given: Readonly<Record<string, string | number>>
}
export interface FindContext {
  readonly tx: ScopedTx
  readonly text: string
  readonly ask: AskEngine
}

/** What a section has besides the generic routes; all of it under the same scope and rights. */
export interface SectionApi {
  /** What the record page shows beside the facts; its type is the section's own. */
  readonly record?: (context: RecordContext) => Promise<unknown>
  /** What stands beside the whole list; its type is the section's own. */
  readonly aside?: (tx: ScopedTx) => Promise<unknown>
  /** The command's input, for actions whose fields alone are not it. A repeated command must give the same. */
  readonly inputs?: Readonly<Record<string, (context: InputContext) => Promise<Commands[CommandName]['input']>>>
  /** Records that a text of the palette names; at most a handful, in a tenth of a second. */
  readonly find?: (context: FindContext) => Promise<readonly Found[]>
  /** How a `ref` elsewhere shows and offers this section's rows. */
  readonly references?: References
}

export interface SectionModule {
  readonly source: Source
  readonly api: SectionApi
}

export const mayUse = (access: Access, right: string): boolean => access.rights.has(right)
