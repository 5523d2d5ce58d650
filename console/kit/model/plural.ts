// Counted nouns, whole phrases: the kit never builds a sentence from parts.
const rules = {
  pl: new Intl.PluralRules('pl'),
  ro: new Intl.PluralRules('ro'),
}
const numbers = {
  pl: new Intl.NumberFormat('pl-PL', { useGrouping: 'always' } as Intl.NumberFormatOptions),
  en: new Intl.NumberFormat('en-GB'),
  ro: new Intl.NumberFormat('ro-RO', { useGrouping: 'always' } as Intl.NumberFormatOptions),
}

/** @example countEn(2, 'sale', 'sales') // '2 sales' */
export const countEn = (n: number, one: string, other: string): string =>
  `${numbers.en.format(n)} ${n === 1 ? one : other}`

/** 1 paragon, 2–4 paragony, 5+ paragonów. @example countPl(22, 'paragon', 'paragony', 'paragonów') // '22 paragony' */
export const countPl = (n: number, ...[one, few, many]: readonly [one: string, few: string, many: string]): string => {
  const rule = rules.pl.select(n)
  return `${numbers.pl.format(n)} ${rule === 'one' ? one : rule === 'few' ? few : many}`
}

/** From 20 on Romanian counts with "de". @example countRo(20, 'bon', 'bonuri') // '20 de bonuri' */
export const countRo = (n: number, one: string, other: string): string => {
  const rule = rules.ro.select(n)
  const text = numbers.ro.format(n)
  return rule === 'one' ? `${text} ${one}` : rule === 'few' ? `${text} ${other}` : `${text} de ${other}`
}
