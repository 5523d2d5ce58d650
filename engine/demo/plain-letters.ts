const barred: Readonly<Record<string, string>> = { ł: 'l', Ł: 'L' }

/** Letters without their marks. @example plainLetters('Żółć și țară') // 'Zolc si tara' */
export const plainLetters = (text: string): string =>
  text
    .replaceAll(/[łŁ]/g, (letter) => barred[letter] ?? letter)
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
