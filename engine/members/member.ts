import type { Uuid } from '@premia/pos-sdk/contract/till'

/** A member's row while a batch holds it. `visits` and `lastSaleAtMs` are carried from sale to sale. */
export interface MemberRow {
  readonly memberId: Uuid
  readonly kind: 'person' | 'company'
  readonly state: 'active' | 'blocked' | 'left' | 'merged' | 'erased'
  readonly tier: string | null
  readonly mergedInto: Uuid | null
  readonly segments: readonly string[]
  readonly attributes: Readonly<Record<string, string | number | boolean>>
  /** Month and day, `MM-DD`. */
  readonly birthDay: string | null
  visits: number
  lastSaleAtMs: number | null
  changed: boolean
}

export interface CardRow {
  readonly cardId: Uuid
  readonly token: string
  readonly kind: string
  readonly state: 'active' | 'blocked' | 'lost' | 'replaced' | 'expired'
  readonly memberId: Uuid
  readonly expiresAtMs: number | null
}

/** Tier and attributes of a member in [from, until). */
export interface MemberPeriod {
  readonly fromMs: number
  readonly untilMs: number
  readonly tier: string | null
  readonly attributes: Readonly<Record<string, string | number | boolean>>
}

/** Whether a local date is the birthday; who was born on 29 February has it on 28 February in other years. */
export const isBirthday = (birthDay: string | null, localDate: string): boolean => {
  if (birthDay === null) return false
  const today = localDate.slice(5)
  if (today === birthDay) return true
  if (birthDay !== '02-29' || today !== '02-28') return false
  const year = Number(localDate.slice(0, 4))
  return !((year % 4 === 0 && year % 100 !== 0) || year % 400 === 0)
}
