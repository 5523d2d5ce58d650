/** Where the requests of the till door go, apart from their schemas, which a till does not need to load. */
export const tillPaths = {
  enrol: { method: 'POST', path: '/v1/terminals/enrol' },
  hello: { method: 'POST', path: '/v1/terminals/hello' },
  bundle: { method: 'GET', path: '/v1/bundle' },
  quote: { method: 'POST', path: '/v1/quotes' },
  sale: { method: 'POST', path: '/v1/sales' },
  sales: { method: 'POST', path: '/v1/sales' },
  saleResult: { method: 'GET', path: '/v1/sales/{id}' },
  findCard: { method: 'POST', path: '/v1/cards/find' },
} as const
