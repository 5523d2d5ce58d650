import type { Uuid } from '@premia/pos-sdk/contract/till'
import type { PointType, ProgramDocument } from '@premia/rules'
import { SeenPrices } from '../prices/seen.ts'
import type { Admission, ProgramConfiguration, ProgramRow } from './directory-rows.ts'
import { type PublishedSet, publishedSet } from './rule-sets.ts'

/** A program's configuration in memory, of one `config_version`. Its state is not here: each batch reads it. */
export interface Program extends Omit<ProgramRow, 'name'> {
  readonly document: ProgramDocument
  readonly documents: ReadonlyMap<number, ProgramDocument>
  readonly pointTypes: ReadonlyMap<string, PointType>
  /** The assignment of an outlet that contains an instant. */
  admission(outlet: Uuid, atMs: number): Admission | undefined
  /** Hash of the set in force at an instant, as it was decided by `knownMs`; `null` before the first one. */
  setInForce(atMs: number, knownMs: number): string | null
  /** What judges where no set is in force: nothing gives anything. */
  readonly emptySet: PublishedSet
  /** Prices that this process has told the record. */
  readonly seenPrices: SeenPrices
}

export const makeProgram = (row: ProgramRow, configuration: ProgramConfiguration): Program => {
  const { documents, sets, admissions } = configuration
  const document = documents.get(Math.max(...documents.keys()))
  if (document === undefined) throw new Error(`program ${row.programId} has no published document`)
  return {
    ...row,
    document,
    documents,
    pointTypes: new Map(document.pointTypes.map((type) => [type.code, type])),
    admission: (outlet, atMs) =>
      admissions.get(outlet)?.find(({ fromMs, untilMs }) => fromMs <= atMs && atMs < untilMs),
    setInForce: (atMs, knownMs) => {
      // Ordered by from, then decided: the last one that fits is the one.
      for (let index = sets.length - 1; index >= 0; index -= 1) {
        const set = sets[index] as (typeof sets)[number]
        if (set.fromMs <= atMs && set.decidedMs <= knownMs) return set.hash
      }
      return null
    },
    emptySet: publishedSet([], document),
    seenPrices: new SeenPrices(),
  }
}
