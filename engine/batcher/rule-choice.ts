import type { Program } from '../programs/program.ts'
import type { PublishedSet } from '../programs/rule-sets.ts'
import type { Judged } from './item.ts'
import { Lacking } from './lacking.ts'

export interface BundleRow {
  readonly ruleSet: string
  readonly validFromMs: number
  readonly validUntilMs: number
}

export interface SetChoice {
  /** Judges the sale. */
  readonly set: PublishedSet
  /** What the till had judged with, where it judged alone. */
  readonly told: PublishedSet | undefined
  /** The till's bundle was valid, so its rules are the ones that count. */
  readonly bundleHeld: boolean
  /** What a quote had promised that was over when the sale was made, where the rules have changed since. */
  readonly quoted: PublishedSet | undefined
}

export interface ChoiceQuery {
  readonly program: Program
  readonly bundles: ReadonlyMap<string, BundleRow>
  readonly ruleSet: (hash: string) => PublishedSet | undefined
}

/**
 * Which rules judge: those of the till's bundle where it judged alone and the bundle was valid then; those in force when a
 * quote was given, where the sale names one that still holds; otherwise those in force at the instant of the sale.
 */
export const chooseSet = (query: ChoiceQuery, received: Judged): SetChoice => {
  const { atMs } = received
  const { offline } = received.sale
  const bundle = offline === undefined ? undefined : query.bundles.get(offline.bundle)
  if (bundle === undefined)
    return { ...chooseOnline(query, received), told: undefined, bundleHeld: offline === undefined }
  const told = loaded(query, bundle.ruleSet)
  const bundleHeld = bundle.validFromMs <= atMs && atMs < bundle.validUntilMs
  return { set: bundleHeld ? told : setInForce(query, atMs, NOW), told, bundleHeld, quoted: undefined }
}

/** All that has been decided so far. */
const NOW = Number.POSITIVE_INFINITY

const chooseOnline = (query: ChoiceQuery, { atMs, quote }: Judged): Pick<SetChoice, 'set' | 'quoted'> => {
  const set = setInForce(query, atMs, quote?.holds === true ? quote.givenMs : NOW)
  if (quote === null || quote.holds) return { set, quoted: undefined }
  const quoted = setInForce(query, atMs, quote.givenMs)
  return { set, quoted: quoted === set ? undefined : quoted }
}

const setInForce = (query: ChoiceQuery, atMs: number, knownMs: number): PublishedSet => {
  const hash = query.program.setInForce(atMs, knownMs)
  return hash === null ? query.program.emptySet : loaded(query, hash)
}

const loaded = ({ ruleSet, program }: ChoiceQuery, hash: string): PublishedSet => {
  if (hash === program.emptySet.ruleSet.hash) return program.emptySet
  const set = ruleSet(hash)
  if (set === undefined) throw new Lacking({ ruleSet: hash })
  return set
}
