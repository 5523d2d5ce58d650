import { accrual, rounding } from './vector-cases/accrual.ts'
import { conditions } from './vector-cases/conditions.ts'
import { conflicts } from './vector-cases/conflicts.ts'
import { copayment } from './vector-cases/copayment.ts'
import { items } from './vector-cases/items.ts'
import { limits, offline } from './vector-cases/limits.ts'
import { prices } from './vector-cases/prices.ts'
import { time } from './vector-cases/time.ts'
import type { VectorCase } from './vector-cases/scenes.ts'

/** Every row, by area. */
export const vectorCases = (): VectorCase[] => [
  ...accrual(),
  ...rounding(),
  ...conditions(),
  ...items(),
  ...prices(),
  ...conflicts(),
  ...limits(),
  ...offline(),
  ...time(),
  ...copayment(),
]
