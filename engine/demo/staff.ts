import type { Uuid } from '@premia/pos-sdk/contract/till'
import { demoId } from './identity.ts'
import { type DemoOutlet, outlets } from './outlets.ts'
import { personName } from './people/person.ts'
import { randomOf } from './random.ts'

export interface DemoStaff {
  readonly id: Uuid
  /** What they type at the till, PIN and code in one. */
  readonly code: string
  readonly name: string
  readonly outlet: DemoOutlet
  readonly role: 'staff' | 'manager'
}

/** The 48 people at the tills, two an outlet; the first one leads it. */
export const staff: readonly DemoStaff[] = outlets.flatMap((outlet, place) =>
  [0, 1].map((second): DemoStaff => {
    const code = String(1001 + place * 2 + second)
    const { givenName, familyName } = personName(outlet.country, randomOf(`staff:${code}`))
    return {
      id: demoId('staff', code),
      code,
      name: `${givenName} ${familyName}`,
      outlet,
      role: second === 0 ? 'manager' : 'staff',
    }
  }),
)

export const staffOf = (outlet: DemoOutlet): readonly DemoStaff[] => staff.filter((one) => one.outlet === outlet)
