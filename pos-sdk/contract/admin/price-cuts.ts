/** Since when a rule cuts prices: what has to be told beside its cut are the 30 days before. Said by engine and console alike. */
import type { Rule } from '@premia/rules'

/** Rules that lower the price of a line, for whoever meets their conditions. */
export const cutsPrices = ({ phase }: Pick<Rule, 'phase'>): boolean => phase === 'price' || phase === 'line'

/** A rule set that was decided to hold from some time on, with those of its rules that are asked for. */
export interface SetPeriod {
  readonly fromMs: number
  /** When it took effect: `fromMs`, or when it was decided if that was later. */
  readonly effectiveMs: number
  readonly rules: readonly string[]
}

/** Since when each rule has been in every set in force; absent where one is not. Periods in the order in which they took effect. */
export const inForceSince = (periods: readonly SetPeriod[]): ReadonlyMap<string, number> => {
  const since = new Map<string, number>()
  let latestMs = Number.NEGATIVE_INFINITY
  for (const { fromMs, effectiveMs, rules } of periods) {
    // What is decided later for an earlier time changes the past alone.
    if (fromMs < latestMs) continue
    latestMs = fromMs
    for (const rule of since.keys()) if (!rules.includes(rule)) since.delete(rule)
    for (const rule of rules) if (!since.has(rule)) since.set(rule, effectiveMs)
  }
  return since
}

/**
 * The local day on which a rule's cut began, or begins: its first day, but not before it was in force. A rule for certain
 * weekdays, hours or dates begins anew each time: what counts are the 30 days before today, in which its own price may have
 * been asked already.
 */
export const cutBegan = (
  { valid, when }: Pick<Rule, 'valid' | 'when'>,
  { inForce, today }: { readonly inForce: string | undefined; readonly today: string },
): string => {
  const began = comesBack(when) ? today : (inForce ?? today)
  const first = valid?.from?.slice(0, 10) ?? began
  return first > began ? first : began
}

const RECURRING: ReadonlySet<string> = new Set(['weekdays', 'hours', 'dates', 'holidays'])

const comesBack = (condition: unknown): boolean =>
  typeof condition === 'object' &&
  condition !== null &&
  Object.entries(condition).some(([key, value]) => RECURRING.has(key) || comesBack(value))
