import type { ProgramDocument } from '../program.ts'
import { en } from './en.ts'
import { pl } from './pl.ts'
import { ro } from './ro.ts'
import type { Texts } from './texts.ts'

/** Names of what a rule refers to by code; the code itself is shown where a name is missing. */
export type Names = Readonly<Record<string, string>>

export type SentenceLanguage = 'pl' | 'en' | 'ro'

const LANGUAGES: Readonly<Record<SentenceLanguage, Texts>> = { en, pl, ro }
/** A sentence stays readable: of a long list the first few are named. */
const NAMED_MAX = 4

export const fill = (pattern: string, ...values: readonly string[]): string =>
  pattern.replace(/\{(\d)\}/g, (_, index: string) => values[Number(index)] ?? '')

/** Numbers, dates and names in one language, without any locale of the machine. */
export class Speaker {
  readonly texts: Texts
  private readonly names: Names
  private readonly program: ProgramDocument | undefined

  constructor(language: SentenceLanguage, names: Names, program: ProgramDocument | undefined) {
    this.texts = LANGUAGES[language]
    this.names = names
    this.program = program
  }

  name(code: string): string {
    return this.names[code] ?? code
  }

  /** Codes by their names. */
  list(codes: readonly (string | number)[], word = this.texts.or): string {
    return this.enumerate(
      codes.map((code) => this.name(String(code))),
      word,
    )
  }

  enumerate(texts: readonly string[], word: string): string {
    const more = texts.length > NAMED_MAX ? [`… (${texts.length})`] : []
    return [...texts.slice(0, NAMED_MAX), ...more].reduce((text, each, index, all) =>
      index === all.length - 1 ? `${text}${word}${each}` : `${text}, ${each}`,
    )
  }

  /** A number of parts with its decimals, trailing zeros of a whole left out where `short`. */
  private decimal(value: number, digits: number, short: boolean): string {
    const text = String(value).padStart(digits + 1, '0')
    const whole = text.slice(0, text.length - digits)
    const part = short ? text.slice(text.length - digits).replace(/0+$/, '') : text.slice(text.length - digits)
    const { decimal, group, groupFrom } = this.texts
    const grouped = whole.length < groupFrom ? whole : whole.replace(/\B(?=(\d{3})+$)/g, group)
    return part === '' ? grouped : `${grouped}${decimal}${part}`
  }

  money(minor: number): string {
    const text = this.decimal(minor, 2, false)
    const currency = this.program?.currency
    return currency === undefined ? text : `${text} ${this.texts.signs[currency] ?? currency}`
  }

  percent(ppm: number): string {
    return this.decimal(ppm, 4, true)
  }

  factor(ppm: number): string {
    return this.decimal(ppm, 6, true)
  }

  /** A counted noun in the form that its number asks for. `value` is in parts of 10 to the power of `digits`. */
  counted(noun: keyof Texts['counted'], value: number, digits = 0): string {
    const forms = this.texts.counted[noun]
    const whole = value / 10 ** digits
    const form = Number.isInteger(whole) ? forms[this.texts.plural(whole)] : (forms[3] ?? forms[1])
    return fill(form as string, this.decimal(value, digits, true))
  }

  units(quantityMilli: number): string {
    return this.counted('units', quantityMilli, 3)
  }

  points(points: number, pointType: string | undefined): string {
    const type = this.program?.pointTypes.find(({ code }) => code === (pointType ?? this.program?.mainPointType))
    const scale = type?.scale ?? 0
    const counted = this.counted('points', points, scale)
    // Nobody knows the forms of a name: the points are counted, and the name is said as it is.
    return pointType === undefined ? counted : `${counted} ${fill(this.texts.then.message, this.name(pointType))}`
  }

  /** A local date, `YYYY-MM-DD`. */
  date(date: string): string {
    const [year = '', month, day] = date.split('-')
    return fill(this.texts.date, String(Number(day)), this.texts.months[Number(month) - 1] ?? '', year)
  }

  /** A local moment; midnight goes without saying. */
  moment(moment: string): string {
    const [date = '', time] = moment.split('T')
    return time === '00:00' ? this.date(date) : `${this.date(date)} ${time}`
  }
}
