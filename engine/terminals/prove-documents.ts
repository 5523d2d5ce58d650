import { chainStart } from '@premia/pos-sdk/contract/till'

/**
 * Which documents of one key are proven to be the key holder's, with as few Ed25519 checks as that takes: one costs 0.13 ms,
 * as much as all other work after commit together.
 *
 * A signature covers the list of a document's digests, and the first digest is that of its header, which names `sequence` and
 * `previous`: the hash of the list that the same key signed before. The engine computes digests, hash, sequence and
 * `previous` itself, from the very document it booked. So when document n + 1 is proven and its `previous` is the hash of
 * document n, then whoever holds the key has signed the hash of n, and n is his to the last byte: another n with the same
 * hash would be a second preimage of SHA-256. By induction one good signature proves the whole unbroken run behind it, and
 * of each run only the newest has to be checked. A till takes `previous` from what it signed itself and from nowhere else
 * (pos-sdk/chain.ts), so naming a document is as good as signing it.
 *
 * What follows from it:
 * - Nobody without the key can put a document into a run. A changed one has another hash, so the next does not name it: the
 *   run ends there, and what is before the gap has to show a good signature of its own.
 * - A bad signature on the newest proves nothing about those before it: the one before is checked next, and so on.
 * - A document without a proven successor is checked by its own signature, as if there were no runs. Gaps, late arrivals and
 *   sales that go to different programs cost checks, never trust.
 * - Proof may come from an earlier call: places that were kept are those of proven documents alone, and each tells the hash
 *   of its predecessor. A document that is kept is proven, whoever brings it again.
 * - The 64 bytes stored with a document inside a run may be wrong without anybody noticing. They are not what proves it: the
 *   next document's are, and those are kept as long.
 * Rows of our own database are believed here, as they were before; that nobody changes them is the chain of batches' matter.
 */
export interface Place {
  readonly sequence: number
  /** Hex, as `previous`. */
  readonly hash: string
  readonly previous: string
}

export interface Proof<D extends Place> {
  /** Newest first. */
  readonly proven: readonly D[]
  readonly bad: readonly D[]
}

/** Within one key. */
export const placeName = ({ sequence, hash }: Pick<Place, 'sequence' | 'hash'>): string => `${sequence} ${hash}`
const predecessorName = ({ sequence, previous }: Place): string => placeName({ sequence: sequence - 1, hash: previous })

/** `kept`: proven places near the documents. `verify` is asked for those whose own signature has to tell. */
export const proveDocuments = async <D extends Place>(
  documents: readonly D[],
  kept: readonly Place[],
  verify: (document: D) => Promise<boolean>,
): Promise<Proof<D>> => {
  const vouchedFor = new Set<string>()
  for (const place of kept) vouchedFor.add(placeName(place)).add(predecessorName(place))
  const proven: D[] = []
  const bad: D[] = []
  for (const document of [...documents].sort((a, b) => b.sequence - a.sequence)) {
    // One after the other, so that no more than one core is taken from the sales.
    if (!vouchedFor.has(placeName(document)) && !(await verify(document))) bad.push(document)
    else {
      proven.push(document)
      vouchedFor.add(placeName(document)).add(predecessorName(document))
    }
  }
  return { proven, bad }
}

/**
 * Proven documents of one key that contradict another one it signed: two at one sequence, or a neighbour that names another
 * predecessor. A gap is no contradiction: what a program does not book is not seen here.
 */
export const forkedDocuments = <D extends Place>(proven: readonly D[], kept: readonly Place[]): readonly D[] => {
  const at = new Map<number, Place[]>()
  for (const place of [...kept, ...proven]) {
    const same = at.get(place.sequence)
    if (same === undefined) at.set(place.sequence, [place])
    else same.push(place)
  }
  const some = (sequence: number, contradicts: (other: Place) => boolean): boolean =>
    at.get(sequence)?.some(contradicts) ?? false
  return proven.filter(
    ({ sequence, hash, previous }) =>
      (sequence === 1 && previous !== chainStart) ||
      some(sequence, (other) => other.hash !== hash) ||
      some(sequence - 1, (other) => other.hash !== previous) ||
      some(sequence + 1, (other) => other.previous !== hash),
  )
}
