import type { Slot, Threshold } from '../condition.ts'
import { minor } from '../money.ts'
import type { Applied, LineBases } from '../outcome.ts'
import { points as toPoints } from '../points.ts'
import type { Basis, PointType, ProgramDocument } from '../program.ts'
import type { PointsEffect, Rule } from '../rule.ts'
import type { Beneficiary, EvaluationInput, LineFacts } from '../sale.ts'
import { allocate } from './allocation.ts'
import { mayCount, mayEarn } from './bases.ts'
import { formulaPoints } from './formula.ts'
import { selects } from './selects.ts'

export interface Sheet {
  readonly program: ProgramDocument
  readonly input: EvaluationInput
  readonly bases: readonly LineBases[]
  readonly rank: readonly number[]
}

const basisOf = (bases: LineBases, basis: Basis): number => bases[`${basis}Minor`]

/** Indexes of the lines that a slot takes. */
const slotLines = (sheet: Sheet, slot: Slot | undefined): number[] => {
  const taken: number[] = []
  sheet.input.lines.forEach((line, index) => {
    if (selects(slot?.items, line)) taken.push(index)
  })
  return taken
}

const total = (sheet: Sheet, lines: readonly number[], basis: Basis): number =>
  lines.reduce((sum, index) => sum + basisOf(sheet.bases[index] as LineBases, basis), 0)
const quantity = (sheet: Sheet, lines: readonly number[]): number =>
  lines.reduce((sum, index) => sum + (sheet.input.lines[index] as LineFacts).quantityMilli, 0)

const compare = (sheet: Sheet, lines: readonly number[], threshold: Threshold, sign: 1 | -1): boolean => {
  const reaches = (wanted: number | undefined, actual: number): boolean =>
    wanted === undefined || (actual - wanted) * sign >= 0
  return (
    reaches(threshold.quantityMilli, quantity(sheet, lines)) &&
    reaches(threshold.valueMinor, total(sheet, lines, threshold.basis ?? 'gross')) &&
    reaches(threshold.lines, lines.length) &&
    reaches(threshold.products, new Set(lines.map((index) => sheet.input.lines[index]?.product?.id ?? '')).size)
  )
}

/** How often the rule's fixed effects repeat; 0 when a slot is not filled. */
const times = (sheet: Sheet, rule: Rule): number => {
  const earnsToo = sheet.program.alsoEarns
  let repeats = Number.MAX_SAFE_INTEGER
  for (const slot of rule.slots ?? []) {
    const lines = slotLines(sheet, slot).filter((index) => mayCount(sheet.input.lines[index] as LineFacts, earnsToo))
    if (lines.length === 0) return 0
    if (slot.atLeast !== undefined && !compare(sheet, lines, slot.atLeast, 1)) return 0
    if (slot.atMost !== undefined && !compare(sheet, lines, slot.atMost, -1)) return 0
    if (slot.each !== undefined) {
      const { quantityMilli, valueMinor, basis, atMostTimes } = slot.each
      if (quantityMilli !== undefined) repeats = Math.min(repeats, Math.floor(quantity(sheet, lines) / quantityMilli))
      if (valueMinor !== undefined)
        repeats = Math.min(repeats, Math.floor(total(sheet, lines, basis ?? 'gross') / valueMinor))
      if (atMostTimes !== undefined) repeats = Math.min(repeats, atMostTimes)
    }
  }
  return repeats === Number.MAX_SAFE_INTEGER ? 1 : repeats
}

/** Is there anybody to get points? */
export const hasBeneficiary = (input: EvaluationInput, to: Beneficiary): boolean => {
  switch (to) {
    case 'customer':
      return input.member !== undefined
    case 'staff':
      return input.staff !== undefined
    case 'owner':
      return input.outlet.owner !== undefined
    case 'organizer':
      return true
  }
}

export const pointTypeOf = (program: ProgramDocument, code: string | undefined): PointType => {
  const wanted = code ?? program.mainPointType
  const found = program.pointTypes.find((type) => type.code === wanted)
  if (!found) throw new RangeError(`the program has no point type ${wanted}`)
  return found
}

/** One points effect of a rule whose condition holds. */
export const pointsApplied = (sheet: Sheet, rule: Rule, effect: PointsEffect): Applied | null => {
  const repeats = times(sheet, rule)
  if (repeats === 0 || !hasBeneficiary(sheet.input, effect.to)) return null
  const slot = rule.slots?.find((each) => each.name === effect.of)
  const lines = slotLines(sheet, slot).filter((index) =>
    mayEarn(sheet.input.lines[index] as LineFacts, sheet.program.alsoEarns),
  )
  if (lines.length === 0) return null
  const basis = 'basis' in effect.formula ? effect.formula.basis : 'gross'
  const type = pointTypeOf(sheet.program, effect.pointType)
  const valueMinor = total(sheet, lines, basis)
  const given = formulaPoints(
    effect.formula,
    { valueMinor, quantityMilli: quantity(sheet, lines), times: repeats },
    {
      mode: effect.rounding?.mode ?? type.rounding,
      increment: effect.rounding?.increment ?? 1,
      valueMinor: type.valueMinor,
      unit: 10 ** type.scale,
    },
  )
  if (given <= 0) return null
  const weights = lines.map((index) => basisOf(sheet.bases[index] as LineBases, basis))
  const shares = allocate(
    given,
    weights.some((weight) => weight > 0) ? weights : weights.map(() => 1),
    lines.map((index) => sheet.rank[index] as number),
  )
  return {
    rule: rule.id,
    version: rule.version,
    to: effect.to,
    pointType: type.code,
    basis,
    baseMinor: minor(effect.formula.kind === 'perUnit' ? quantity(sheet, lines) : valueMinor),
    points: toPoints(given),
    pointShares: lines.map((index, i) => ({
      line: (sheet.input.lines[index] as LineFacts).number,
      points: toPoints(shares[i] as number),
    })),
  }
}
