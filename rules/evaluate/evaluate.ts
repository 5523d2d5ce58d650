import { type RuleSet, SEMANTICS } from '../compile/rule-set.ts'
import { minor } from '../money.ts'
import type { Applied, Award, Outcome } from '../outcome.ts'
import { points } from '../points.ts'
import type { PointsEffect, Rule } from '../rule.ts'
import type { Counters, EvaluationInput } from '../sale.ts'
import { pointsApplied, pointTypeOf, type Sheet } from './accrue.ts'
import { factualBases } from './bases.ts'
import { canonicalRank } from './canonical-order.ts'
import { holds } from './holds.ts'

const inForce = (rule: Rule, input: EvaluationInput): boolean => {
  const minute = input.at.minute
  const two = (value: number): string => String(value).padStart(2, '0')
  const now = `${input.at.date}T${two(Math.floor(minute / 60))}:${two(minute % 60)}`
  const { from, to } = rule.valid ?? {}
  return (from === undefined || now >= from) && (to === undefined || now < to)
}

/** Judges a sale: what each rule gives, what the ledger books, which limits are used. Pure; throws on malformed input only. */
export const evaluate = (ruleSet: RuleSet, input: EvaluationInput, _counters: Counters): Outcome => {
  const rank = canonicalRank(input.lines)
  const sheet: Sheet = { program: ruleSet.program, input, bases: factualBases(input, rank), rank }
  const applied: Applied[] = []
  const awards: Award[] = []
  if (input.kind === 'sale' && input.mayEarn) {
    for (const rule of ruleSet.rules) {
      if (!inForce(rule, input) || (rule.when !== undefined && !holds(rule.when, input))) continue
      for (const effect of rule.then) {
        if (effect.do !== 'points') continue
        const one = pointsApplied(sheet, rule, effect)
        if (one === null) continue
        applied.push(one)
        addAward(awards, sheet, effect, one)
      }
    }
  }
  return {
    schema: 1,
    ruleSet: ruleSet.hash,
    semantics: SEMANTICS,
    lines: sheet.bases,
    steered: [],
    applied,
    awards,
    claims: [],
    issues: [],
    totals: totals(input, sheet),
  }
}

const addAward = (awards: Award[], { program }: Sheet, effect: PointsEffect, one: Applied): void => {
  const type = pointTypeOf(program, effect.pointType)
  const award: Award = {
    to: effect.to,
    pointType: type.code,
    points: one.points ?? points(0),
    activation: effect.activation ?? type.activation,
    expiry: effect.expiry ?? type.expiry,
  }
  const same = awards.findIndex(
    (each) =>
      each.to === award.to &&
      each.pointType === award.pointType &&
      JSON.stringify([each.activation, each.expiry]) === JSON.stringify([award.activation, award.expiry]),
  )
  const before = awards[same]
  if (before === undefined) awards.push(award)
  else awards[same] = { ...before, points: points(before.points + award.points) }
}

const totals = (input: EvaluationInput, { bases }: Sheet): Outcome['totals'] => {
  const sum = (of: (index: number) => number): number => bases.reduce((all, _, index) => all + of(index), 0)
  return {
    grossMinor: minor(sum((index) => bases[index]?.grossMinor ?? 0)),
    reductionMinor: minor(sum((index) => (bases[index]?.grossMinor ?? 0) - (bases[index]?.afterBasketMinor ?? 0))),
    reimbursedMinor: minor(sum((index) => input.lines[index]?.reimbursedMinor ?? 0)),
    paidInMoneyMinor: minor(sum((index) => bases[index]?.paidInMoneyMinor ?? 0)),
  }
}
