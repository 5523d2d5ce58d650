import type { Program } from '../programs/program.ts'
import type { PublishedSet } from '../programs/rule-sets.ts'
import type { Received } from './item.ts'
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
export const chooseSet = (query: ChoiceQuery, received: Received): SetChoice => {
  const { atMs } = received
  const { offline } = received.sale
  const bundle = offline === undefined ? undefined : query.bundles.get(offline.bundle)
  if (bundle === undefined) {
    const set = setInForce(query, atMs, received.quotedAtMs ?? NOW)
    return { set, told: undefined, bundleHeld: offline === undefined }
  }
  const told = loaded(query, bundle.ruleSet)
  const bundleHeld = bundle.validFromMs <= atMs && atMs < bundle.validUntilMs
  return { set: bundleHeld ? told : setInForce(query, atMs, NOW), told, bundleHeld }
}

/** All that has been decided so far. */
const NOW = Number.POSITIVE_INFINITY

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
