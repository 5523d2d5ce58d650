import { type KeyObject, verify } from 'node:crypto'
import { promisify } from 'node:util'
import { signedText } from '@premia/pos-sdk/contract/till'
import { newId } from '../clock.ts'
import { bytesArray, plainArray, textArray } from '../db/arrays.ts'
import type { Tx } from '../db/pool.ts'
import { hashOfSigned, readSigned } from '../ledger/signed.ts'
import type { Inspection } from '../outbox/chain.ts'
import type { At } from '../outbox/drain.ts'
import { forkedDocuments, type Place, placeName, proveDocuments } from './prove-documents.ts'
import { quarantine } from './quarantine.ts'
import { publicKeyOf } from './register.ts'

/**
 * The signatures of booked documents, checked a minute or two after the sale, when the chain links their batches: by then a
 * terminal has made a run of documents, and one check proves all of it (prove-documents.ts says why). Each proven document
 * gets its place in the chain of its key. A signature that does not verify, a key that nobody knows, and documents that
 * contradict each other quarantine the terminal and leave a finding.
 */
interface Document extends Place {
  readonly documentId: string
  readonly terminal: string
  readonly keyId: string
  /** Packed: unpacked again for the few whose own signature is asked for. */
  readonly signed: Buffer
}

/** The documents of one key of one terminal. */
interface Chain {
  readonly terminal: string
  readonly keyId: string
  readonly documents: Document[]
}

interface Suspicion {
  readonly documentId: string
  readonly terminal: string
  readonly code: 'signature_bad' | 'signature_key_unknown' | 'chain_forked'
}

const verifyAsync = promisify(verify)

export const checkSignatures: Inspection = async (tx, at, batches) => {
  const chains = chainsOf(
    await tx<SaleRow[]>`
      SELECT document_id AS "documentId", terminal_id AS terminal, signed FROM loyalty.sale
      WHERE program_id = ${at.programId}
        AND booked_at = ANY(${batches.map(({ bookedAt }) => bookedAt.toISOString())}::timestamptz[])
        AND batch_id = ANY(${batches.map(({ batchId }) => batchId)}::uuid[])`,
  )
  if (chains.length === 0) return
  const keys = await lockKeys(tx, chains)
  const kept = await keptPlaces(tx, chains)
  const places: Document[] = []
  const suspicions: Suspicion[] = []
  for (const chain of chains) {
    const name = nameOf(chain)
    const key = keys.get(name)
    const known = kept.get(name) ?? []
    const { proven, bad } = await proveDocuments(chain.documents, known, async ({ signed }) => isGood(signed, key))
    const suspect = (code: Suspicion['code'], { documentId, terminal }: Document): number =>
      suspicions.push({ documentId, terminal, code })
    for (const document of bad) suspect(key === undefined ? 'signature_key_unknown' : 'signature_bad', document)
    for (const document of forkedDocuments(proven, known)) suspect('chain_forked', document)
    const has = new Set(known.map(placeName))
    places.push(...proven.filter((document) => !has.has(placeName(document))))
  }
  await keepPlaces(tx, places, at.nowMs)
  await tell(tx, at, suspicions)
}

interface SaleRow {
  readonly documentId: string
  readonly terminal: string
  readonly signed: Buffer
}

const nameOf = ({ terminal, keyId }: Pick<Chain, 'terminal' | 'keyId'>): string => `${terminal} ${keyId}`

const chainsOf = (rows: readonly SaleRow[]): readonly Chain[] => {
  const chains = new Map<string, Chain>()
  for (const { documentId, terminal, signed } of rows) {
    const list = readSigned(signed)
    const { keyId, sequence, previous } = list
    const hash = hashOfSigned(list)
    const name = nameOf({ terminal, keyId })
    let chain = chains.get(name)
    if (chain === undefined) chains.set(name, (chain = { terminal, keyId, documents: [] }))
    chain.documents.push({ documentId, terminal, keyId, signed, sequence, previous, hash })
  }
  return [...chains.values()]
}

const isGood = async (signed: Buffer, key: KeyObject | undefined): Promise<boolean> => {
  if (key === undefined) return false
  const { digests, value } = readSigned(signed)
  return verifyAsync(null, Buffer.from(signedText(digests)), key, Buffer.from(value, 'base64url'))
}

/** Making a key object costs a fifth of a check. */
const keyObjects = new Map<string, KeyObject>()
const KEY_OBJECTS_MAX = 20_000
const keyObjectOf = (x: string): KeyObject => {
  const known = keyObjects.get(x)
  if (known !== undefined) return known
  if (keyObjects.size >= KEY_OBJECTS_MAX) keyObjects.clear()
  const made = publicKeyOf(x)
  keyObjects.set(x, made)
  return made
}

/** Locked, because another program's check of the same key must see the places that this one keeps. */
const lockKeys = async (tx: Tx, chains: readonly Chain[]): Promise<ReadonlyMap<string, KeyObject>> => {
  const rows = await tx<{ terminal: string; keyId: string; publicKey: Buffer }[]>`
    SELECT terminal_id AS terminal, key_id AS "keyId", public_key AS "publicKey" FROM directory.terminal_key
    WHERE (terminal_id, key_id) IN (SELECT * FROM unnest(
      ${plainArray(chains.map(({ terminal }) => terminal))}::uuid[], ${textArray(chains.map(({ keyId }) => keyId))}::text[]))
    ORDER BY terminal_id, key_id FOR NO KEY UPDATE`
  return new Map(rows.map((row) => [nameOf(row), keyObjectOf(row.publicKey.toString('base64url'))]))
}

/** Places within the reach of each unbroken range of sequences, its neighbours included. */
const keptPlaces = async (tx: Tx, chains: readonly Chain[]): Promise<ReadonlyMap<string, readonly Place[]>> => {
  const ranges = chains.flatMap((chain) => rangesOf(chain.documents).map((range) => ({ ...chain, ...range })))
  const rows = await tx<{ terminal: string; keyId: string; sequence: number; hash: Buffer; previous: Buffer }[]>`
    SELECT DISTINCT r.terminal, r.key AS "keyId", d.sequence, d.document_hash AS hash, d.previous_hash AS previous
    FROM unnest(${plainArray(ranges.map(({ terminal }) => terminal))}::uuid[],
      ${textArray(ranges.map(({ keyId }) => keyId))}::text[], ${plainArray(ranges.map(({ first }) => first - 1))}::bigint[],
      ${plainArray(ranges.map(({ last }) => last + 1))}::bigint[]) AS r (terminal, key, first, last)
    CROSS JOIN LATERAL (
      SELECT sequence, document_hash, previous_hash FROM directory.terminal_document t
      WHERE t.terminal_id = r.terminal AND t.key_id = r.key AND t.sequence BETWEEN r.first AND r.last
      ORDER BY sequence) AS d`
  const kept = new Map<string, Place[]>()
  for (const row of rows) {
    const place = { sequence: row.sequence, hash: row.hash.toString('hex'), previous: row.previous.toString('hex') }
    const name = nameOf(row)
    const known = kept.get(name)
    if (known === undefined) kept.set(name, [place])
    else known.push(place)
  }
  return kept
}

const rangesOf = (documents: readonly Document[]): readonly { readonly first: number; readonly last: number }[] => {
  const ranges: { first: number; last: number }[] = []
  for (const sequence of documents.map((each) => each.sequence).sort((a, b) => a - b)) {
    const range = ranges.at(-1)
    if (range !== undefined && sequence <= range.last + 1) range.last = sequence
    else ranges.push({ first: sequence, last: sequence })
  }
  return ranges
}

/** A document booked in several programs has one place. */
const keepPlaces = async (tx: Tx, places: readonly Document[], nowMs: number): Promise<void> => {
  if (places.length === 0) return
  await tx`
    INSERT INTO directory.terminal_document (terminal_id, key_id, sequence, document_id, document_hash, previous_hash,
      checked_at)
    SELECT t, k, n, d, h, p, ${new Date(nowMs)} FROM unnest(
      ${plainArray(places.map(({ terminal }) => terminal))}::uuid[], ${textArray(places.map(({ keyId }) => keyId))}::text[],
      ${plainArray(places.map(({ sequence }) => sequence))}::bigint[],
      ${plainArray(places.map(({ documentId }) => documentId))}::uuid[],
      ${bytesArray(places.map(({ hash }) => hash))}::bytea[], ${bytesArray(places.map(({ previous }) => previous))}::bytea[])
      AS i (t, k, n, d, h, p)
    ORDER BY t, k, n, h ON CONFLICT DO NOTHING`
}

const tell = async (tx: Tx, { programId, nowMs }: At, suspicions: readonly Suspicion[]): Promise<void> => {
  if (suspicions.length === 0) return
  const rows = suspicions.map(({ documentId, code }) => ({ finding_id: newId(nowMs), document_id: documentId, code }))
  await tx`
    INSERT INTO loyalty.finding (program_id, finding_id, document_id, code, severity, found_at)
    SELECT ${programId}, finding_id, document_id, code, 'warn', ${new Date(nowMs)}
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) AS i (finding_id uuid, document_id uuid, code text)`
  const first = new Map(suspicions.map((each) => [each.terminal, each] as const).reverse())
  for (const terminal of [...first.keys()].sort((a, b) => (a < b ? -1 : 1))) {
    const { code, documentId } = first.get(terminal) as Suspicion
    await quarantine(tx, { terminal, reason: `${code} at document ${documentId}`, nowMs })
  }
}
