import type { Line } from '@premia/pos-sdk/contract/till'
import { type Milli, type Minor, minor, mulDiv, type Ppm } from '@premia/rules'
import { type Assortment, assortment, type DemoProduct } from '../catalogue/product.ts'
import type { DemoOutlet } from '../outlets.ts'
import type { Random } from '../random.ts'

const shelves: Readonly<Record<Assortment, readonly DemoProduct[]>> = {
  pharmacy: shuffled(assortment('pharmacy')),
  prescription: shuffled(assortment('prescription')),
  polishShop: shuffled(assortment('polishShop')),
  romanianShop: shuffled(assortment('romanianShop')),
}

/** The catalogue is sorted by kind; favourites come from all kinds. The last digits of an id are as good as chance. */
function shuffled(products: readonly DemoProduct[]): readonly DemoProduct[] {
  const last = (product: DemoProduct): string => product.id.slice(-12)
  return [...products].sort((a, b) => (last(a) < last(b) ? -1 : 1))
}

const pick = (shelf: Assortment, random: Random): DemoProduct => {
  const products = shelves[shelf]
  const found = products[random.favourite(products.length)]
  if (found === undefined) throw new RangeError(`nothing on the shelf ${shelf}`)
  return found
}

/** How many different things are in a basket of the counter. */
const pharmacySizes = [
  [1, 44],
  [2, 27],
  [3, 15],
  [4, 8],
  [5, 4],
  [6, 2],
] as const
const shopSizes = [
  [1, 14],
  [2, 17],
  [3, 18],
  [4, 15],
  [5, 12],
  [6, 9],
  [7, 7],
  [8, 5],
  [9, 3],
] as const

const quantityOf = (product: DemoProduct, random: Random): Milli => {
  if (product.unit === 'kg') return random.between(180, 2400) as Milli
  if (product.assortment === 'prescription' && random.percent(1)) return 500 as Milli
  const units = product.assortment === 'prescription' || product.assortment === 'pharmacy' ? smallUnits : shopUnits
  return (random.weighted(units) * 1000) as Milli
}
const smallUnits = [
  [1, 86],
  [2, 12],
  [3, 2],
] as const
const shopUnits = [
  [1, 74],
  [2, 18],
  [3, 5],
  [4, 2],
  [6, 1],
] as const

/** What the payer pays, by the level of the national list; the patient pays the rest and all above the limit. */
const payerPart = (product: DemoProduct, quantityMilli: number, grossMinor: number, free: boolean): Minor => {
  const { reimbursed } = product
  if (reimbursed === undefined) return minor(0)
  if (free) return minor(grossMinor)
  const covered = Math.min(grossMinor, mulDiv(reimbursed.limitMinor, quantityMilli, 1000, 'halfUp'))
  const lumpMinor = mulDiv(320, quantityMilli, 1000, 'halfUp')
  switch (reimbursed.level) {
    case 'B':
      return minor(covered)
    case 'R':
      return minor(Math.max(0, covered - lumpMinor))
    case '30':
      return minor(mulDiv(covered, 70, 100, 'halfUp'))
    case '50':
      return minor(mulDiv(covered, 50, 100, 'halfUp'))
  }
}

interface Prescription {
  readonly number: '1' | '2'
  /** Over 65: pays nothing for what the entitlement covers. */
  readonly senior: boolean
  readonly listDate: string
}

const lineOf = (product: DemoProduct, number: number, random: Random, prescription?: Prescription): Line => {
  const quantityMilli = quantityOf(product, random)
  const grossMinor = minor(mulDiv(product.priceMinor, quantityMilli, 1000, 'halfUp'))
  const { gtin, bloz } = product
  const paid =
    prescription === undefined ? minor(0) : payerPart(product, quantityMilli, grossMinor, prescription.senior)
  return {
    number,
    kind: 'goods',
    product: {
      code: product.code,
      ...(gtin === undefined ? {} : { gtin }),
      ...(bloz === undefined ? {} : { nationalCode: { scheme: 'BLOZ', value: bloz } }),
    },
    name: product.name,
    quantityMilli,
    unit: product.unit,
    unitPriceMinor: minor(product.priceMinor),
    grossMinor,
    reductions: [],
    vat: { ratePpm: product.vat.ratePpm as Ppm, code: product.vat.code },
    ...(prescription !== undefined && product.reimbursed !== undefined && paid > 0
      ? {
          reimbursement: {
            payer: 'NFZ',
            amountMinor: paid,
            limitMinor: minor(product.reimbursed.limitMinor),
            level: product.reimbursed.level,
            ...(prescription.senior ? { entitlement: 'S' } : {}),
            listDate: prescription.listDate,
            prescription: prescription.number,
          },
        }
      : {}),
    marks: product.marks,
  }
}

/** Something that is sold but not in the catalogue. */
const strayLine = (number: number, outlet: DemoOutlet, random: Random): Line => {
  const priceMinor = minor(random.between(3, 30) * 100 + 99)
  return {
    number,
    kind: 'goods',
    product: { code: `9${random.between(10_000, 99_999)}` },
    name: outlet.country === 'PL' ? 'ARTYKUŁ SEZONOWY' : 'ARTICOL SEZONIER',
    quantityMilli: 1000 as Milli,
    unit: 'piece',
    unitPriceMinor: priceMinor,
    grossMinor: priceMinor,
    reductions: [],
    vat: { ratePpm: (outlet.country === 'PL' ? 230_000 : 210_000) as Ppm, code: 'A' },
    marks: [],
  }
}

/** Lists of reimbursed medicines change every three months. */
const listDateOf = (date: string): string => {
  const month = Math.floor((Number(date.slice(5, 7)) - 1) / 3) * 3 + 1
  return `${date.slice(0, 4)}-${String(month).padStart(2, '0')}-01`
}

const drawProducts = (outlet: DemoOutlet, random: Random): readonly DemoProduct[] => {
  const own = outlet.type === 'pharmacy' ? 'pharmacy' : outlet.country === 'PL' ? 'polishShop' : 'romanianShop'
  const filled = outlet.type === 'pharmacy' && random.percent(43) ? random.between(1, 3) : 0
  const size = random.weighted(outlet.type === 'pharmacy' ? pharmacySizes : shopSizes)
  const counter = filled > 0 && random.percent(55) ? 0 : size
  const drawn = [
    ...Array.from({ length: filled }, () => pick('prescription', random)),
    ...Array.from({ length: counter }, () => pick(own, random)),
  ]
  return [...new Map(drawn.map((product) => [product.id, product])).values()].slice(0, 9)
}

/** The lines of one basket: one to nine, no product twice. */
export const drawLines = (outlet: DemoOutlet, date: string, random: Random): readonly Line[] => {
  const number = random.percent(12) ? '2' : '1'
  const senior = random.percent(24)
  const lines = drawProducts(outlet, random).map((product, index) =>
    product.assortment === 'prescription'
      ? lineOf(product, index + 1, random, {
          number: index > 0 ? number : '1',
          // Some medicines on the list are sold at the full price: written without reimbursement.
          senior: senior && random.percent(70),
          listDate: listDateOf(date),
        })
      : lineOf(product, index + 1, random),
  )
  return random.percent(0.8) && lines.length < 9 ? [...lines, strayLine(lines.length + 1, outlet, random)] : lines
}
