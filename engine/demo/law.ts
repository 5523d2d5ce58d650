import type { Commands } from '@premia/pos-sdk/contract/admin'
import type { Instant } from '@premia/pos-sdk/contract/till'

export type Regime = Commands['law.import']['input']['regimes'][number]

const polishDrugs = 'Prawo farmaceutyczne z 6.09.2001, art. 94a'
const polishReimbursement = 'Ustawa refundacyjna z 12.05.2011, art. 49 ust. 3'
const polishSobriety = 'Ustawa z 26.10.1982 o wychowaniu w trzeźwości, art. 13¹'
const polishTobacco = 'Ustawa z 9.11.1995 o ochronie zdrowia przed następstwami używania tytoniu, art. 8'
const romanianHealth = 'Legea nr. 95/2006 privind reforma în domeniul sănătății, titlul XVIII'
const romanianTobacco = 'Legea nr. 457/2004 privind publicitatea pentru produsele din tutun'
const infants = 'Rozporządzenie (UE) 2016/127, art. 10 · Regulamentul (UE) 2016/127, art. 10'
const unknownInPharmacy = 'Produkt spoza katalogu może być lekiem na receptę · produsul poate fi pe rețetă'

const all = 'earn discount count'
const rows: readonly (readonly [country: string, type: string, regimeClass: string, may: string, source: string])[] = [
  ['PL', 'pharmacy', 'general', all, polishDrugs],
  ['PL', 'pharmacy', 'medicine', all, polishDrugs],
  ['PL', 'pharmacy', 'rx', '', polishDrugs],
  ['PL', 'pharmacy', 'reimbursed', '', polishReimbursement],
  ['PL', 'pharmacy', 'infantFormula', '', infants],
  ['PL', 'pharmacy', 'unknown', '', unknownInPharmacy],
  ['PL', 'shop', 'general', all, 'bez ograniczeń'],
  ['PL', 'shop', 'alcohol', 'discount', polishSobriety],
  ['PL', 'shop', 'tobacco', '', polishTobacco],
  ['PL', 'shop', 'infantFormula', '', infants],
  ['RO', 'pharmacy', 'general', all, romanianHealth],
  ['RO', 'pharmacy', 'medicine', all, romanianHealth],
  ['RO', 'pharmacy', 'rx', '', romanianHealth],
  ['RO', 'pharmacy', 'reimbursed', '', romanianHealth],
  ['RO', 'pharmacy', 'infantFormula', '', infants],
  ['RO', 'pharmacy', 'unknown', '', unknownInPharmacy],
  ['RO', 'shop', 'general', all, 'fără restricții'],
  ['RO', 'shop', 'tobacco', '', romanianTobacco],
  ['RO', 'shop', 'infantFormula', '', infants],
]

/** The legal regimes of the demo's outlets: an example of the data, not legal advice. */
export const regimes = (from: Instant): readonly Regime[] =>
  rows.map(([country, outletType, regimeClass, may, source]) => ({
    country,
    outletType,
    regimeClass,
    from,
    mayEarn: may.includes('earn'),
    mayDiscount: may.includes('discount'),
    mayCount: may.includes('count'),
    source,
  }))

/** What the law of a country allows at a type of outlet, by class: what the demo's tills were told. */
export const lawOf = (country: string, outletType: string) =>
  Object.fromEntries(
    rows
      .filter((row) => row[0] === country && row[1] === outletType)
      .map(([, , regimeClass, may]) => [
        regimeClass,
        { earn: may.includes('earn'), discount: may.includes('discount'), count: may.includes('count') },
      ]),
  )
