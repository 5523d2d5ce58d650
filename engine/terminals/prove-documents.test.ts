import { createHash, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto'
import { chainStart } from '@premia/pos-sdk/contract/till'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { forkedDocuments, type Place, proveDocuments } from './prove-documents.ts'

const RUNS = Number(process.env['FC_RUNS'] ?? 500)

/** A document as far as proof goes: what is hashed holds sequence, previous and everything else. */
interface TestDocument extends Place {
  readonly name: string
  readonly body: string
  readonly signature: Buffer
}

const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const stranger = generateKeyPairSync('ed25519').privateKey

const documentOf = (
  place: { readonly sequence: number; readonly previous: string; readonly name: string },
  key: KeyObject = privateKey,
): TestDocument => {
  const body = JSON.stringify(place)
  const hash = createHash('sha256').update(body).digest('hex')
  return { ...place, body, hash, signature: sign(null, Buffer.from(body), key) }
}

/** Signed by the till, sequence 1 to `count`. */
const chainOf = (count: number): TestDocument[] => {
  const chain: TestDocument[] = []
  for (let sequence = 1; sequence <= count; sequence += 1) {
    chain.push(documentOf({ sequence, previous: chain.at(-1)?.hash ?? chainStart, name: `D${sequence}` }))
  }
  return chain
}

const at = (chain: readonly TestDocument[], sequence: number): TestDocument => chain[sequence - 1] as TestDocument

/** Proves and counts the checks. */
const prove = async (documents: readonly TestDocument[], kept: readonly Place[] = []) => {
  let checks = 0
  const proof = await proveDocuments(documents, kept, async ({ body, signature }) => {
    checks += 1
    return verify(null, Buffer.from(body), publicKey, signature)
  })
  const names = (some: readonly TestDocument[]): readonly string[] => some.map(({ name }) => name).sort()
  const forked = names(forkedDocuments(proof.proven, kept))
  return { proven: names(proof.proven), bad: names(proof.bad), forked, checks }
}

describe('a run of documents', () => {
  it('is proven by the signature of its newest', async () => {
    const run = chainOf(5)
    const all = run.map(({ name }) => name)
    expect(await prove(run)).toEqual({ proven: all, bad: [], forked: [], checks: 1 })
  })

  it('is proven in whatever order it came', async () => {
    const [first, second, third, fourth] = chainOf(4) as [TestDocument, TestDocument, TestDocument, TestDocument]
    expect(await prove([third, first, fourth, second])).toMatchObject({ bad: [], forked: [], checks: 1 })
  })

  it('ends at a gap: what is before it has to show a signature of its own', async () => {
    const run = chainOf(6)
    const gap = run.filter(({ sequence }) => sequence !== 3)
    expect(await prove(gap)).toEqual({ proven: gap.map(({ name }) => name), bad: [], forked: [], checks: 2 })
    const forged = { ...at(run, 2), signature: Buffer.alloc(64) }
    expect(await prove([at(run, 1), forged, ...run.slice(3)])).toMatchObject({ bad: ['D2'], checks: 3 })
  })

  it('goes on from what an earlier call has proven, before it and behind it', async () => {
    const run = chainOf(5)
    const late = await prove([at(run, 3)], [at(run, 4)])
    expect(late).toEqual({ proven: ['D3'], bad: [], forked: [], checks: 0 })
    expect(await prove(run.slice(0, 2), run)).toMatchObject({ proven: ['D1', 'D2'], checks: 0 })
    expect(await prove(run.slice(3), run.slice(0, 3))).toMatchObject({ proven: ['D4', 'D5'], forked: [], checks: 1 })
  })
})

describe('without the key', () => {
  it('no changed document gets into the middle of a run', async () => {
    const run = chainOf(5)
    const changed = documentOf({ sequence: 3, previous: at(run, 2).hash, name: 'F3' }, stranger)
    for (const forged of [changed, { ...changed, signature: at(run, 3).signature }]) {
      expect(await prove([at(run, 1), at(run, 2), forged, at(run, 4), at(run, 5)])).toMatchObject({
        proven: ['D1', 'D2', 'D4', 'D5'],
        bad: ['F3'],
      })
    }
  })

  it('no chain of forged documents is proven, however well it hangs together', async () => {
    const run = chainOf(2)
    const third = documentOf({ sequence: 3, previous: at(run, 2).hash, name: 'F3' }, stranger)
    const fourth = documentOf({ sequence: 4, previous: third.hash, name: 'F4' }, stranger)
    expect(await prove([...run, third, fourth])).toEqual({
      proven: ['D1', 'D2'],
      bad: ['F3', 'F4'],
      forked: [],
      checks: 3,
    })
  })

  it('a forged end takes nothing from those before it', async () => {
    const run = chainOf(3)
    const end = { ...at(run, 3), signature: Buffer.alloc(64, 7) }
    expect(await prove([at(run, 1), at(run, 2), end])).toMatchObject({ proven: ['D1', 'D2'], bad: ['D3'], checks: 2 })
  })

  it('a document that is named at another sequence is not proven by that', async () => {
    const run = chainOf(2)
    const moved = { ...at(run, 1), sequence: 5, name: 'F5', signature: Buffer.alloc(64) }
    expect(await prove([moved, at(run, 2)])).toMatchObject({ proven: ['D2'], bad: ['F5'] })
  })
})

describe('a till that signs two histories', () => {
  it('shows both ends of the fork and what follows it', async () => {
    const run = chainOf(4)
    const other = documentOf({ sequence: 3, previous: at(run, 2).hash, name: 'X3' })
    expect(await prove([...run, other])).toMatchObject({ bad: [], forked: ['D3', 'D4', 'X3'] })
    expect(await prove([other], run)).toMatchObject({ proven: ['X3'], forked: ['X3'] })
  })

  it('shows a document that names another neighbour than the one that is known, and a first one that names any', async () => {
    const run = chainOf(3)
    const stray = documentOf({ sequence: 4, previous: 'ab'.repeat(32), name: 'X4' })
    expect(await prove([stray], run)).toMatchObject({ proven: ['X4'], forked: ['X4'] })
    const first = documentOf({ sequence: 1, previous: 'ab'.repeat(32), name: 'X1' })
    expect(await prove([first])).toMatchObject({ proven: ['X1'], forked: ['X1'] })
  })
})

describe('whatever is forged, lost, repeated and reordered', () => {
  it('nothing is proven that the key has not signed, nor named in what it signed', async () => {
    const run = chainOf(8)
    const signedHashes = new Set(run.map(({ hash }) => hash))
    const arrival = fc.record({
      sequence: fc.integer({ min: 1, max: 8 }),
      as: fc.constantFrom('itself', 'itself', 'itself', 'forged', 'unsigned'),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(arrival, { maxLength: 16 }),
        fc.integer({ min: 1, max: 4 }),
        async (arrivals, calls) => {
          const documents = arrivals.map(({ sequence, as }, index): TestDocument => {
            const real = at(run, sequence)
            if (as === 'itself') return real
            if (as === 'unsigned') return { ...real, signature: Buffer.alloc(64) }
            return documentOf({ sequence, previous: real.previous, name: `F${index}` }, stranger)
          })
          const kept: Place[] = []
          for (let call = 0; call < calls; call += 1) {
            const part = documents.filter((_, index) => index % calls === call)
            const { proven, bad } = await proveDocuments(part, kept, async ({ body, signature }) =>
              verify(null, Buffer.from(body), publicKey, signature),
            )
            expect(proven.length + bad.length).toBe(part.length)
            expect(proven.every(({ hash }) => signedHashes.has(hash))).toBe(true)
            // What carries its own good signature is never called bad.
            expect(bad.every(({ body, signature }) => !verify(null, Buffer.from(body), publicKey, signature))).toBe(
              true,
            )
            kept.push(...proven)
          }
          expect(forkedDocuments(kept as TestDocument[], [])).toEqual([])
        },
      ),
      { numRuns: Math.min(RUNS, 200) },
    )
  })
})
