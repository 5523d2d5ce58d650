import type { MemberInput } from '@premia/pos-sdk/contract/admin'
import { plainLetters } from '../plain-letters.ts'
import type { Random } from '../random.ts'
import { polishAdjectives, polishMen, polishPlain, polishWomen } from './polish-names.ts'
import { romanianFamilies, romanianMen, romanianWomen } from './romanian-names.ts'

export type Person = NonNullable<MemberInput['person']>
type PersonName = { readonly givenName: string; readonly familyName: string }

/** A name that fits a Polish woman or man. */
const polishName = (random: Random): PersonName => {
  const woman = random.percent(56)
  const adjective = random.percent(55)
  const family = adjective ? random.pick(polishAdjectives) : random.pick(polishPlain)
  const familyName = adjective && woman ? `${family.slice(0, -1)}a` : family
  return { givenName: random.pick(woman ? polishWomen : polishMen), familyName }
}

const romanianName = (random: Random): PersonName => ({
  givenName: random.pick(random.percent(54) ? romanianWomen : romanianMen),
  familyName: random.pick(romanianFamilies),
})

export const personName = (country: 'PL' | 'RO', random: Random): PersonName =>
  country === 'PL' ? polishName(random) : romanianName(random)

/** Letters an address may have. @example mailLetters('Żółć') // 'zolc' */
const mailLetters = (text: string): string =>
  plainLetters(text)
    .replaceAll(/[^A-Za-z]/g, '')
    .toLowerCase()

const two = (value: number): string => String(value).padStart(2, '0')

/** Name, phone, e-mail, birth date: what a person may have given at enrolment, with the usual gaps. */
export const drawPerson = (
  id: Person['id'],
  { country, city, number }: { readonly country: 'PL' | 'RO'; readonly city: string; readonly number: number },
  random: Random,
): Person => {
  const name = personName(country, random)
  const digits = String((number * 7919 + random.below(7000)) % 10_000_000).padStart(7, '0')
  const year = 1938 + Math.floor((random.below(70) + random.below(70)) / 2)
  const mail = `${mailLetters(name.givenName)}.${mailLetters(name.familyName)}${number}@${country === 'PL' ? 'poczta' : 'posta'}.example`
  return {
    id,
    ...name,
    language: country === 'PL' ? 'pl' : 'ro',
    city,
    ...(random.percent(92) ? { phone: country === 'PL' ? `+4899${digits}` : `+40799${digits.slice(1)}` } : {}),
    ...(random.percent(71) ? { email: mail } : {}),
    ...(random.percent(84) ? { birthDate: `${year}-${two(random.between(1, 12))}-${two(random.between(1, 28))}` } : {}),
  }
}
