import { type CatalogueProduct, type Line, productCodes, type Uuid } from '@premia/pos-sdk/contract/till'
import { type Minor, minor } from '@premia/rules'
import type { CatalogueRows, Period } from './directory-rows.ts'

/** What an operator sells, in memory: products by code as of an instant. */
export interface Catalogue {
  readonly categories: readonly { readonly id: string; readonly parent?: string }[]
  /** The product of a line, by its own code, its GTIN or its national code, in this order. */
  product(line: Line, outlet: Uuid, atMs: number): CatalogueProduct | undefined
}

type Version = Period & { readonly product: CatalogueProduct }

/** Codes of the operator and GTINs share one name space, as in the bundle; national and outlets' own codes do not. */
const flatScopes = new Set(['own', 'gtin'])
const nationalScopes = new Set(['BLOZ', 'CIM', 'other'])

export const codeKey = (scope: string, code: string): string => {
  if (flatScopes.has(scope)) return code
  return nationalScopes.has(scope) ? `${scope}:${code}` : `${scope}/${code}`
}

export const makeCatalogue = (rows: CatalogueRows): Catalogue => {
  const ancestors = ancestry(rows.categories)
  const versions = new Map<Uuid, Version[]>()
  for (const row of rows.products) {
    const product: CatalogueProduct = {
      facts: {
        id: row.productId,
        categories: ancestors(row.category),
        ...(row.producer === null ? undefined : { producer: row.producer }),
        tags: [...row.tags].sort(),
      },
      regime: row.regime,
      marks: row.marks,
      ...(row.floorMinor === null ? undefined : { floorMinor: minor(row.floorMinor) satisfies Minor }),
    }
    const version = { fromMs: row.fromMs, untilMs: row.untilMs, product }
    const known = versions.get(row.productId)
    if (known === undefined) versions.set(row.productId, [version])
    else known.push(version)
  }
  const byCode = new Map<string, readonly Version[]>()
  for (const { scope, code, productId } of rows.codes) {
    const found = versions.get(productId)
    if (found !== undefined) byCode.set(codeKey(scope, code), found)
  }
  const hasOutletCodes = rows.codes.some(({ scope }) => !flatScopes.has(scope) && !nationalScopes.has(scope))
  const find = (code: string, atMs: number): CatalogueProduct | undefined => {
    for (const version of byCode.get(code) ?? []) {
      if (version.fromMs <= atMs && atMs < version.untilMs) return version.product
    }
    return undefined
  }
  return {
    categories: rows.categories.map(({ id, parent }) => ({ id, ...(parent === null ? undefined : { parent }) })),
    product: (line, outlet, atMs) => {
      for (const code of productCodes(line)) {
        const found = (hasOutletCodes ? find(`${outlet}/${code}`, atMs) : undefined) ?? find(code, atMs)
        if (found !== undefined) return found
      }
      return undefined
    },
  }
}

const CATEGORY_DEPTH_MAX = 20

/** A category with all its ancestors, nearest first; one array a category, shared by its products. */
export const ancestry = (categories: CatalogueRows['categories']): ((id: string) => readonly string[]) => {
  const parents = new Map(categories.map(({ id, parent }) => [id, parent]))
  const known = new Map<string, readonly string[]>()
  return (id) => {
    const found = known.get(id)
    if (found !== undefined) return found
    const path: string[] = []
    for (
      let each: string | null = id;
      each !== null && path.length < CATEGORY_DEPTH_MAX;
      each = parents.get(each) ?? null
    ) {
      path.push(each)
    }
    known.set(id, path)
    return path
  }
}
