import type { Uuid } from '@premia/pos-sdk/contract/till'
import { demoId } from './identity.ts'

/** What the demo's tills know of the outlet they stand in. */
export interface DemoOutlet {
  readonly id: Uuid
  readonly code: string
  readonly name: string
  readonly country: 'PL' | 'RO'
  readonly type: 'pharmacy' | 'shop'
  readonly zone: string
  readonly currency: 'PLN' | 'RON'
  readonly owner: string
  readonly region: string
  readonly city: string
  readonly groups: readonly string[]
  /** 1 to 3. */
  readonly tills: number
  /** How busy: sales of a plain day. */
  readonly busy: number
  /** Local minutes of the day at which it opens and closes; Sunday is shorter, 0 where closed. */
  readonly opens: number
  readonly closes: number
  readonly sunday: number
}

type Row = readonly [
  code: string,
  name: string,
  owner: string,
  region: string,
  city: string,
  groups: string,
  tills: number,
  busy: number,
]

const pharmacies: readonly Row[] = [
  ['A01', 'Apteka Rumianek Mokotów', 'lipowa', 'Mazowieckie', 'Warszawa', 'miasto premium', 3, 21],
  ['A02', 'Apteka Rumianek Praga', 'lipowa', 'Mazowieckie', 'Warszawa', 'miasto', 2, 15],
  ['A03', 'Apteka Rumianek Pruszków', 'lipowa', 'Mazowieckie', 'Pruszków', 'region', 1, 9],
  ['A04', 'Apteka Rumianek Kazimierz', 'wislana', 'Małopolskie', 'Kraków', 'miasto premium', 3, 18],
  ['A05', 'Apteka Rumianek Nowa Huta', 'wislana', 'Małopolskie', 'Kraków', 'miasto', 2, 14],
  ['A06', 'Apteka Pod Kasztanem', 'kasztan', 'Dolnośląskie', 'Wrocław', 'miasto', 2, 13],
  ['A07', 'Apteka Rumianek Oliwa', 'baltyk', 'Pomorskie', 'Gdańsk', 'miasto', 2, 14],
  ['A08', 'Apteka Rumianek Gdynia Port', 'baltyk', 'Pomorskie', 'Gdynia', 'miasto', 2, 12],
  ['A09', 'Apteka Rumianek Kłodzko', 'sudety', 'Dolnośląskie', 'Kłodzko', 'region', 1, 8],
  ['A10', 'Apteka Rumianek Jelenia Góra', 'sudety', 'Dolnośląskie', 'Jelenia Góra', 'region', 1, 9],
]

const polishShops: readonly Row[] = [
  ['S01', 'Sklep Sąsiad Jeżyce', 'osiedle', 'Wielkopolskie', 'Poznań', 'miasto sklepy', 2, 15],
  ['S02', 'Sklep Sąsiad Rataje', 'osiedle', 'Wielkopolskie', 'Poznań', 'miasto sklepy', 2, 13],
  ['S03', 'Spiżarnia Ursynów', 'spizarnia', 'Mazowieckie', 'Warszawa', 'miasto sklepy', 3, 17],
  ['S04', 'Spiżarnia Piaseczno', 'spizarnia', 'Mazowieckie', 'Piaseczno', 'region sklepy', 1, 9],
  ['S05', 'Sklep Rynek Wieliczka', 'rynek', 'Małopolskie', 'Wieliczka', 'region sklepy', 1, 8],
  ['S06', 'Sklep Rynek Bochnia', 'rynek', 'Małopolskie', 'Bochnia', 'region sklepy', 1, 7],
]

const romanianShops: readonly Row[] = [
  ['R01', 'Cireșul Mănăștur', 'carpati', 'Cluj', 'Cluj-Napoca', 'oras', 2, 13],
  ['R02', 'Cireșul Gheorgheni', 'carpati', 'Cluj', 'Cluj-Napoca', 'oras', 2, 11],
  ['R03', 'Cireșul Brașov Centru', 'carpati', 'Brașov', 'Brașov', 'oras premium', 2, 12],
  ['R04', 'Cireșul Titan', 'dunarea', 'București', 'București', 'oras premium', 3, 16],
  ['R05', 'Cireșul Drumul Taberei', 'dunarea', 'București', 'București', 'oras', 2, 13],
  ['R06', 'Cireșul Suceava', 'bucovina', 'Suceava', 'Suceava', 'regiune', 1, 8],
  ['R07', 'Cireșul Rădăuți', 'bucovina', 'Suceava', 'Rădăuți', 'regiune', 1, 6],
  ['R08', 'Cireșul Constanța Faleză', 'marea', 'Constanța', 'Constanța', 'oras', 2, 11],
]

const outletOf = (
  [code, name, owner, region, city, groups, tills, busy]: Row,
  type: 'pharmacy' | 'shop',
  country: 'PL' | 'RO',
): DemoOutlet => ({
  id: demoId('outlet', code),
  code,
  name,
  country,
  type,
  zone: country === 'PL' ? 'Europe/Warsaw' : 'Europe/Bucharest',
  currency: country === 'PL' ? 'PLN' : 'RON',
  owner,
  region,
  city,
  groups: groups.split(' '),
  tills,
  busy,
  opens: (type === 'pharmacy' ? 8 : 6) * 60 + (tills === 1 ? 30 : 0),
  closes: (type === 'pharmacy' ? 20 : 22) * 60 - (tills === 1 ? 60 : 0),
  // Sunday trade is forbidden to Polish shops on most Sundays; pharmacies of the big towns and Romanian shops are open.
  sunday: country === 'PL' && (type === 'shop' || tills === 1) ? 0 : 17 * 60,
})

/** The 24 outlets: ten pharmacies and six shops in Poland, eight shops in Romania. */
export const outlets: readonly DemoOutlet[] = [
  ...pharmacies.map((row) => outletOf(row, 'pharmacy', 'PL')),
  ...polishShops.map((row) => outletOf(row, 'shop', 'PL')),
  ...romanianShops.map((row) => outletOf(row, 'shop', 'RO')),
]

/** A till of the demo. */
export interface DemoTerminal {
  readonly id: Uuid
  readonly name: string
  readonly outlet: DemoOutlet
  /** The fiscal printer's unique number. */
  readonly fiscalDevice: string
}

export const terminals: readonly DemoTerminal[] = outlets.flatMap((outlet) =>
  Array.from({ length: outlet.tills }, (_, index) => {
    const key = `${outlet.code}-${index + 1}`
    const place = outlets.indexOf(outlet) * 10 + index
    return {
      id: demoId('terminal', key),
      name: `${outlet.country === 'PL' ? 'Kasa' : 'Casa'} ${index + 1} ${outlet.code}`,
      outlet,
      fiscalDevice: outlet.country === 'PL' ? `ZBK${2_101_000_000 + place * 317}` : `2000${300_000 + place * 173}`,
    }
  }),
)
