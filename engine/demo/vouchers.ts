import type { Commands } from '@premia/pos-sdk/contract/admin'
import { type Instant, instantOf, type Uuid } from '@premia/pos-sdk/contract/till'
import { type DemoDay, demoDays } from './days.ts'
import { demoId } from './identity.ts'
import { shoppers } from './people/member.ts'
import { type DemoProgram, programs } from './programs.ts'
import { randomOf } from './random.ts'

export interface DemoVoucher {
  readonly id: Uuid
  readonly program: DemoProgram
  readonly code: string
  readonly kind: string
  readonly valueMinor: number
  /** Absent: whoever holds the leaflet. */
  readonly member?: Uuid
  /** Index of the day before whose opening it is issued, and of the first day on which it is no longer good. */
  readonly issuedDay: number
  readonly endDay: number
}

const kinds: Readonly<
  Record<DemoProgram['key'], { readonly kind: string; readonly prefix: string; readonly valueMinor: number }>
> = {
  pharmacies: { kind: 'KUPON10', prefix: 'APT', valueMinor: 1_000 },
  neighbours: { kind: 'KUPON5', prefix: 'SAS', valueMinor: 500 },
  cherry: { kind: 'CUPON8', prefix: 'CIR', valueMinor: 800 },
}

/** Three series, each good for six weeks. */
const seriesDays = [0, 30, 60]
const leaflets = 60
const goodForDays = 42

const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'

const codeOf = (prefix: string, name: string): string => {
  const random = randomOf(`voucher:${name}`)
  const four = (): string => Array.from({ length: 4 }, () => letters[random.below(letters.length)]).join('')
  return `${prefix}-${four()}-${four()}`
}

const seriesOf = (program: DemoProgram, issuedDay: number): readonly DemoVoucher[] => {
  const { kind, prefix, valueMinor } = kinds[program.key]
  const random = randomOf(`vouchers:${program.key}:${issuedDay}`)
  const chosen = shoppers
    .flatMap((shopper) => shopper.members)
    .filter(
      (member) =>
        member.program === program && member.kind === 'person' && member.joinDay < issuedDay && random.percent(9),
    )
  const voucher = (name: string, member?: Uuid): DemoVoucher => ({
    id: demoId('voucher', name),
    program,
    code: codeOf(prefix, name),
    kind,
    valueMinor,
    ...(member === undefined ? {} : { member }),
    issuedDay,
    endDay: Math.min(issuedDay + goodForDays, demoDays + 30),
  })
  return [
    ...chosen.map((member) => voucher(`${program.key}-${issuedDay}-${member.id}`, member.id)),
    ...Array.from({ length: leaflets }, (_, place) => voucher(`${program.key}-${issuedDay}-leaflet-${place}`)),
  ]
}

/** All vouchers of the demo, in the order in which they are issued. */
export const vouchers: readonly DemoVoucher[] = seriesDays.flatMap((day) =>
  programs.flatMap((program) => seriesOf(program, day)),
)

type VoucherInput = Commands['voucher.issue']['input']['vouchers'][number]

const dayMs = 86_400_000

export const voucherInput = (voucher: DemoVoucher, firstDayMs: number): VoucherInput => {
  const expiresAt: Instant = instantOf(firstDayMs + voucher.endDay * dayMs)
  return {
    id: voucher.id,
    code: voucher.code,
    kind: voucher.kind,
    valueMinor: voucher.valueMinor,
    expiresAt,
    ...(voucher.member === undefined ? {} : { member: voucher.member }),
  }
}

/** Vouchers that are good on a day, by the member who holds them; leaflets under `undefined`. */
export const goodVouchers = (day: DemoDay): ReadonlyMap<Uuid | undefined, readonly DemoVoucher[]> => {
  const held = new Map<Uuid | undefined, DemoVoucher[]>()
  for (const voucher of vouchers) {
    if (voucher.issuedDay > day.index || day.index >= voucher.endDay - 1) continue
    const list = held.get(voucher.member) ?? []
    list.push(voucher)
    held.set(voucher.member, list)
  }
  return held
}
