/** A receipt's number as typed, and as tills print it: in capitals, without the gaps that a screen puts in. */
export const receiptSpellings = (text: string): string[] => [
  ...new Set([text, text.toUpperCase(), text.replaceAll(/\s/g, '').toUpperCase()]),
]
