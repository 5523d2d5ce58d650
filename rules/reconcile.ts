import type { Award, Outcome } from './outcome.ts'

/** What to book on top of (or, negative, to take off) what a till without connection said. */
export interface Delta {
  readonly same: boolean
  readonly points: readonly { readonly to: Award['to']; readonly pointType: string; readonly points: number }[]
  readonly amountMinor: number
  /**
   * Rules whose effect differs: what they gave more or less, the limit that cut the booking, and the limit that cut or
   * denied the estimate (a till without connection, a quote).
   */
  readonly causes: readonly {
    readonly rule: string
    readonly points: number
    readonly amountMinor: number
    /** Vouchers to take home. */
    readonly vouchers?: number
    readonly limit?: string
    readonly heldBack?: string
  }[]
}

interface Sums {
  points: number
  amountMinor: number
  vouchers: number
  limit: string | undefined
}

const NOTHING: Readonly<Sums> = { points: 0, amountMinor: 0, vouchers: 0, limit: undefined }

const byRule = ({ applied, issues }: Outcome): Map<string, Sums> => {
  const sums = new Map<string, Sums>()
  const of = (rule: string): Sums => {
    const known = sums.get(rule) ?? { ...NOTHING }
    sums.set(rule, known)
    return known
  }
  for (const { rule, points = 0, amountMinor = 0, cut } of applied) {
    const one = of(rule)
    one.points += points
    one.amountMinor += amountMinor
    one.limit = cut?.limit ?? one.limit
  }
  for (const { rule, count } of issues) of(rule).vouchers += count
  return sums
}

/** The difference between an estimate (offline, or a quote) and the booked outcome, with its causes. */
export const reconcile = (estimate: Outcome, booked: Outcome): Delta => {
  const [before, after] = [byRule(estimate), byRule(booked)]
  const causes = [...new Set([...before.keys(), ...after.keys()])].flatMap((rule): Delta['causes'] => {
    const [a, b] = [before.get(rule) ?? NOTHING, after.get(rule) ?? NOTHING]
    const points = b.points - a.points
    const amountMinor = b.amountMinor - a.amountMinor
    const vouchers = b.vouchers - a.vouchers
    if (points === 0 && amountMinor === 0 && vouchers === 0) return []
    const { limit } = b
    const heldBack = a.limit ?? estimate.denied?.find((each) => each.rule === rule)?.limit
    return [
      {
        rule,
        points,
        amountMinor,
        ...(vouchers !== 0 && { vouchers }),
        ...(limit !== undefined && { limit }),
        ...(heldBack !== undefined && heldBack !== limit && { heldBack }),
      },
    ]
  })
  const sums = new Map<string, Delta['points'][number]>()
  const add = (awards: Outcome['awards'], sign: 1 | -1): void => {
    for (const { to, pointType, points } of awards) {
      const key = `${to}|${pointType}`
      sums.set(key, { to, pointType, points: (sums.get(key)?.points ?? 0) + sign * points })
    }
  }
  add(booked.awards, 1)
  add(estimate.awards, -1)
  const points = [...sums.values()].filter((each) => each.points !== 0)
  const amountMinor = booked.totals.reductionMinor - estimate.totals.reductionMinor
  return { same: points.length === 0 && amountMinor === 0 && causes.length === 0, points, amountMinor, causes }
}
