import type { Uuid } from '@premia/pos-sdk/contract/till'
import type { Sql } from '../db/pool.ts'
import { type Catalogue, makeCatalogue } from './catalogue.ts'
import {
  type OutletPeriod,
  type OutletRow,
  readCatalogue,
  readLaw,
  readOutlets,
  readPartVersions,
  readProgramConfiguration,
  readProgramRows,
  readStaff,
  readTerminals,
  type StaffRows,
  type TerminalPeriod,
} from './directory-rows.ts'
import { type LawBook, makeLawBook } from './law.ts'
import { makeProgram, type Program } from './program.ts'
import { loadRuleSet, type PublishedSet, RuleSetCache } from './rule-sets.ts'

/** What an operator has: outlets, terminals, staff, catalogue, each part as of its own version. */
export interface Operator {
  readonly operatorId: Uuid
  readonly outlets: ReadonlyMap<Uuid, OutletRow>
  readonly terminals: ReadonlyMap<Uuid, readonly TerminalPeriod[]>
  readonly staff: StaffRows
  readonly catalogue: Catalogue
  readonly law: LawBook
  readonly programs: readonly Program[]
}

/**
 * Programs and directories in memory, shared by all requests and batches of a process. Commands raise versions
 * (`changes.ts`); `refresh` reads the versions and then only the parts that changed. A batch that meets another
 * `config_version` than ours refreshes before it judges, so nothing is judged by an old copy; only the finding of a sale's
 * programs may lag behind, by the interval of the watch.
 */
export class Directory {
  readonly ruleSets = new RuleSetCache()
  readonly #sql: Sql
  #versions: ReadonlyMap<string, number> = new Map()
  #programs = new Map<number, Program>()
  #programOfPublicId = new Map<Uuid, Program>()
  #operators = new Map<Uuid, Operator>()
  #operatorOfTerminal = new Map<Uuid, Operator>()
  #law: LawBook | undefined
  #running: Promise<void> | undefined
  #again: Promise<void> | undefined

  private constructor(sql: Sql) {
    this.#sql = sql
  }

  static async open(sql: Sql): Promise<Directory> {
    const directory = new Directory(sql)
    await directory.refresh()
    return directory
  }

  program(programId: number): Program | undefined {
    return this.#programs.get(programId)
  }

  programOf(publicId: Uuid): Program | undefined {
    return this.#programOfPublicId.get(publicId)
  }

  operator(operatorId: Uuid): Operator | undefined {
    return this.#operators.get(operatorId)
  }

  /** The operator whose terminal this is. */
  operatorOfTerminal(terminal: Uuid): Operator | undefined {
    return this.#operatorOfTerminal.get(terminal)
  }

  programs(): readonly Program[] {
    return [...this.#programs.values()]
  }

  /**
   * Brings in what commands have changed, as of a moment after the call. One runs at a time; calls that come meanwhile
   * share the next one, because the running one may have read before their change.
   */
  async refresh(): Promise<void> {
    if (this.#running === undefined) return this.#start()
    this.#again ??= this.#running
      .catch(() => undefined)
      .then(() => {
        this.#again = undefined
        return this.#start()
      })
    return this.#again
  }

  #start(): Promise<void> {
    const running = this.#reload().finally(() => {
      if (this.#running === running) this.#running = undefined
    })
    this.#running = running
    return running
  }

  /** A published set of a program, read and compiled where it is not in memory. */
  async loadSet(program: Program, hash: string): Promise<PublishedSet | undefined> {
    const known = this.ruleSets.get(program.programId, hash)
    if (known !== undefined) return known
    const loaded = await loadRuleSet(this.#sql, program.programId, hash, program.documents)
    if (loaded === undefined) return undefined
    this.ruleSets.put(program.programId, loaded.set, loaded.bytes)
    return loaded.set
  }

  async #reload(): Promise<void> {
    // Versions first, rows after: rows may be newer than their version says, never older.
    const versions = await readPartVersions(this.#sql)
    const rows = await readProgramRows(this.#sql)
    const operatorIds = new Set([...rows.map((row) => row.operator), ...operatorsIn(versions)])
    const changed = (operator: Uuid, part: string): boolean =>
      this.#operators.get(operator) === undefined ||
      versions.get(`${operator} ${part}`) !== this.#versions.get(`${operator} ${part}`)
    const lawChanged = this.#law === undefined || [...operatorIds].some((operator) => changed(operator, 'law'))
    const law = lawChanged ? makeLawBook(await readLaw(this.#sql)) : (this.#law as LawBook)
    const programs = new Map<number, Program>()
    for (const row of rows) {
      const known = this.#programs.get(row.programId)
      const same = known !== undefined && known.configVersion === row.configVersion
      const program = same ? known : makeProgram(row, await readProgramConfiguration(this.#sql, row.programId))
      programs.set(row.programId, program)
    }
    const operators = new Map<Uuid, Operator>()
    for (const operatorId of operatorIds) {
      operators.set(operatorId, await this.#readOperator(operatorId, changed, { law, programs }))
    }
    this.#publish(versions, programs, operators)
    this.#law = law
    await this.#prewarm()
  }

  async #readOperator(
    operatorId: Uuid,
    changed: (operator: Uuid, part: string) => boolean,
    { law, programs }: { readonly law: LawBook; readonly programs: ReadonlyMap<number, Program> },
  ): Promise<Operator> {
    const sql = this.#sql
    const known = this.#operators.get(operatorId)
    const keep = <Part>(part: string, value: Part | undefined, read: () => Promise<Part>): Part | Promise<Part> =>
      value === undefined || changed(operatorId, part) ? read() : value
    return {
      operatorId,
      outlets: await keep('outlets', known?.outlets, () => readOutlets(sql, operatorId)),
      terminals: await keep('terminals', known?.terminals, () => readTerminals(sql, operatorId)),
      staff: await keep('staff', known?.staff, () => readStaff(sql, operatorId)),
      catalogue: await keep('catalogue', known?.catalogue, async () =>
        makeCatalogue(await readCatalogue(sql, operatorId)),
      ),
      law,
      programs: [...programs.values()].filter((program) => program.operator === operatorId),
    }
  }

  /** All at once and without awaiting: nobody sees half of a change. */
  #publish(
    versions: ReadonlyMap<string, number>,
    programs: Map<number, Program>,
    operators: Map<Uuid, Operator>,
  ): void {
    this.#versions = versions
    this.#programs = programs
    this.#operators = operators
    this.#programOfPublicId = new Map([...programs.values()].map((program) => [program.publicId, program]))
    this.#operatorOfTerminal = new Map(
      [...operators.values()].flatMap((operator) => [...operator.terminals.keys()].map((id) => [id, operator])),
    )
  }

  /** The newest set of each program is compiled before the first sale asks for it. */
  async #prewarm(): Promise<void> {
    for (const program of this.#programs.values()) {
      const newest = program.setInForce(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY)
      if (newest !== null) await this.loadSet(program, newest).catch(() => undefined)
    }
  }
}

const operatorsIn = (versions: ReadonlyMap<string, number>): Uuid[] =>
  [...versions.keys()].map((key) => key.slice(0, 36) as Uuid)

/** The one period that contains an instant. */
export const periodAt = <P extends { readonly fromMs: number; readonly untilMs: number }>(
  periods: readonly P[] | undefined,
  atMs: number,
): P | undefined => periods?.find(({ fromMs, untilMs }) => fromMs <= atMs && atMs < untilMs)

export type { OutletPeriod }
