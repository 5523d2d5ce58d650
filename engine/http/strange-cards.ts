import type { ProgramResult, QuotedProgram } from '@premia/pos-sdk/contract/till'

type Judged = Extract<ProgramResult | QuotedProgram, { readonly applied: unknown }>
type Told = ProgramResult | QuotedProgram

const isJudged = (result: Told): result is Judged => 'applied' in result

const judgedOf = (results: readonly Told[]): readonly Judged[] => results.filter(isJudged)

const isUnknown = (result: Judged, card: number): boolean =>
  result.notices.some(({ code, about }) => code === 'card_unknown' && about?.card === card)

/**
 * Where an outlet has several programs, a card belongs to one and is unknown to the others, which book apart and cannot know
 * better. To the till it is unknown when no program of the sale knows it.
 */
export const withoutStrangeCards = <R extends Told>(results: readonly R[]): readonly R[] => {
  const judged = judgedOf(results)
  if (judged.length < 2) return results
  return results.map((result): R => {
    if (!isJudged(result)) return result
    const notices = result.notices.filter(
      ({ code, about }) =>
        code !== 'card_unknown' ||
        about?.card === undefined ||
        judged.every((each) => isUnknown(each, about.card as number)),
    )
    return notices.length === result.notices.length ? result : { ...result, notices }
  })
}

/** The cards, by index, that some program knows, or that none has looked at. */
export const knownCards = (results: readonly Told[], cards: number): readonly number[] => {
  const judged = judgedOf(results)
  return Array.from({ length: cards }, (_, card) => card).filter(
    (card) => judged.length === 0 || !judged.every((each) => isUnknown(each, card)),
  )
}
