/** What happened to one rule, told only when somebody asks for an explanation. */
export type TraceEvent =
  | { readonly kind: 'slotNotFilled'; readonly rule: string; readonly slot: string; readonly why: SlotShortage }
  | { readonly kind: 'noBeneficiary'; readonly rule: string; readonly to: string }
  | { readonly kind: 'excluded'; readonly rule: string; readonly by: string }
  | {
      readonly kind: 'limitUsedUp'
      readonly rule: string
      readonly limit: string
      readonly left: number
      readonly wanted: number
    }
  | {
      readonly kind: 'limitCut'
      readonly rule: string
      readonly limit: string
      readonly left: number
      readonly wanted: number
    }
  | { readonly kind: 'noEffect'; readonly rule: string }
  | { readonly kind: 'groupLost'; readonly rule: string; readonly group: string }
  | { readonly kind: 'groupSearch'; readonly group: string; readonly proven: boolean; readonly nodes: number }

/** What a slot lacks: wanted against actual, in the unit of `of`. */
export interface SlotShortage {
  readonly of: 'quantityMilli' | 'valueMinor' | 'products' | 'lines'
  readonly wanted: number
  readonly actual: number
  readonly side: 'atLeast' | 'atMost' | 'each'
}

/** Takes events in the order in which they happen. */
export type Trace = (event: TraceEvent) => void
