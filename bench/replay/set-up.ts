import { operatorId, organizations } from '@premia/engine/demo/organizations.ts'
import {
  type Actor,
  type AdminClient,
  AdminRefusal,
  type CommandDetails,
  type CommandName,
  type Commands,
  type MemberInput,
  type ProductInput,
} from '@premia/pos-sdk/contract/admin'
import { replayId } from './identity.ts'
import type { Invoice } from './invoice.ts'
import {
  categoryId,
  organizerId,
  outletInput,
  ownerId,
  programDocument,
  programId,
  rules,
  startsAt,
  terminalId,
} from './retailer.ts'
import { cardNumber } from './sale-draft.ts'

const actor: Actor = {
  actor: replayId('actor', 'replay'),
  name: 'npm run replay',
  operator: operatorId,
  programs: [programId],
  rights: ['*'],
}

/** Rows of one command. */
const PAGE = 500
/** Questions that are under way together. */
const QUESTIONS = 8

const pages = <T>(rows: readonly T[]): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(rows.length / PAGE) }, (_, page) => rows.slice(page * PAGE, (page + 1) * PAGE))

export class Retailer {
  readonly #client: AdminClient

  constructor(client: AdminClient) {
    this.#client = client
  }

  /** Organizer, program, rules, outlets: what is there already stays as it is. */
  async prepare(countries: readonly string[]): Promise<void> {
    const under = { operator: operatorId, country: 'GB' } as const
    const operator = organizations().filter((each) => each.id === operatorId)
    const own = [
      { ...under, id: organizerId, kind: 'organizer', name: 'Online Retail', mark: 'ORT', colour: '#5b4b8a' },
      { ...under, id: ownerId, kind: 'owner', name: 'Online Retail Trading' },
    ] as const
    await this.#command('organization.register', { organizations: [...operator, ...own] })
    const made = { id: programId, organizer: organizerId, startsAt, document: programDocument }
    await this.#once(() => this.#command('program.create', made, { id: replayId('command', 'program') }))
    const published = { rules: rules.map((rule) => ({ name: rule.name, rule })), from: startsAt }
    const once = { program: programId, id: replayId('command', 'rules') }
    await this.#once(() => this.#command('rules.publish', published, once))
    await this.#command('outlet.register', { outlets: countries.map(outletInput) })
    const admitted = countries.map((country) => ({
      outlet: outletInput(country).id,
      from: startsAt,
      steersPrices: false,
    }))
    await this.#command('program.admit', { outlets: admitted }, { program: programId })
  }

  /** The goods of the invoices as products of the operator's catalogue. */
  async importGoods(invoices: readonly Invoice[]): Promise<number> {
    const names = new Map<string, string>()
    for (const { lines } of invoices) {
      for (const { kind, code, name } of lines) {
        // The first name a code has on its invoices; the others are spellings of it.
        if (kind === 'goods' && (names.get(code) ?? '') === '') names.set(code, name)
      }
    }
    const category = { id: categoryId, name: 'Gifts' }
    const products = [...names].map(
      ([code, name]): ProductInput => ({
        id: replayId('product', code),
        name: name === '' ? code : name,
        category: categoryId,
        codes: [{ scope: 'own', code }],
        from: startsAt,
      }),
    )
    for (const page of pages(products)) {
      await this.#command('catalogue.import', { categories: [category], products: page })
    }
    return products.length
  }

  /** Customers of the invoices that are not members yet become members with one card. */
  async enrol(invoices: readonly Invoice[]): Promise<number> {
    const customers = [...new Set(invoices.flatMap(({ customer }) => (customer === undefined ? [] : [customer])))]
    const known = await this.#known(customers)
    const members = customers
      .filter((customer) => !known.has(customer))
      .map(
        (customer): MemberInput => ({
          id: replayId('member', customer),
          kind: 'person',
          joinedAt: startsAt,
          cards: [{ id: replayId('card', customer), number: cardNumber(customer), kind: 'account' }],
        }),
      )
    for (const page of pages(members)) await this.#command('member.enrol', { members: page }, { program: programId })
    return members.length
  }

  /** A new enrolment code for the till of a country. */
  async enrolmentCode(country: string): Promise<string> {
    const terminals = [
      { id: terminalId(country), name: `Till ${country}`, outlet: outletInput(country).id, from: startsAt },
    ]
    const { result } = await this.#command('terminal.register', { terminals })
    const code = result.codes[0]?.code
    if (code === undefined) throw new Error(`the engine gave no enrolment code for ${country}`)
    return code
  }

  async #known(customers: readonly string[]): Promise<ReadonlySet<string>> {
    const known = new Set<string>()
    const rest = [...customers]
    const ask = async (): Promise<void> => {
      for (let customer = rest.pop(); customer !== undefined; customer = rest.pop()) {
        const { cards } = await this.#client.query(actor, 'card.find', { number: cardNumber(customer) })
        if (cards.some((card) => card.program === programId)) known.add(customer)
      }
    }
    await Promise.all(Array.from({ length: QUESTIONS }, ask))
    return known
  }

  #command<N extends CommandName>(name: N, input: Commands[N]['input'], details: CommandDetails = {}) {
    return this.#client.command(actor, name, input, details)
  }

  /** A program and its rules are made by the first run; a later one finds them, perhaps changed by people. */
  async #once(give: () => Promise<unknown>): Promise<void> {
    try {
      await give()
    } catch (error) {
      const known = error instanceof AdminRefusal && ['already_exists', 'command_conflict'].includes(error.code)
      if (!known) throw error
    }
  }
}
