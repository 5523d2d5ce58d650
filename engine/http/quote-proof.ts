import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Sale, Uuid } from '@premia/pos-sdk/contract/till'
import type { NamedQuote } from '../batcher/item.ts'
import type { EngineKeys } from '../keys.ts'

/** A quote holds so long. */
export const quoteLifeMs = 15 * 60_000

/**
 * What proves a quote, so that none is stored: its id is a UUIDv7 of ours, whose time says when it was given, and its
 * digest is a MAC over id and terminal. The rules that were known at that time are found again in the two times of
 * `rule_set_period`.
 */
export const quoteDigest = (keys: EngineKeys, quote: Uuid, terminal: Uuid): string =>
  createHmac('sha256', keys.quoteKey).update(`premia-quote-1\n${quote}\n${terminal}\n`).digest('hex')

/** The instant of a quote's id. Only read where the digest has proven that we made it. */
export const quoteTime = (quote: Uuid): number => Number.parseInt(quote.slice(0, 8) + quote.slice(9, 13), 16)

export const isOurs = (keys: EngineKeys, quote: NonNullable<Sale['quote']>, terminal: Uuid): boolean =>
  timingSafeEqual(Buffer.from(quoteDigest(keys, quote.id, terminal)), Buffer.from(quote.digest))

/**
 * The quote that a sale names: while it holds, the rules that were known when it was given judge the sale, whatever was
 * published since. `null` where it names none, or one that we have not given to this terminal.
 */
export const quoteOf = (sale: Pick<Sale, 'quote' | 'terminal'>, atMs: number, keys: EngineKeys): NamedQuote | null => {
  const { quote, terminal } = sale
  if (quote === undefined || !isOurs(keys, quote, terminal)) return null
  const givenMs = quoteTime(quote.id)
  return { givenMs, holds: atMs <= givenMs + quoteLifeMs }
}
