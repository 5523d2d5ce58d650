import fc from 'fast-check'

/** Cases of a law: `FC_RUNS` sets the nightly size. */
export const runs = (usual = 500): number => Number(process.env['FC_RUNS'] ?? usual)

export const PRODUCTS = ['P1', 'P2', 'P3', 'P4', 'P5']
export const CATEGORIES = ['C1', 'C2', 'C3']
export const PRODUCERS = ['X', 'Y']
export const TAGS = ['new', 'eco']

export const some = <T>(values: readonly T[]): fc.Arbitrary<T[]> => fc.subarray([...values], { minLength: 1 })
/** Present `weight` times for each three times that it is not. */
export const maybe = <T>(arbitrary: fc.Arbitrary<T>, weight = 3): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight, arbitrary })
/** Leaves undefined fields out, as JSON does. */
export const tidy = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as T
export const record = <T extends object>(model: { [K in keyof T]: fc.Arbitrary<T[K] | undefined> }): fc.Arbitrary<T> =>
  fc.record(model as { [K in keyof T]: fc.Arbitrary<T[K]> }).map(tidy) as fc.Arbitrary<T>

export const mostly = fc.constantFrom(true, true, true, true, false)
