/** Maxima of one sale and one request. */
export const limits = {
  lines: 2_000,
  cards: 20,
  uses: 50,
  tenders: 20,
  reductionsPerLine: 20,
  adjustments: 50,
  sales: 500,
  bodyBytes: 4 * 1024 * 1024,
} as const
