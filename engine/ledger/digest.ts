import { createHash } from 'node:crypto'

/** A document of a batch as the digest sees it. Hashes in hex. */
export interface DigestedDocument {
  readonly documentId: string
  readonly contentHash: string
  readonly outcomeHash: string
}
export interface DigestedPosting {
  readonly documentId: string
  readonly n: number
  readonly kind: string
  readonly accountId: string
  readonly contra: string
  readonly pointType: string
  readonly amount: number
  readonly lotId: string | null
}

/**
 * The digest of a batch: SHA-256 over its documents in id order, each with its postings in their order. It covers digests of
 * what a till said, never the content, so that it still verifies when the content is redacted.
 */
export const batchDigest = (documents: readonly DigestedDocument[], postings: readonly DigestedPosting[]): string => {
  const byDocument = new Map<string, DigestedPosting[]>()
  for (const posting of postings) {
    const list = byDocument.get(posting.documentId)
    if (list === undefined) byDocument.set(posting.documentId, [posting])
    else list.push(posting)
  }
  const hash = createHash('sha256')
  for (const document of [...documents].sort((a, b) => (a.documentId < b.documentId ? -1 : 1))) {
    let text = `D ${document.documentId} ${document.contentHash} ${document.outcomeHash}\n`
    for (const each of (byDocument.get(document.documentId) ?? []).sort((a, b) => a.n - b.n)) {
      text += `P ${each.n} ${each.kind} ${each.accountId} ${each.contra} ${each.pointType} ${each.amount} ${each.lotId ?? '-'}\n`
    }
    hash.update(text)
  }
  return hash.digest('hex')
}
