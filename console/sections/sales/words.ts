import type { TextsOf } from '../../kit/model/texts.ts'
import type { Beneficiary } from './record.ts'
import type { sales } from './section.ts'

/** Words of a sale's own page. */
interface SaleWords {
  readonly receipt: {
    readonly title: string
    readonly kinds: Readonly<Record<'receipt' | 'invoice' | 'simplifiedInvoice', string>>
    readonly isReturn: string
    readonly total: string
    readonly redacted: string
    readonly namesKept: string
    readonly line: (n: number) => string
    readonly gross: string
    readonly reduction: string
    readonly reimbursed: string
    readonly lowest: (amount: string) => string
    readonly rounding: string
    readonly payable: string
    readonly tenders: Readonly<Record<string, string>>
    readonly by: Readonly<Record<string, string>>
    readonly why: (points: string, line: number) => string
    readonly nothing: string
  }
  readonly judged: {
    readonly title: string
    readonly to: Readonly<Record<Beneficiary, string>>
    readonly bases: Readonly<Record<string, string>>
    readonly base: (amount: string, basis: string) => string
    readonly whole: (points: string) => string
    readonly cut: (wanted: string) => string
    readonly noMember: string
    readonly noRules: string
    readonly notices: string
    readonly shortfall: (amount: string) => string
    readonly rules: string
    readonly rulesBack: string
  }
  readonly returns: {
    readonly title: string
    readonly count: (n: number) => string
    readonly waits: string
    readonly elsewhere: string
    readonly of: (back: string, sold: string) => string
    readonly lineBack: (back: string, sold: string) => string
    readonly tookBack: string
    readonly sale: string
    readonly unknown: string
    readonly reason: string
    readonly reasons: Readonly<Record<string, string>>
    readonly goods: string
    readonly noGoods: string
    readonly vouchers: string
    readonly owed: (points: string) => string
    readonly uncollected: (points: string) => string
    readonly expired: (points: string) => string
  }
  readonly waiting: {
    readonly title: (n: number) => string
    readonly hint: string
    readonly made: string
  }
  readonly events: {
    readonly made: (till: string) => string
    readonly received: string
    readonly booked: (program: string) => string
    readonly returned: (number: string) => string
  }
}

export type SalesTexts = TextsOf<typeof sales, { readonly sale: SaleWords }>
