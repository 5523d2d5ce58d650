/**
 * Whole points, as people write them, in the smallest part of a point type with `scale` decimals. One way for SQL and JS;
 * six decimals are the most a point type has.
 *
 * @example pointUnits(12.3, 2) // 1230
 */
export const pointUnits = (value: number, scale: number): number => Math.round(value * 1e6) / 10 ** (6 - scale)
