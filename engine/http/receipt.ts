import type { Language } from '@premia/pos-sdk/contract/problems'
import type { ProgramResult } from '@premia/pos-sdk/contract/till'
import type { Program } from '../programs/program.ts'

/** The contract's bounds of what a till prints. */
const LINES_MAX = 20
const SIGNS_MAX = 42

const texts = {
  pl: {
    points: 'Punkty',
    redeemed: 'Wykorzystano',
    clawedBack: 'Cofnięto',
    givenBack: 'Zwrócono',
    debt: 'Do odrobienia',
    balance: 'Saldo',
    pending: 'Oczekuje',
    until: 'ważne do',
  },
  en: {
    points: 'Points',
    redeemed: 'Redeemed',
    clawedBack: 'Taken back',
    givenBack: 'Given back',
    debt: 'Owed',
    balance: 'Balance',
    pending: 'Pending',
    until: 'valid until',
  },
  ro: {
    points: 'Puncte',
    redeemed: 'Folosite',
    clawedBack: 'Retrase',
    givenBack: 'Restituite',
    debt: 'Datorate',
    balance: 'Sold',
    pending: 'În așteptare',
    until: 'valabile până la',
  },
} as const satisfies Record<Language, object>

/** What the customer takes home on paper, in each language of the programs that booked for a member. */
export const receiptTexts = (
  results: readonly ProgramResult[],
  programOf: (result: ProgramResult) => Program | undefined,
): Readonly<Record<string, readonly string[]>> => {
  const receipt: Record<string, string[]> = {}
  for (const result of results) {
    const program = programOf(result)
    if (program === undefined || result.status !== 'booked' || result.member === null) continue
    for (const language of program.document.languages) {
      const lines = (receipt[language] ??= [])
      for (const line of programLines(result, program, language)) {
        if (lines.length < LINES_MAX) lines.push(line.slice(0, SIGNS_MAX))
      }
    }
  }
  return receipt
}

const programLines = (
  result: Extract<ProgramResult, { status: 'booked' | 'waiting' }>,
  program: Program,
  language: Language,
): string[] => {
  const words = texts[language]
  const lines = [program.document.name]
  for (const { pointType, scale, spendable, pending, debt, nextExpiry } of result.balances) {
    const own = result.points.filter((each) => each.to === 'customer' && each.pointType === pointType)
    const say = (points: number): string => decimal(points, scale, language)
    const earned = own.reduce((sum, each) => sum + each.earned, 0)
    const redeemed = own.reduce((sum, each) => sum + each.redeemed, 0)
    if (earned > 0) lines.push(`${words.points}: +${say(earned)}`)
    if (redeemed > 0) lines.push(`${words.redeemed}: -${say(redeemed)}`)
    if (redeemed < 0) lines.push(`${words.givenBack}: +${say(-redeemed)}`)
    const clawedBack = own.reduce((sum, each) => sum + each.clawedBack, 0)
    if (clawedBack > 0) lines.push(`${words.clawedBack}: -${say(clawedBack)}`)
    if (debt > 0) lines.push(`${words.debt}: ${say(debt)}`)
    lines.push(`${words.balance}: ${say(spendable)}`)
    if (pending > 0) lines.push(`${words.pending}: ${say(pending)}`)
    if (nextExpiry !== undefined) lines.push(`${say(nextExpiry.points)} ${words.until} ${nextExpiry.onDate}`)
  }
  return lines
}

/** Points as people write them. */
const decimal = (points: number, scale: number, language: Language): string => {
  if (scale === 0) return String(points)
  const digits = String(Math.abs(points)).padStart(scale + 1, '0')
  const mark = language === 'en' ? '.' : ','
  return `${points < 0 ? '-' : ''}${digits.slice(0, -scale)}${mark}${digits.slice(-scale)}`
}
