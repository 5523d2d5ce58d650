// `contains` and `startsWith` ignore case and diacritics. The database folds with the same two lists (translate), so that
// both sides of a condition agree; letters that fold to two signs (ß) stay as they are.
const latin = (): readonly [string, string] => {
  let from = 'łđøħŧıŋ'
  let to = 'ldohtin'
  for (let code = 0xc0; code < 0x220; code += 1) {
    const letter = String.fromCharCode(code)
    if (letter !== letter.toLowerCase()) continue
    const base = letter.normalize('NFD').replaceAll(/\p{M}/gu, '')
    if (base.length === 1 && base !== letter && base >= 'a' && base <= 'z') {
      from += letter
      to += base
    }
  }
  return [from, to]
}

/** Letters with signs, and what they fold to, at the same positions. */
export const [foldedFrom, foldedTo] = latin()

// Every letter here is one UTF-16 unit.
const fold = new Map(Array.from(foldedFrom, (letter, index) => [letter, foldedTo[index] ?? letter]))

/** @example foldText('Świętosława Țurcanu') // 'swietoslawa turcanu' */
export const foldText = (text: string): string => {
  let result = ''
  for (const letter of text.toLowerCase()) result += fold.get(letter) ?? letter
  return result
}
