import type { Commands } from '@premia/pos-sdk/contract/admin'
import type { Uuid } from '@premia/pos-sdk/contract/till'
import { demoId } from './identity.ts'
import { cui, nip } from './numbers.ts'

export type Organization = Commands['organization.register']['input']['organizations'][number]

export const operatorId: Uuid = demoId('organization', 'operator')
export const pharmacyOrganizerId: Uuid = demoId('organization', 'organizer-1')
export const shopOrganizerId: Uuid = demoId('organization', 'organizer-2')

/** The companies that own the outlets, in the order in which `outlets.ts` names them. */
const owners: readonly (readonly [key: string, name: string, country: 'PL' | 'RO', taxDigits: string])[] = [
  ['lipowa', 'Apteki Lipowe Nowak i Wspólnicy sp.j.', 'PL', '526104882'],
  ['wislana', 'Farmacja Wiślana sp. z o.o.', 'PL', '679203117'],
  ['kasztan', 'Pod Kasztanem Krystyna Zięba', 'PL', '894117620'],
  ['baltyk', 'Apteki Bałtyckie sp. z o.o.', 'PL', '584226093'],
  ['sudety', 'Zdrowie Sudetów sp. z o.o.', 'PL', '611158274'],
  ['osiedle', 'Sklepy Osiedlowe Kowalczyk sp.j.', 'PL', '781094435'],
  ['spizarnia', 'Spiżarnia Mazowsze sp. z o.o.', 'PL', '524277816'],
  ['rynek', 'Handel Rynek Marek Wrona', 'PL', '945038127'],
  ['carpati', 'Carpați Retail SRL', 'RO', '3184520'],
  ['dunarea', 'Dunărea Comerț SRL', 'RO', '2765193'],
  ['bucovina', 'Gospodarul Bucovinei SRL', 'RO', '4028716'],
  ['marea', 'Litoral Market SRL', 'RO', '3650274'],
]

export const ownerId = (key: string): Uuid => demoId('owner', key)

const taxId = (country: 'PL' | 'RO', digits: string): string => {
  if (country === 'RO') return cui(digits)
  // A number without a check digit does not exist: the next one does.
  return nip(digits) ?? nip(String(Number(digits) + 1)) ?? digits
}

/** Operator, organizers, outlet owners and the payer of reimbursements. */
export const organizations = (): readonly Organization[] => {
  const under = (id: Uuid, rest: Omit<Organization, 'id' | 'operator'>): Organization => ({
    id,
    operator: operatorId,
    ...rest,
  })
  return [
    under(operatorId, {
      kind: 'operator',
      name: 'Wspólny Punkt sp. z o.o.',
      country: 'PL',
      mark: 'OPR',
      taxId: taxId('PL', '701083349'),
    }),
    under(pharmacyOrganizerId, {
      kind: 'organizer',
      name: 'Sieć Aptek Rumianek S.A.',
      country: 'PL',
      mark: 'APT',
      colour: '#1f7a4d',
      taxId: taxId('PL', '525211906'),
    }),
    under(shopOrganizerId, {
      kind: 'organizer',
      name: 'Magazinele Cireșul SRL',
      country: 'RO',
      mark: 'MAG',
      colour: '#a3333d',
      taxId: taxId('RO', '1897365'),
    }),
    ...owners.map(([key, name, country, digits]) =>
      under(ownerId(key), { kind: 'owner', name, country, taxId: taxId(country, digits) }),
    ),
    under(demoId('organization', 'payer'), {
      kind: 'payer',
      name: 'Narodowy Fundusz Zdrowia',
      country: 'PL',
      mark: 'NFZ',
    }),
  ]
}
